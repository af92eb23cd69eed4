package io.sealgate.policy;

import io.sealgate.policy.limit.BreakerTable;
import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.BudgetTable;
import io.sealgate.policy.limit.ConcurrencyTable;
import io.sealgate.policy.limit.CostLimit;
import io.sealgate.policy.limit.RateLimit;
import io.sealgate.policy.limit.RateTable;
import io.sealgate.policy.limit.SpendTable;
import io.sealgate.policy.limit.ToolBreaker;

/**
 * Rates, calls in progress, budgets, daily spend and tool breakers, for all organisations of one
 * gateway. Any thread. Rates survive no restart, spend and budgets do if their owner keeps what
 * {@link #forEachSpend} and {@link #forEachBudget} give.
 *
 * <p>When a table is full, a limit without an entry of its own refuses.
 */
public final class LimitState implements Counters {
  /** A call that waits for another to end is told to come back after this long. */
  private static final long CONCURRENCY_RETRY_MILLIS = 1_000;

  private final RateTable rates;
  private final ConcurrencyTable concurrency;
  private final BudgetTable budgets = new BudgetTable();
  private final BreakerTable breakers = new BreakerTable();
  private final SpendTable spend = new SpendTable();

  /**
   * @param bucketsMax how many rate buckets, and how many counters of calls in progress, to keep;
   *     about 150 bytes each
   */
  public LimitState(int bucketsMax) {
    rates = new RateTable(bucketsMax);
    concurrency = new ConcurrencyTable(bucketsMax);
  }

  @Override
  public long retryAfterMillis(RateLimit limit, Facts facts, long epochMillis) {
    final String holder = facts.holder(limit.per());
    if (limit.unit() == RateLimit.Unit.CONCURRENT) {
      return concurrency.inProgress(limit, holder) < limit.amount() ? 0 : CONCURRENCY_RETRY_MILLIS;
    }
    return rates.waitMillis(limit, holder, limit.weight(facts.tokenEstimate), epochMillis);
  }

  @Override
  public long spentMicroDollars(CostLimit limit, Facts facts, long epochMillis) {
    return spend.spent(facts.org, facts.environment, epochMillis);
  }

  @Override
  public long committedMicroDollars(BudgetLimit budget, Facts facts, long epochMillis) {
    return budgets.committed(budget, facts.holder(budget.per()), epochMillis);
  }

  @Override
  public long openMillis(ToolBreaker breaker, Facts facts, long epochMillis) {
    return breakers.openMillis(breaker, facts.toolServer, facts.toolName, epochMillis);
  }

  /**
   * Takes what a call that goes through needs: from every enforced limit or from none. Limits of
   * observe mode are taken from as far as they go and never refuse. Tokens and cost are reserved as
   * {@link Facts} estimates them.
   *
   * @param out must be {@linkplain Reservation#isEmpty empty}; filled
   * @return false if a limit ran out since the evaluation; the call must then be throttled
   */
  public boolean reserve(Verdict verdict, Facts facts, long epochMillis, Reservation out) {
    out.begin(facts, epochMillis);
    final Obligations owed = verdict.obligations();
    for (int i = 0; i < owed.chargeCount(); i++) {
      final RateLimit limit = owed.charge(i);
      final String holder = facts.holder(limit.per());
      final long weight = limit.weight(facts.tokenEstimate);
      if (take(limit, holder, weight, epochMillis)) {
        out.add(limit, holder, weight);
      } else if (limit.enforced()) {
        cancel(out);
        return false;
      }
    }
    for (int i = 0; i < owed.budgetCount(); i++) {
      final BudgetLimit budget = owed.budget(i);
      final String holder = facts.holder(budget.per());
      if (!budgets.reserve(budget, holder, epochMillis, out.microDollars)) {
        cancel(out);
        return false;
      }
      out.add(budget, holder);
    }
    for (int i = 0; i < owed.breakerCount(); i++) {
      out.add(owed.breaker(i));
    }
    return true;
  }

  private boolean take(RateLimit limit, String holder, long weight, long epochMillis) {
    return limit.unit() == RateLimit.Unit.CONCURRENT
        ? concurrency.enter(limit, holder)
        : rates.take(limit, holder, weight, epochMillis);
  }

  /**
   * Ends a call that went through: what it used takes the place of what was reserved.
   *
   * @param tokens prompt and answer together
   * @throws IllegalArgumentException if an amount is negative
   */
  public void settle(Reservation call, long tokens, long microDollars) {
    if (tokens < 0 || microDollars < 0) {
      throw new IllegalArgumentException("a call cannot use less than nothing");
    }
    for (int i = 0; i < call.limitCount; i++) {
      final RateLimit limit = call.limits[i];
      switch (limit.unit()) {
        case REQUESTS -> {}
        case TOKENS -> {
          final long units = limit.weight(tokens) - call.weights[i];
          rates.adjust(limit, call.limitHolders[i], units);
        }
        case CONCURRENT -> concurrency.leave(limit, call.limitHolders[i]);
      }
    }
    for (int i = 0; i < call.budgetCount; i++) {
      budgets.settle(
          call.budgets[i],
          call.budgetHolders[i],
          call.startMillis,
          call.microDollars,
          microDollars);
    }
    call.end();
  }

  /** Gives back everything that a call took which did not go through after all. */
  public void cancel(Reservation call) {
    for (int i = 0; i < call.limitCount; i++) {
      final RateLimit limit = call.limits[i];
      if (limit.unit() == RateLimit.Unit.CONCURRENT) {
        concurrency.leave(limit, call.limitHolders[i]);
      } else {
        rates.adjust(limit, call.limitHolders[i], -call.weights[i]);
      }
    }
    for (int i = 0; i < call.budgetCount; i++) {
      budgets.settle(
          call.budgets[i], call.budgetHolders[i], call.startMillis, call.microDollars, 0);
    }
    call.end();
  }

  /** Tells the breakers of a call, before or after it is settled, how its tool fared. */
  public void toolOutcome(Reservation call, boolean success, long epochMillis) {
    for (int i = 0; i < call.breakerCount; i++) {
      breakers.report(call.breakers[i], call.server, call.tool, success, epochMillis);
    }
  }

  /** How many rate buckets are kept. */
  public int bucketCount() {
    return rates.bucketCount();
  }

  /**
   * Adds what a call cost to its organisation's and environment's day.
   *
   * @return false if the table of {@link SpendTable#KEYS_MAX} pairs is full; the pair's calls are
   *     then throttled by every cap
   * @throws IllegalArgumentException if the amount is negative
   */
  public boolean addSpend(String org, String environment, long epochMillis, long microDollars) {
    return spend.add(org, environment, SpendTable.epochDay(epochMillis), microDollars);
  }

  /** Visits the spend of every pair's latest day, in no order. */
  public void forEachSpend(SpendTable.Visitor visitor) {
    spend.forEach(visitor);
  }

  /** Brings back what {@link #forEachSpend} gave; never lowers what is known already. */
  public boolean restoreSpend(String org, String environment, long epochDay, long microDollars) {
    return spend.restore(org, environment, epochDay, microDollars);
  }

  /** Visits what was spent of every budget in its latest period, in no order. */
  public void forEachBudget(BudgetTable.Visitor visitor) {
    budgets.forEach(visitor);
  }

  /**
   * Brings back what {@link #forEachBudget} gave; never lowers what is known already.
   *
   * @return false if there are {@link BudgetTable#ACCOUNTS_MAX} accounts already
   */
  public boolean restoreBudget(String key, String holder, long period, long microDollars) {
    return budgets.restore(key, holder, period, microDollars);
  }
}
