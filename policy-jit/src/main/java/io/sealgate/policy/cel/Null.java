package io.sealgate.policy.cel;

/** CEL's null. */
enum Null {
  VALUE
}
