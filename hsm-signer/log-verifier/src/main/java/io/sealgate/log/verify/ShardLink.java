package io.sealgate.log.verify;

import io.sealgate.log.NoteException;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TrustPolicy;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Whether each shard continues the one before: its first record repeats origin, size and root of
 * that shard's last checkpoint, and the SHA-256 of that note as the log signed it. Cosignatures of
 * witnesses come later and are no part of that.
 */
final class ShardLink {
  private String shard;
  private Tail before;
  private String warning;

  /** Where a verified shard ended. */
  private record Tail(String shard, String origin, long size, String root, String noteSha256) {}

  void begin(String name) {
    shard = name;
    warning = null;
  }

  /** The first records of the shard are left out. */
  void unseen(long index) {
    if (index == 0 && before != null) {
      warning = "the first records of shard " + shard + " are left out, and its link with them";
    }
  }

  void record(long index, String event, Map<?, ?> record) throws VerifyFailure {
    if (index != 0) {
      return;
    }
    if (!LogEvents.SHARD_OPEN.equals(event)) {
      if (before != null) {
        warning = "shard " + shard + " does not say that it continues " + before.shard();
      }
      return;
    }
    if (!(record.get(LogEvents.PREVIOUS) instanceof Map<?, ?> previous)) {
      throw new VerifyFailure(
          VerifyExit.SHARD_LINK, index, "record 0 opens the shard without naming the one before");
    }
    if (before == null) {
      // Its predecessor was deleted after its retention, or is not in this export.
      return;
    }
    if (!before.origin().equals(previous.get(LogEvents.ORIGIN))
        || before.size() != LogEvents.size(previous.get(LogEvents.SIZE))
        || !before.root().equals(previous.get(LogEvents.ROOT))) {
      throw new VerifyFailure(
          VerifyExit.SHARD_LINK,
          index,
          "record 0 does not continue shard " + before.shard() + " as it was verified");
    }
    if (!Objects.equals(before.noteSha256(), previous.get(LogEvents.CHECKPOINT_SHA256))) {
      throw new VerifyFailure(
          VerifyExit.SHARD_LINK,
          index,
          "the last checkpoint of shard "
              + before.shard()
              + " bears other signatures of the log than when shard "
              + shard
              + " was opened");
    }
  }

  /**
   * The shard holds together; returns a warning about its link, or null.
   *
   * @param note the shard's last checkpoint as it is stored
   */
  String end(String origin, long size, byte[] root, byte[] note) throws VerifyFailure {
    HexFormat hex = HexFormat.of();
    String sha256 = note == null ? null : hex.formatHex(sha256(asSigned(origin, note)));
    before = new Tail(shard, origin, size, hex.formatHex(root), sha256);
    return warning;
  }

  /** The note with the signatures alone that the log itself made: those in its own name. */
  private static byte[] asSigned(String origin, byte[] note) throws VerifyFailure {
    try {
      SignedNote parsed = SignedNote.parse(note);
      List<SignedNote.SignatureLine> own =
          parsed.signatures().stream()
              .filter(line -> TrustPolicy.speaksFor(line.name(), origin))
              .toList();
      // A log of another make may sign under another name; then nothing can be told apart.
      return own.isEmpty() ? note : SignedNote.of(parsed.text(), own).toBytes();
    } catch (NoteException e) {
      throw new VerifyFailure(
          VerifyExit.MALFORMED, -1, "the last checkpoint cannot be read: " + e.getMessage());
    }
  }

  private static byte[] sha256(byte[] note) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(note);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
