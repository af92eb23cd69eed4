package io.sealgate.policy.limit;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many calls are in progress under each limit and holder. Any thread. */
public final class ConcurrencyTable {
  /** The state of a counter that has left the table. */
  private static final int DROPPED = Integer.MIN_VALUE;

  private final int countersMax;
  private final AtomicInteger counters = new AtomicInteger();
  private final ConcurrentHashMap<String, ConcurrentHashMap<String, AtomicInteger>> byLimit =
      new ConcurrentHashMap<>();

  /** Makes a table for at most so many counters. */
  public ConcurrencyTable(int countersMax) {
    this.countersMax = countersMax;
  }

  /** Does not allocate. */
  public int inProgress(RateLimit limit, String holder) {
    final ConcurrentHashMap<String, AtomicInteger> byHolder = byLimit.get(limit.key());
    final AtomicInteger counter = byHolder == null ? null : byHolder.get(holder);
    return counter == null ? 0 : Math.max(0, counter.get());
  }

  /** Counts a call in, or returns false; an observed limit counts beyond its amount. */
  public boolean enter(RateLimit limit, String holder) {
    while (true) {
      final AtomicInteger counter = counter(limit, holder);
      if (counter == null) {
        return false;
      }
      final int inProgress = counter.get();
      if (inProgress != DROPPED) {
        if (limit.enforced() && inProgress >= limit.amount()) {
          return false;
        }
        if (counter.compareAndSet(inProgress, inProgress + 1)) {
          return true;
        }
      }
    }
  }

  /** Counts out a call that was counted in. */
  public void leave(RateLimit limit, String holder) {
    final ConcurrentHashMap<String, AtomicInteger> byHolder = byLimit.get(limit.key());
    final AtomicInteger counter = byHolder == null ? null : byHolder.get(holder);
    if (counter == null || counter.decrementAndGet() < 0) {
      throw new IllegalStateException("a call left a limit that it had not entered");
    }
  }

  private AtomicInteger counter(RateLimit limit, String holder) {
    final ConcurrentHashMap<String, AtomicInteger> byHolder =
        byLimit.computeIfAbsent(limit.key(), _ -> new ConcurrentHashMap<>());
    AtomicInteger counter = byHolder.get(holder);
    if (counter != null && counter.get() == DROPPED) {
      byHolder.remove(holder, counter);
      counter = null;
    }
    if (counter != null) {
      return counter;
    }
    if (counters.incrementAndGet() > countersMax) {
      dropIdle();
      if (counters.get() > countersMax) {
        counters.decrementAndGet();
        return null;
      }
    }
    final AtomicInteger created = new AtomicInteger();
    final AtomicInteger before = byHolder.putIfAbsent(holder, created);
    if (before != null) {
      counters.decrementAndGet();
      return before;
    }
    return created;
  }

  private void dropIdle() {
    byLimit.forEach(
        (_, byHolder) ->
            byHolder.forEach(
                (holder, counter) -> {
                  if (counter.compareAndSet(0, DROPPED)) {
                    byHolder.remove(holder, counter);
                    counters.decrementAndGet();
                  }
                }));
  }
}
