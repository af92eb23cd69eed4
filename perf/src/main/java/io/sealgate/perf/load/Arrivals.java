package io.sealgate.perf.load;

import java.util.concurrent.TimeUnit;

/**
 * When calls are due. A call that waits for a free connection keeps its due time; since due times
 * follow from the call's number, the queue of waiting calls is two numbers however long it grows.
 */
final class Arrivals {
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LoadPlan plan;
  private final long startNanos;
  private final long endNanos;
  private final long calls;
  private long next;

  Arrivals(final LoadPlan plan, final long startNanos) {
    this.plan = plan;
    this.startNanos = startNanos;
    final long lengthNanos = plan.warmUp().plus(plan.measured()).toNanos();
    this.endNanos = startNanos + lengthNanos;
    this.calls =
        plan.saturates()
            ? Long.MAX_VALUE
            : Math.ceilDiv(
                Math.multiplyExact(lengthNanos / 1_000, (long) plan.callsPerSecond()), 1_000_000L);
  }

  /** No further call will be due. */
  boolean over(final long nowNanos) {
    return plan.saturates() ? nowNanos - endNanos >= 0 : next >= calls;
  }

  boolean due(final long nowNanos) {
    return !over(nowNanos) && dueNanos(nowNanos) - nowNanos <= 0;
  }

  /** When the next call is due. */
  long dueNanos(final long nowNanos) {
    return plan.saturates() ? nowNanos : dueNanosOf(next);
  }

  /** Takes the next call; returns its due time. */
  long take(final long nowNanos) {
    final long due = dueNanos(nowNanos);
    next++;
    return due;
  }

  private long dueNanosOf(final long call) {
    // In two steps, so that an hour at the highest rate does not overflow.
    final long second = call / plan.callsPerSecond();
    final long within = call % plan.callsPerSecond();
    return startNanos
        + second * NANOS_PER_SECOND
        + within * NANOS_PER_SECOND / plan.callsPerSecond();
  }
}
