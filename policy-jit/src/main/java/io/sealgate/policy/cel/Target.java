package io.sealgate.policy.cel;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;

/**
 * What generated classes are.
 *
 * @param lookup of the package they belong to
 * @param superclass abstract, with a constructor without parameters
 * @param method the one they implement
 * @param parameter the method's one parameter, from which inputs are read
 * @param kind what the method is; classes of {@link Kind#TEST} also implement it with the
 *     parameters {@code (parameter, long[] words, int at, Object[] objects)}, which takes {@link
 *     Literals} in place of their own
 */
public record Target<T>(
    MethodHandles.Lookup lookup,
    Class<T> superclass,
    String method,
    ClassDesc parameter,
    Kind kind) {
  /** What the method is. */
  public enum Kind {
    /** {@code Object method(parameter)} returns the value, errors as {@link CelError}. */
    VALUE,

    /** {@code int method(parameter)} returns {@link #FALSE}, {@link #TRUE} or {@link #ERROR}. */
    TEST,

    /**
     * {@code void method(parameter, long[] masks)} for many tests: the first word takes a bit for
     * each that holds, the second one for each that ends in an error.
     */
    FUSED_TESTS
  }

  /** The bool false. */
  public static final int FALSE = 0;

  /** The bool true. */
  public static final int TRUE = 1;

  /** An error that nothing absorbed. */
  public static final int ERROR = 2;

  MethodTypeDesc type() {
    return switch (kind) {
      case VALUE -> MethodTypeDesc.of(ConstantDescs.CD_Object, parameter);
      case TEST -> MethodTypeDesc.of(ConstantDescs.CD_int, parameter);
      case FUSED_TESTS ->
          MethodTypeDesc.of(ConstantDescs.CD_void, parameter, ConstantDescs.CD_long.arrayType());
    };
  }

  /** A hidden class is named after this; its own name in its constants means itself. */
  ClassDesc self() {
    return ClassDesc.of(lookup.lookupClass().getPackageName(), "Compiled");
  }
}
