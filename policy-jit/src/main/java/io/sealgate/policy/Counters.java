package io.sealgate.policy;

/**
 * The limits' state as {@link Snapshot#evaluate} reads it. Reading takes nothing; given the same
 * answers an evaluation gives the same verdict. Called by every thread that evaluates.
 */
public interface Counters {
  /** Whether the caller's bucket holds a token. */
  boolean tokenAvailable(RateLimit limit, Facts facts, long epochMillis);

  /** How long until the caller's bucket holds a token; 0 if it does now. */
  long retryAfterMillis(RateLimit limit, Facts facts, long epochMillis);

  /** What the caller's organisation and environment spent this UTC day. */
  long spentMicroDollars(CostLimit limit, Facts facts, long epochMillis);
}
