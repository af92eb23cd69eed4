package io.sealgate.policy.cel;

/**
 * CEL's error value: passed on by strict operations, absorbed by the logic ones. Says what failed
 * by operation and type, never with the values. Immutable.
 */
public final class CelError {
  static final CelError ARITHMETIC = new CelError("int arithmetic overflows or divides by zero");

  /** What an evaluation that loops too often ends in. */
  public static final CelError ITERATIONS =
      new CelError("the expression iterates more than " + Limits.ITERATIONS_MAX + " times");

  static final CelError NOT_BOOL = new CelError("a condition or operand of logic is not a bool");

  private final String message;
  private final boolean unspecified;

  CelError(String message) {
    this(message, false);
  }

  private CelError(String message, boolean unspecified) {
    this.message = message;
    this.unspecified = unspecified;
  }

  /** Where implementations of CEL answer differently and its definition does not say. */
  static CelError unspecified(String message) {
    return new CelError(message + " is not defined by CEL", true);
  }

  boolean isUnspecified() {
    return unspecified;
  }

  String message() {
    return message;
  }

  /** What strict operations end in when no pattern fits: the first error among the arguments. */
  static CelError noOverload(String function, Object... args) {
    final StringBuilder types = new StringBuilder();
    for (final Object arg : args) {
      if (arg instanceof CelError error) {
        return error;
      }
      types.append(types.isEmpty() ? "" : ", ").append(TypeName.of(arg).name());
    }
    return new CelError("no such overload: " + function + "(" + types + ")");
  }

  /** The error that generated code stored, or the arithmetic one, for which it stores none. */
  public static Object orArithmetic(Object stored) {
    return stored instanceof CelError error ? error : ARITHMETIC;
  }

  /** What a value that should have been of a scalar type fails with. */
  public static Object mistyped(Object value) {
    return value instanceof CelError ? value : noOverload("operand", value);
  }

  @Override
  public String toString() {
    return message;
  }
}
