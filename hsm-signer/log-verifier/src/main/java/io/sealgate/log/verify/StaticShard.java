package io.sealgate.log.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.EntryBundle;
import io.sealgate.log.Merkle;
import io.sealgate.log.NoteException;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TilePath;
import io.sealgate.log.TileStack;
import java.io.IOException;
import java.util.List;

/** A shard as static resources in the C2SP tlog-tiles layout, from files or from a server. */
final class StaticShard implements ShardSource {
  /** The signed tree head's path. */
  static final String CHECKPOINT = "checkpoint";

  /**
   * A decimal number on a line of its own: records before it may be left out. Not part of C2SP,
   * where this number is published with the retention policy.
   */
  static final String MINIMUM_INDEX = "minimum-index";

  private static final int NUMBER_BYTES_MAX = 20;

  private final String name;
  private final Resources resources;
  private final Checkpoint head;
  private StoredCheckpoint checkpoint;

  /** Where the resources are. */
  @FunctionalInterface
  interface Resources {
    /** The bytes at a path below the shard's prefix, or null if there are none or too many. */
    byte[] read(String path, int bytesMax) throws IOException;
  }

  /**
   * Reads the shard's checkpoint.
   *
   * @throws VerifyFailure if there is none or it has no form
   */
  StaticShard(String name, Resources resources) throws IOException, VerifyFailure {
    this.name = name;
    this.resources = resources;
    byte[] note = resources.read(CHECKPOINT, SignedNote.NOTE_BYTES_MAX);
    if (note == null) {
      throw new VerifyFailure(VerifyExit.TREE, 0, "the checkpoint cannot be used: there is none");
    }
    try {
      head = Checkpoint.parse(SignedNote.parse(note).text());
    } catch (NoteException e) {
      throw new VerifyFailure(
          VerifyExit.MALFORMED, 0, "the checkpoint cannot be used: " + e.getMessage());
    }
    checkpoint = new StoredCheckpoint(head.size(), note);
  }

  @Override
  public String shard() {
    return name;
  }

  @Override
  public String origin() {
    return head.origin();
  }

  @Override
  public long size() {
    return head.size();
  }

  @Override
  public long minimumIndex() throws IOException {
    byte[] number = resources.read(MINIMUM_INDEX, NUMBER_BYTES_MAX);
    if (number == null) {
      return 0;
    }
    try {
      return Long.parseUnsignedLong(new String(number, US_ASCII).strip());
    } catch (NumberFormatException e) {
      throw new NoteException(name + "/" + MINIMUM_INDEX + " is not a decimal number", e);
    }
  }

  @Override
  public List<byte[]> records(long n, int width) throws IOException {
    byte[] bundle =
        resources.read(new TilePath(TilePath.ENTRIES, n, width).toString(), EntryBundle.BYTES_MAX);
    return bundle == null ? List.of() : EntryBundle.parse(bundle, width);
  }

  @Override
  public byte[] tile(int level, long n, int width) throws IOException {
    byte[] hashes = resources.read(new TilePath(level, n, width).toString(), TileStack.TILE_BYTES);
    return hashes == null || hashes.length != width * Merkle.HASH_BYTES ? null : hashes;
  }

  @Override
  public StoredCheckpoint nextCheckpoint() {
    StoredCheckpoint only = checkpoint;
    checkpoint = null;
    return only;
  }
}
