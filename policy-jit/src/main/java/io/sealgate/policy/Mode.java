package io.sealgate.policy;

/** What a binding does with what its policy decides. */
public enum Mode {
  /** It is recorded and done. */
  ENFORCE,
  /** It is recorded and not done. */
  OBSERVE
}
