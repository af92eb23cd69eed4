package io.sealgate.policy;

/**
 * A compiled condition with its literals. Subclasses are generated, one hidden class per shape; an
 * instance is immutable and may be shared by threads.
 */
abstract class Condition {
  static final int FALSE = 0;
  static final int TRUE = 1;

  /** CEL's error value: an int operation overflowed or divided by zero, and nothing absorbed it. */
  static final int ERROR = 2;

  /** Evaluates to {@link #FALSE}, {@link #TRUE} or {@link #ERROR}; never throws. */
  abstract int test(Facts facts);
}
