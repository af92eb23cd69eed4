package io.sealgate.policy;

/**
 * How much of a call is kept beside its record, least first. Where several enforced policies that
 * hold for a call state a level, the least of them counts: what one of them promises not to keep is
 * not kept. Where none does, it is {@link #COMMITMENTS}.
 */
public enum Capture {
  /** Nothing: the record holds no commitment either. */
  NONE,
  /** The record commits to prompt and answer; neither is kept. */
  COMMITMENTS,
  /** Prompt and answer are kept, encrypted, in a store that can be erased. */
  CONTENT
}
