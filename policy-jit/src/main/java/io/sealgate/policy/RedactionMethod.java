package io.sealgate.policy;

/** What becomes of a finding, in rising strictness: of several, the last in this order wins. */
public enum RedactionMethod {
  /** The finding stays as it is. */
  NONE,
  /** Only its last four characters stay. */
  PARTIAL,
  /** A stand-in that is the same for the same value of one organisation. */
  PSEUDONYM,
  /** A keyed digest of the value. */
  HASH,
  /** A mark that names the type and nothing else. */
  MASK,
  /** The call, or the answer, is refused. */
  BLOCK
}
