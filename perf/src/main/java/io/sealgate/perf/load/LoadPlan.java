package io.sealgate.perf.load;

import java.time.Duration;

/**
 * How calls arrive.
 *
 * @param callsPerSecond arrivals on a fixed schedule; {@link #SATURATION} for one call after the
 *     other on every connection
 * @param connections kept alive through the run; a call is in progress on each at most
 * @param warmUp before anything is counted
 * @param measured what is counted
 */
public record LoadPlan(int callsPerSecond, int connections, Duration warmUp, Duration measured) {
  /** Value of {@link #callsPerSecond()} that asks for as many calls as the connections carry. */
  public static final int SATURATION = 0;

  static final int CALLS_PER_SECOND_MAX = 1_000_000;
  static final int CONNECTIONS_MAX = 10_000;
  private static final Duration DURATION_MAX = Duration.ofHours(1);

  public LoadPlan {
    if (callsPerSecond < 0 || callsPerSecond > CALLS_PER_SECOND_MAX) {
      throw new IllegalArgumentException("rate must be 0.." + CALLS_PER_SECOND_MAX + " calls/s");
    }
    if (connections < 1 || connections > CONNECTIONS_MAX) {
      throw new IllegalArgumentException("connections must be 1.." + CONNECTIONS_MAX);
    }
    if (warmUp.isNegative()
        || warmUp.compareTo(DURATION_MAX) > 0
        || !measured.isPositive()
        || measured.compareTo(DURATION_MAX) > 0) {
      throw new IllegalArgumentException("durations must be positive and at most one hour");
    }
  }

  /** An open model: calls arrive whether or not earlier ones were answered. */
  public static LoadPlan atRate(
      final int callsPerSecond,
      final int connections,
      final Duration warmUp,
      final Duration measured) {
    if (callsPerSecond == SATURATION) {
      throw new IllegalArgumentException("a rate must be at least 1 call/s");
    }
    return new LoadPlan(callsPerSecond, connections, warmUp, measured);
  }

  /** A closed model: each connection asks again as soon as it was answered. */
  public static LoadPlan saturation(
      final int connections, final Duration warmUp, final Duration measured) {
    return new LoadPlan(SATURATION, connections, warmUp, measured);
  }

  boolean saturates() {
    return callsPerSecond == SATURATION;
  }
}
