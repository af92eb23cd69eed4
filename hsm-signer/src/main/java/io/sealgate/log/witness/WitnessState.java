package io.sealgate.log.witness;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.SignedNote;
import io.sealgate.store.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** What a witness cosigned last of each log, on disk. Safe for any thread. */
public final class WitnessState {
  private static final String TABLE = "witness";

  private final StateStore store;

  /**
   * State in a store.
   *
   * @param store stays the caller's to close
   */
  public WitnessState(StateStore store) {
    this.store = store;
  }

  /**
   * The newest checkpoint of a log that was cosigned.
   *
   * @param note with the cosignature; not to be changed
   */
  record Seen(Checkpoint checkpoint, byte[] note) {}

  /** What was cosigned last of a log, or null. */
  Seen seen(String origin) throws IOException {
    return seen(key(origin));
  }

  /** As {@link #seen(String)}, by the SHA-256 of the origin line. */
  Seen seen(byte[] originHash) throws IOException {
    if (originHash.length == 0) {
      return null;
    }
    try {
      byte[] note = store.get(TABLE, originHash);
      return note == null ? null : new Seen(Checkpoint.parse(SignedNote.parse(note).text()), note);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Makes {@code next} durable if {@code expected} is still what was cosigned last.
   *
   * @param expected as {@link #seen(String)} gave it, or null
   * @return whether it was; if not, nothing changed
   */
  boolean compareAndSet(String origin, Seen expected, Seen next) throws IOException {
    byte[] key = key(origin);
    boolean[] set = new boolean[1];
    store.write(
        batch -> {
          byte[] now = store.get(TABLE, key);
          if (Arrays.equals(now, expected == null ? null : expected.note())) {
            batch.put(TABLE, key, next.note());
            set[0] = true;
          }
        });
    return set[0];
  }

  private static byte[] key(String origin) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(origin.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
