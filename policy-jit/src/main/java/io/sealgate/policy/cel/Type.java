package io.sealgate.policy.cel;

import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;

/**
 * How generated code holds a value: bare if its type is known beforehand and simple, else boxed.
 */
public enum Type {
  /** A bool, as a JVM int. */
  BOOL(ConstantDescs.CD_boolean),
  /** An int. */
  INT(ConstantDescs.CD_long),
  /** A double. */
  DOUBLE(ConstantDescs.CD_double),
  /** A text, never null. */
  STRING(ConstantDescs.CD_String),
  /** Any value or an error, as an object. */
  VALUE(ConstantDescs.CD_Object);

  final ClassDesc descriptor;

  Type(ClassDesc descriptor) {
    this.descriptor = descriptor;
  }

  TypeKind kind() {
    return TypeKind.from(descriptor);
  }
}
