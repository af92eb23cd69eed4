package io.sealgate.classify.check;

/** Whether the symbols of an identifier can be one. Stateless; allocates nothing. */
@FunctionalInterface
public interface Check {
  /**
   * Looks at the identifier without its separators.
   *
   * @param s digits and upper-case ASCII letters in {@code [0, n)}, of one of the rule's shapes
   */
  boolean agrees(byte[] s, int n);
}
