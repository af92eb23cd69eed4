package io.sealgate.policy.cel;

/** The bounds that every expression keeps to, whoever wrote it. */
public final class Limits {
  /** Iterations of all comprehensions of one evaluation together. */
  public static final int ITERATIONS_MAX = 100_000;

  /** Entries of a list or map, and UTF-16 units or bytes of a text, that an operation may make. */
  public static final int SIZE_MAX = 4_000_000;

  /** RE2 instructions of a regex. */
  public static final int REGEX_PROGRAM_MAX = 2_000;

  /** Static bound of a condition's cost, in elementary operations. */
  public static final long COST_MAX = 1_000_000;

  /** HotSpot never compiles a method of 8,000 bytes or more; this keeps well below. */
  public static final int CODE_BYTES_MAX = 7_500;

  /** Nesting of an expression, which bounds the depth of every walk over it. */
  static final int NESTING_MAX = 250;

  private Limits() {}
}
