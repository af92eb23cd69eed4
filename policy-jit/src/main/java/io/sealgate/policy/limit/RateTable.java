package io.sealgate.policy.limit;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Token buckets. Any thread; taking costs one compare-and-set.
 *
 * <p>A bucket is one long, the time at which it would be full again (the generic cell rate
 * algorithm), counted in 1/amount of a millisecond so that every quantity is a whole number. A
 * bucket that is full again equals one that never was, so when the table is full such buckets are
 * dropped without loss; while all are in use, a caller without a bucket is refused. A clock that
 * steps back grants nothing and costs at most one empty bucket, which fills from the new time on
 * (the first reading sees to that). Clock readings must lie between 1970 and 2200.
 */
public final class RateTable {
  /** A sweep looks at every bucket, so they are kept apart by this much. */
  private static final long SWEEP_INTERVAL_MILLIS = 1_000;

  /** Threads may use clock readings this far apart without the clock having stepped back. */
  private static final long CLOCK_SKEW_MILLIS = 1_000;

  /** The state of a bucket that has left the table. */
  private static final long DROPPED = Long.MIN_VALUE;

  /** A bucket with what is needed to tell whether it is full again. */
  private static final class Bucket {
    private final AtomicLong fullAt = new AtomicLong();
    private final long amount;

    private Bucket(long amount) {
      this.amount = amount;
    }
  }

  private final int bucketsMax;
  private final ConcurrentHashMap<String, ConcurrentHashMap<String, Bucket>> byLimit =
      new ConcurrentHashMap<>();
  private final AtomicInteger bucketCount = new AtomicInteger();
  private final ReentrantLock sweeping = new ReentrantLock();
  private volatile long lastSweepMillis = Long.MIN_VALUE / 2;

  /** Makes a table for at most so many buckets, about 150 bytes each. */
  public RateTable(int bucketsMax) {
    if (bucketsMax < 1) {
      throw new IllegalArgumentException("bucketsMax must be at least 1");
    }
    this.bucketsMax = bucketsMax;
  }

  /** How long until the bucket holds so many units; 0 if it does now. */
  public long waitMillis(RateLimit limit, String holder, long weight, long epochMillis) {
    final ConcurrentHashMap<String, Bucket> buckets = byLimit.get(limit.key());
    final Bucket bucket = buckets == null ? null : buckets.get(holder);
    if (bucket == null) {
      return 0;
    }
    final long now = epochMillis * limit.amount();
    long fullAt = bucket.fullAt.getAcquire();
    if (fullAt > now + capacity(limit) + CLOCK_SKEW_MILLIS * limit.amount()
        && bucket.fullAt.compareAndSet(fullAt, now + capacity(limit))) {
      // The clock stepped back: the bucket counts as emptied now, or it would stay empty until
      // the old time comes round again.
      fullAt = now + capacity(limit);
    }
    final long missing = after(fullAt, limit, weight, now) - now - capacity(limit);
    return missing <= 0 ? 0 : Math.ceilDiv(missing, limit.amount());
  }

  /** Takes so many units, or nothing and returns false. */
  public boolean take(RateLimit limit, String holder, long weight, long epochMillis) {
    final long now = epochMillis * limit.amount();
    while (true) {
      final ConcurrentHashMap<String, Bucket> buckets = byLimit.get(limit.key());
      Bucket bucket = buckets == null ? null : buckets.get(holder);
      if (bucket == null) {
        bucket = create(limit, holder, epochMillis);
        if (bucket == null) {
          return false;
        }
      }
      final long fullAt = bucket.fullAt.getAcquire();
      if (fullAt == DROPPED) {
        remove(limit.key(), holder, bucket);
        continue;
      }
      final long after = after(fullAt, limit, weight, now);
      if (after - now > capacity(limit)) {
        return false;
      }
      if (bucket.fullAt.compareAndSet(fullAt, after)) {
        return true;
      }
    }
  }

  /** The bucket's state once units are taken; it may lie beyond what the bucket holds. */
  private static long after(long fullAt, RateLimit limit, long weight, long now) {
    return Math.clamp(fullAt, now, now + capacity(limit)) + weight * limit.windowMillis();
  }

  private static long capacity(RateLimit limit) {
    return limit.burst() * limit.windowMillis();
  }

  /** Takes units that are known only afterwards, or gives some back if negative. */
  public void adjust(RateLimit limit, String holder, long units) {
    final ConcurrentHashMap<String, Bucket> buckets = byLimit.get(limit.key());
    final Bucket bucket = buckets == null ? null : buckets.get(holder);
    if (bucket != null) {
      bucket.fullAt.getAndUpdate(
          fullAt -> fullAt == DROPPED ? DROPPED : fullAt + units * limit.windowMillis());
    }
  }

  private Bucket create(RateLimit limit, String holder, long epochMillis) {
    if (bucketCount.incrementAndGet() > bucketsMax) {
      sweep(epochMillis);
      if (bucketCount.get() > bucketsMax) {
        bucketCount.decrementAndGet();
        return null;
      }
    }
    final Bucket created = new Bucket(limit.amount());
    final Bucket[] kept = new Bucket[1];
    byLimit.compute(
        limit.key(),
        (_, buckets) -> {
          final ConcurrentHashMap<String, Bucket> into =
              buckets == null ? new ConcurrentHashMap<>() : buckets;
          final Bucket before = into.putIfAbsent(holder, created);
          kept[0] = before == null ? created : before;
          return into;
        });
    if (kept[0] != created) {
      bucketCount.decrementAndGet();
    }
    return kept[0];
  }

  private void remove(String limitKey, String holder, Bucket bucket) {
    byLimit.computeIfPresent(
        limitKey,
        (_, buckets) -> {
          if (buckets.remove(holder, bucket)) {
            bucketCount.decrementAndGet();
          }
          return buckets.isEmpty() ? null : buckets;
        });
  }

  /** Drops buckets that are full again. One thread at a time; the others go on without. */
  private void sweep(long epochMillis) {
    if (Math.abs(epochMillis - lastSweepMillis) < SWEEP_INTERVAL_MILLIS || !sweeping.tryLock()) {
      return;
    }
    try {
      lastSweepMillis = epochMillis;
      byLimit.forEach(
          (key, buckets) ->
              buckets.forEach(
                  (holder, bucket) -> {
                    final long fullAt = bucket.fullAt.getAcquire();
                    if (fullAt <= epochMillis * bucket.amount
                        && bucket.fullAt.compareAndSet(fullAt, DROPPED)) {
                      remove(key, holder, bucket);
                    }
                  }));
    } finally {
      sweeping.unlock();
    }
  }

  /** How many buckets are kept. */
  public int bucketCount() {
    return bucketCount.get();
  }
}
