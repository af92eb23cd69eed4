package io.sealgate.policy;

import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.RateLimit;
import io.sealgate.policy.limit.ToolBreaker;
import java.util.Arrays;

/**
 * What one call took from limits and budgets, until it is settled or cancelled. Reusable; belongs
 * to one call at a time, and each of {@link LimitState#settle} and {@link LimitState#cancel} may be
 * called by any thread that the call was handed to.
 */
public final class Reservation {
  private static final int FIRST_LENGTH = 4;

  // Most calls come under no limit: room is made when it is needed.
  RateLimit[] limits = {};
  String[] limitHolders = {};
  long[] weights = {};
  int limitCount;
  BudgetLimit[] budgets = {};
  String[] budgetHolders = {};
  int budgetCount;
  ToolBreaker[] breakers = {};
  int breakerCount;
  String server = "";
  String tool = "";
  long microDollars;
  long startMillis;

  /** Whether it holds nothing that must be settled or cancelled. */
  public boolean isEmpty() {
    return limitCount == 0 && budgetCount == 0;
  }

  void begin(Facts facts, long epochMillis) {
    if (!isEmpty()) {
      throw new IllegalStateException("the call before was neither settled nor cancelled");
    }
    breakerCount = 0;
    server = facts.toolServer;
    tool = facts.toolName;
    microDollars = Math.max(0, facts.costEstimateMicroDollars);
    startMillis = epochMillis;
  }

  void add(RateLimit limit, String holder, long weight) {
    if (limitCount == limits.length) {
      limits = Arrays.copyOf(limits, larger(limitCount));
      limitHolders = Arrays.copyOf(limitHolders, larger(limitCount));
      weights = Arrays.copyOf(weights, larger(limitCount));
    }
    limits[limitCount] = limit;
    limitHolders[limitCount] = holder;
    weights[limitCount++] = weight;
  }

  void add(BudgetLimit budget, String holder) {
    if (budgetCount == budgets.length) {
      budgets = Arrays.copyOf(budgets, larger(budgetCount));
      budgetHolders = Arrays.copyOf(budgetHolders, larger(budgetCount));
    }
    budgets[budgetCount] = budget;
    budgetHolders[budgetCount++] = holder;
  }

  void add(ToolBreaker breaker) {
    if (breakerCount == breakers.length) {
      breakers = Arrays.copyOf(breakers, larger(breakerCount));
    }
    breakers[breakerCount++] = breaker;
  }

  private static int larger(int length) {
    return Math.max(FIRST_LENGTH, length * 2);
  }

  void end() {
    Arrays.fill(limits, 0, limitCount, null);
    Arrays.fill(budgets, 0, budgetCount, null);
    limitCount = 0;
    budgetCount = 0;
  }
}
