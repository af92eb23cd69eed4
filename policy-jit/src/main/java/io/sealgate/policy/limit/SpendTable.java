package io.sealgate.policy.limit;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * What each organisation and environment spent on its latest UTC day and the day before, in
 * millionths of a US dollar. The day before is kept for calls that end, or a clock that steps back,
 * across midnight; older spend limits nothing and is forgotten. Any thread.
 */
public final class SpendTable {
  /** Bound of organisation and environment pairs. */
  public static final int KEYS_MAX = 100_000;

  private static final long DAY_MILLIS = 86_400_000L;

  /** Two consecutive days; amounts stop at the largest long. */
  private record Days(long day, long microDollars, long microDollarsDayBefore) {
    private Days plus(long onDay, long amount) {
      if (onDay == day) {
        return new Days(day, saturatingAdd(microDollars, amount), microDollarsDayBefore);
      }
      if (onDay == day - 1) {
        return new Days(day, microDollars, saturatingAdd(microDollarsDayBefore, amount));
      }
      return onDay < day ? this : new Days(onDay, amount, onDay == day + 1 ? microDollars : 0);
    }

    private long on(long asked) {
      return asked == day ? microDollars : asked == day - 1 ? microDollarsDayBefore : 0;
    }
  }

  private final ConcurrentHashMap<String, ConcurrentHashMap<String, AtomicReference<Days>>> byOrg =
      new ConcurrentHashMap<>();
  private final AtomicInteger keys = new AtomicInteger();

  /** The UTC day of a moment, counted from 1970-01-01. */
  public static long epochDay(long epochMillis) {
    return Math.floorDiv(epochMillis, DAY_MILLIS);
  }

  private static long saturatingAdd(long a, long b) {
    final long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** Does not allocate. A pair that could not be taken in counts as having spent everything. */
  public long spent(String org, String environment, long epochMillis) {
    final ConcurrentHashMap<String, AtomicReference<Days>> byEnvironment = byOrg.get(org);
    final AtomicReference<Days> days =
        byEnvironment == null ? null : byEnvironment.get(environment);
    if (days == null) {
      return keys.get() < KEYS_MAX ? 0 : Long.MAX_VALUE;
    }
    return days.get().on(epochDay(epochMillis));
  }

  /** Adds an amount of at least 0; false if the table is full. */
  public boolean add(String org, String environment, long epochDay, long microDollars) {
    if (microDollars < 0) {
      throw new IllegalArgumentException("a call cannot cost less than nothing");
    }
    return update(org, environment, epochDay, days -> days.plus(epochDay, microDollars));
  }

  /** Raises a day to an amount that was visited before; false if the table is full. */
  public boolean restore(String org, String environment, long epochDay, long microDollars) {
    return update(
        org,
        environment,
        epochDay,
        days -> days.plus(epochDay, Math.max(0, microDollars - days.on(epochDay))));
  }

  private boolean update(
      String org, String environment, long epochDay, UnaryOperator<Days> change) {
    final ConcurrentHashMap<String, AtomicReference<Days>> byEnvironment =
        byOrg.computeIfAbsent(org, _ -> new ConcurrentHashMap<>());
    AtomicReference<Days> days = byEnvironment.get(environment);
    if (days == null) {
      if (keys.incrementAndGet() > KEYS_MAX) {
        keys.decrementAndGet();
        return false;
      }
      final AtomicReference<Days> created = new AtomicReference<>(new Days(epochDay, 0, 0));
      days = byEnvironment.putIfAbsent(environment, created);
      if (days == null) {
        days = created;
      } else {
        keys.decrementAndGet();
      }
    }
    days.updateAndGet(change);
    return true;
  }

  /** Visits the latest day of every pair, in no order. */
  public void forEach(Visitor visitor) {
    byOrg.forEach(
        (org, byEnvironment) ->
            byEnvironment.forEach(
                (environment, reference) -> {
                  final Days days = reference.get();
                  visitor.spend(org, environment, days.day(), days.microDollars());
                }));
  }

  /** Takes one day's spend. */
  @FunctionalInterface
  public interface Visitor {
    /** The day is counted from 1970-01-01 UTC. */
    void spend(String org, String environment, long epochDay, long microDollars);
  }
}
