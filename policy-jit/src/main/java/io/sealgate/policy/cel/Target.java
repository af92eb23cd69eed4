package io.sealgate.policy.cel;

import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandles;

/**
 * What generated classes are.
 *
 * @param lookup of the package they belong to
 * @param superclass abstract, with a constructor without parameters
 * @param method the one they implement
 * @param parameter the method's one parameter, from which inputs are read
 * @param value whether the method returns the value as an object, errors as {@link CelError}; else
 *     it returns an int, {@link #FALSE}, {@link #TRUE} or {@link #ERROR}
 * @param pooled whether they also implement the method with the parameters {@code (parameter,
 *     long[] words, int at, Object[] objects)}, which takes {@link Literals} in place of their own
 */
public record Target<T>(
    MethodHandles.Lookup lookup,
    Class<T> superclass,
    String method,
    ClassDesc parameter,
    boolean value,
    boolean pooled) {
  /** The bool false. */
  public static final int FALSE = 0;

  /** The bool true. */
  public static final int TRUE = 1;

  /** An error that nothing absorbed. */
  public static final int ERROR = 2;

  /** A hidden class is named after this; its own name in its constants means itself. */
  ClassDesc self() {
    return ClassDesc.of(lookup.lookupClass().getPackageName(), "Compiled");
  }
}
