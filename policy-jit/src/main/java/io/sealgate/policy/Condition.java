package io.sealgate.policy;

import io.sealgate.policy.cel.Target;

/**
 * A compiled condition with its literals. Subclasses are generated, one hidden class per shape; an
 * instance is immutable and may be shared by threads.
 */
abstract class Condition {
  static final int FALSE = Target.FALSE;
  static final int TRUE = Target.TRUE;

  /** CEL's error value, that nothing absorbed: for example an int operation that overflowed. */
  static final int ERROR = Target.ERROR;

  /** Evaluates to {@link #FALSE}, {@link #TRUE} or {@link #ERROR}; never throws. */
  abstract int test(Facts facts);

  /**
   * As {@link #test(Facts)}, of a condition of the same shape with other literals.
   *
   * @param words holds them from {@code at} on, as {@link io.sealgate.policy.cel.Literals} wrote
   *     them, with those that are objects in {@code objects}
   */
  int test(Facts facts, long[] words, int at, Object[] objects) {
    return test(facts);
  }
}
