package io.sealgate.policy.limit;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What was spent and reserved of each budget by each holder in the latest period, in millionths of
 * a US dollar. A call's cost is reserved when it starts and settled when it ends, in the period in
 * which it started; a period that is over is forgotten. A clock that steps back into an earlier
 * period goes on with the latest. Any thread; each account has a lock of its own, held for a few
 * instructions.
 */
public final class BudgetTable {
  /** Bound of accounts. */
  public static final int ACCOUNTS_MAX = 100_000;

  private static final class Account {
    private long period;
    private long spent;
    private long reserved;

    private Account(long period) {
      this.period = period;
    }

    private void rollTo(long index) {
      if (index > period) {
        period = index;
        spent = 0;
        reserved = 0;
      }
    }

    private synchronized long committed(long index) {
      return index > period ? 0 : saturatingAdd(spent, reserved);
    }

    private synchronized boolean reserve(BudgetLimit budget, long index, long microDollars) {
      rollTo(index);
      final long committed = saturatingAdd(spent, reserved);
      final long hard = budget.hardMicroDollars();
      if (budget.enforced()
          && hard >= 0
          && (committed >= hard || microDollars > hard - committed)) {
        return false;
      }
      reserved = saturatingAdd(reserved, microDollars);
      return true;
    }

    private synchronized void settle(long index, long reservedBefore, long microDollars) {
      if (index == period) {
        reserved = Math.max(0, reserved - reservedBefore);
        spent = saturatingAdd(spent, microDollars);
      }
    }

    private synchronized void restore(long index, long microDollars) {
      rollTo(index);
      if (index == period) {
        spent = Math.max(spent, microDollars);
      }
    }

    private void visit(String key, String holder, Visitor visitor) {
      final long periodNow;
      final long spentNow;
      synchronized (this) {
        periodNow = period;
        spentNow = spent;
      }
      // Outside the lock: the visitor may write to disk.
      visitor.budget(key, holder, periodNow, spentNow);
    }
  }

  private final ConcurrentHashMap<String, ConcurrentHashMap<String, Account>> byBudget =
      new ConcurrentHashMap<>();
  private final AtomicInteger accounts = new AtomicInteger();

  private static long saturatingAdd(long a, long b) {
    final long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  private Account find(String key, String holder) {
    final ConcurrentHashMap<String, Account> byHolder = byBudget.get(key);
    return byHolder == null ? null : byHolder.get(holder);
  }

  /** Does not allocate. An account that could not be opened counts as having spent everything. */
  public long committed(BudgetLimit budget, String holder, long epochMillis) {
    final Account account = find(budget.key(), holder);
    if (account == null) {
      return accounts.get() < ACCOUNTS_MAX ? 0 : Long.MAX_VALUE;
    }
    return account.committed(budget.period().index(epochMillis));
  }

  /** Reserves an amount, or returns false and reserves nothing if an enforced budget lacks it. */
  public boolean reserve(BudgetLimit budget, String holder, long epochMillis, long microDollars) {
    final long index = budget.period().index(epochMillis);
    final Account account = open(budget.key(), holder, index);
    return account == null ? !budget.enforced() : account.reserve(budget, index, microDollars);
  }

  /** Puts what was spent in the place of what was reserved when the call started. */
  public void settle(
      BudgetLimit budget, String holder, long startMillis, long reserved, long microDollars) {
    final Account account = find(budget.key(), holder);
    if (account != null) {
      account.settle(budget.period().index(startMillis), reserved, microDollars);
    }
  }

  /** Raises a period to an amount that was visited before; false if the table is full. */
  public boolean restore(String key, String holder, long index, long microDollars) {
    final Account account = open(key, holder, index);
    if (account != null) {
      account.restore(index, microDollars);
    }
    return account != null;
  }

  private Account open(String key, String holder, long index) {
    final Account found = find(key, holder);
    if (found != null) {
      return found;
    }
    if (accounts.incrementAndGet() > ACCOUNTS_MAX) {
      accounts.decrementAndGet();
      return null;
    }
    final Account created = new Account(index);
    final Account before =
        byBudget.computeIfAbsent(key, _ -> new ConcurrentHashMap<>()).putIfAbsent(holder, created);
    if (before != null) {
      accounts.decrementAndGet();
      return before;
    }
    return created;
  }

  /** Visits the latest period of every account, in no order. */
  public void forEach(Visitor visitor) {
    byBudget.forEach(
        (key, byHolder) ->
            byHolder.forEach((holder, account) -> account.visit(key, holder, visitor)));
  }

  /** Takes what was spent of one budget by one holder. */
  @FunctionalInterface
  public interface Visitor {
    /** The period is counted as {@link BudgetLimit.Period} does. */
    void budget(String key, String holder, long period, long microDollars);
  }
}
