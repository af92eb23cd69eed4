package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * The timestamped Ed25519 cosignature of a witness (C2SP tlog-cosignature, type 0x04): as of a
 * time, this checkpoint is the largest the witness saw of the log, and it is consistent with all
 * that it saw before. Pure functions.
 */
public final class Cosignature {
  /** Bytes after the key id of a signature line: eight of time, 64 of Ed25519. */
  public static final int BYTES = Long.BYTES + 64;

  private Cosignature() {}

  /**
   * What the witness's key signs.
   *
   * @param seconds POSIX time
   * @param checkpoint the text of the note, its final newline included
   */
  public static byte[] message(long seconds, byte[] checkpoint) {
    byte[] head = ("cosignature/v1\ntime " + seconds + "\n").getBytes(UTF_8);
    return ByteBuffer.allocate(head.length + checkpoint.length).put(head).put(checkpoint).array();
  }

  /**
   * A note signature line out of a time and the signature over {@link #message}.
   *
   * @throws IllegalArgumentException if the key is not a witness's, the time is negative or the
   *     signature has not 64 bytes
   */
  public static SignedNote.SignatureLine line(Vkey witness, long seconds, byte[] ed25519) {
    if (witness.type() != Vkey.Type.COSIGNATURE_ED25519
        || seconds < 0
        || ed25519.length != BYTES - Long.BYTES) {
      throw new IllegalArgumentException("not a cosignature: " + witness.type());
    }
    return SignedNote.SignatureLine.by(
        witness, ByteBuffer.allocate(BYTES).putLong(seconds).put(ed25519).array());
  }

  /**
   * The time a cosignature was made at, in POSIX seconds; negative if it is beyond what the
   * specification allows.
   *
   * @param signature the bytes after the key id, {@link #BYTES} of them
   */
  public static long seconds(byte[] signature) {
    return ByteBuffer.wrap(signature).getLong();
  }
}
