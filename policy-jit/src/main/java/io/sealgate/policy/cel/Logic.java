package io.sealgate.policy.cel;

/** The operators that absorb errors, on values of which only the running program knows the type. */
public final class Logic {
  private Logic() {}

  /** Whether the value is {@code true}. */
  public static boolean isTrue(Object value) {
    return value instanceof Boolean truth && truth;
  }

  /** Whether the value is {@code false}. */
  public static boolean isFalse(Object value) {
    return value instanceof Boolean truth && !truth;
  }

  /** {@code a && b}: false wins over an error on the other side. */
  public static Object and(Object a, Object b) {
    if (isFalse(a) || isFalse(b)) {
      return Boolean.FALSE;
    }
    return isTrue(a) && isTrue(b) ? Boolean.TRUE : failure(isTrue(a) ? b : a);
  }

  /** {@code a || b}: true wins over an error on the other side. */
  public static Object or(Object a, Object b) {
    if (isTrue(a) || isTrue(b)) {
      return Boolean.TRUE;
    }
    return isFalse(a) && isFalse(b) ? Boolean.FALSE : failure(isFalse(a) ? b : a);
  }

  /** {@code !a}. */
  public static Object not(Object a) {
    return a instanceof Boolean truth
        ? truth ? Boolean.FALSE : Boolean.TRUE
        : CelError.noOverload("!_", a);
  }

  /** What a value that is not a bool fails with where a bool is needed. */
  public static Object failure(Object value) {
    return value instanceof CelError ? value : CelError.NOT_BOOL;
  }

  /** What guards loops: an error counts as true. */
  public static Object notStrictlyFalse(Object value) {
    return isFalse(value) ? Boolean.FALSE : Boolean.TRUE;
  }
}
