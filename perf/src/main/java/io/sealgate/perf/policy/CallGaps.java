package io.sealgate.perf.policy;

import io.sealgate.policy.CounterReadings;
import io.sealgate.policy.Facts;
import io.sealgate.policy.LimitState;
import io.sealgate.policy.Snapshot;
import io.sealgate.policy.Verdict;
import java.util.Arrays;

/**
 * A thread that decides one call after the other, on whatever snapshot is in force, and notes the
 * longest time that one took: what a publish that goes on beside it costs calls.
 */
final class CallGaps implements AutoCloseable {
  private static final int GROUPS = 100;
  private static final double NANOS_PER_MILLI = 1e6;

  private final Thread thread = new Thread(this::run, "calls");
  private volatile Snapshot snapshot;
  private volatile boolean stop;
  private volatile long longestNanos;

  /** A new window resets what is the caller thread's own. */
  private volatile int window;

  CallGaps(final Snapshot first) {
    snapshot = first;
    thread.start();
  }

  /** What happens beside the calls; gives the snapshot that is in force after it. */
  @FunctionalInterface
  interface Beside {
    Snapshot run() throws Exception;
  }

  /** The longest gap, in milliseconds, while something happens and until calls have seen it. */
  double longestMillis(final Beside beside) throws Exception {
    final int mine = ++window;
    Thread.sleep(20);
    snapshot = beside.run();
    Thread.sleep(20);
    final double millis = longestNanos / NANOS_PER_MILLI;
    if (mine != window) {
      throw new IllegalStateException("one window at a time");
    }
    return millis;
  }

  private void run() {
    final Facts facts = new Facts();
    final Verdict verdict = new Verdict();
    final CounterReadings readings = new CounterReadings(new LimitState(1 << 12));
    int group = 0;
    int seen = 0;
    long last = System.nanoTime();
    while (!stop) {
      Organisation.call(group++ % GROUPS, facts);
      readings.clear();
      snapshot.evaluate(facts, readings, Organisation.NOW_EPOCH_MILLIS, verdict);
      final long now = System.nanoTime();
      if (seen != window) {
        seen = window;
        longestNanos = 0;
      } else if (now - last > longestNanos) {
        longestNanos = now - last;
      }
      last = now;
    }
  }

  @Override
  public void close() {
    stop = true;
    try {
      thread.join();
    } catch (final InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The value in the middle, and with a share of 1 the greatest. */
  static double quantile(final double[] values, final double share) {
    final double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * share))];
  }
}
