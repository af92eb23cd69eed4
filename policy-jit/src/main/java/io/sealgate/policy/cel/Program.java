package io.sealgate.policy.cel;

import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;

/** An expression compiled for variables that are bound to boxed values. Immutable. */
abstract class Program {
  static final Target<Program> TARGET =
      new Target<>(
          MethodHandles.lookup(),
          Program.class,
          "evaluate",
          ConstantDescs.CD_Object.arrayType(),
          Target.Kind.VALUE);

  /**
   * Evaluates.
   *
   * @param variables by index; null for one that has no value
   * @return a CEL value or a {@link CelError}; never throws
   */
  abstract Object evaluate(Object[] variables);

  /** A variable's value, for generated code. */
  static Object read(Object[] variables, int index) {
    return variables[index] == null ? new CelError("a variable has no value") : variables[index];
  }
}
