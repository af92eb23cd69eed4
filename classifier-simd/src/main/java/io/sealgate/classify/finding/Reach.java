package io.sealgate.classify.finding;

/**
 * How far a recogniser may look, in bytes of the text that it reads. Whoever cuts a text into
 * windows (a stream, a long segment) relies on these: a window that holds them around a hit decides
 * the hit exactly as the whole text would.
 */
public final class Reach {
  /** Before the first byte of a hit: edges, context words, whether a run began earlier. */
  public static final int LEFT_BYTES_MAX = 256;

  /** From the first to the last byte of a hit of every type that is not open-ended. */
  public static final int SPAN_BYTES_MAX = 512;

  /** Past the last byte of a hit: edges, groups that go on. */
  public static final int RIGHT_BYTES_MAX = 64;

  /** A hit of an open-ended type (a key in PEM, a JWT) is no longer than this. */
  public static final int OPEN_SPAN_BYTES_MAX = 16 * 1024 + SPAN_BYTES_MAX;

  /**
   * From where a hit begins to the digit, sign or first byte of the literal that leads to it; it
   * begins in the same word or in the one before, with one space between them.
   */
  public static final int LEAD_BYTES_MAX = 64;

  /** From the first digit to the end of a hit that goes on past white space because of digits. */
  public static final int NUMBER_BYTES_MAX = 128;

  /** Stands between two segments; no hit may contain it, no recogniser may look across it. */
  public static final byte SEPARATOR = 0;

  private Reach() {}
}
