package io.sealgate.policy;

import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.CostLimit;
import io.sealgate.policy.limit.RateLimit;
import io.sealgate.policy.limit.ToolBreaker;
import java.util.Arrays;

/**
 * Passes readings on and notes them, so that a decision can be replayed. Belongs to one thread;
 * allocates only when a decision reads more counters than any before.
 */
public final class CounterReadings implements Counters {
  /** What a reading is of. */
  enum Kind {
    RATE,
    DAY_COST,
    BUDGET,
    BREAKER
  }

  private final Counters counters;
  private Kind[] kinds = new Kind[8];
  private String[] keys = new String[8];
  private long[] values = new long[8];
  private int count;

  public CounterReadings(Counters counters) {
    this.counters = counters;
  }

  /** Forgets the readings of the decision before. */
  public void clear() {
    count = 0;
  }

  @Override
  public long retryAfterMillis(RateLimit limit, Facts facts, long epochMillis) {
    return note(Kind.RATE, limit.key(), counters.retryAfterMillis(limit, facts, epochMillis));
  }

  @Override
  public long spentMicroDollars(CostLimit limit, Facts facts, long epochMillis) {
    return note(Kind.DAY_COST, limit.key(), counters.spentMicroDollars(limit, facts, epochMillis));
  }

  @Override
  public long committedMicroDollars(BudgetLimit budget, Facts facts, long epochMillis) {
    return note(
        Kind.BUDGET, budget.key(), counters.committedMicroDollars(budget, facts, epochMillis));
  }

  @Override
  public long openMillis(ToolBreaker breaker, Facts facts, long epochMillis) {
    return note(Kind.BREAKER, breaker.key(), counters.openMillis(breaker, facts, epochMillis));
  }

  private long note(Kind kind, String key, long value) {
    if (count == keys.length) {
      kinds = Arrays.copyOf(kinds, count * 2);
      keys = Arrays.copyOf(keys, count * 2);
      values = Arrays.copyOf(values, count * 2);
    }
    kinds[count] = kind;
    keys[count] = key;
    values[count++] = value;
    return value;
  }

  int count() {
    return count;
  }

  Kind kind(int i) {
    return kinds[i];
  }

  String key(int i) {
    return keys[i];
  }

  long value(int i) {
    return values[i];
  }
}
