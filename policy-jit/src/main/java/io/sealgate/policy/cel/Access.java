package io.sealgate.policy.cel;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * How generated code reads an input from its one parameter.
 *
 * @param owner class of the parameter
 * @param member field or method of it, package-private at least to the generated class; for an
 *     element of an object array, its index
 * @param method the method's type, null for a field or element: no parameter, or one that takes
 *     {@link Expr.Read#argument}; an int result becomes a CEL int
 */
public record Access(ClassDesc owner, String member, MethodTypeDesc method) {
  /** A field of the type that its {@link Expr.Read} has. */
  public static Access field(ClassDesc owner, String member) {
    return new Access(owner, member, null);
  }

  /** An element of an object array; null there is a variable that has no value. */
  static Access element(int index) {
    return new Access(null, Integer.toString(index), null);
  }

  boolean isElement() {
    return owner == null;
  }
}
