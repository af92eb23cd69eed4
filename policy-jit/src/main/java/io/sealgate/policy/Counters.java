package io.sealgate.policy;

import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.CostLimit;
import io.sealgate.policy.limit.RateLimit;
import io.sealgate.policy.limit.ToolBreaker;

/**
 * The limits' state as {@link Snapshot#evaluate} reads it, each value at most once. Reading takes
 * nothing; given the same answers an evaluation gives the same verdict. Called by every thread that
 * evaluates.
 */
public interface Counters {
  /** How long until the limit grants what the call needs; 0 if it does now. */
  long retryAfterMillis(RateLimit limit, Facts facts, long epochMillis);

  /** What the caller's organisation and environment spent this UTC day. */
  long spentMicroDollars(CostLimit limit, Facts facts, long epochMillis);

  /** What was spent and reserved of the budget in the period of this moment. */
  long committedMicroDollars(BudgetLimit budget, Facts facts, long epochMillis);

  /** How long the breaker of the call's tool stays open; 0 if it is closed. */
  long openMillis(ToolBreaker breaker, Facts facts, long epochMillis);
}
