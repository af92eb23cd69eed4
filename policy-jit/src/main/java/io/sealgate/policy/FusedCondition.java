package io.sealgate.policy;

/**
 * The conditions of rules that are always candidates together, compiled into one method. Subclasses
 * are generated hidden classes; an instance is immutable and may be shared by threads.
 */
abstract class FusedCondition {
  /** How many conditions there can be at most: a bit each. */
  static final int CONDITIONS_MAX = Long.SIZE;

  /** Where {@link #test} puts the conditions that hold. */
  static final int HOLDING = 0;

  /** Where {@link #test} puts the conditions that end in an error. */
  static final int FAILING = 1;

  /** Evaluates all conditions into two words, a bit for each by its place; never throws. */
  abstract void test(Facts facts, long[] masks);
}
