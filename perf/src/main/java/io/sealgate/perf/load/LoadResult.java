package io.sealgate.perf.load;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What a run measured.
 *
 * @param plan what was asked for
 * @param answeredInWindow calls whose answer ended within the measured time
 * @param unanswered calls that were due and had no answer when the run gave up; their age at that
 *     moment is in the latencies
 * @param failures calls that were not answered 200, warm-up included
 * @param firstFailure what the first of them was
 * @param latencies in nanoseconds from the moment a call was due to the end of its answer; at
 *     saturation, from the moment it was sent
 */
public record LoadResult(
    LoadPlan plan,
    long answeredInWindow,
    long unanswered,
    long failures,
    Optional<String> firstFailure,
    Histogram latencies) {

  /** Answers a second of the measured time. */
  public double callsPerSecond() {
    final Duration measured = plan.measured();
    return answeredInWindow * (double) TimeUnit.SECONDS.toNanos(1) / measured.toNanos();
  }

  /** A latency in microseconds. */
  public double micros(final double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1_000.0;
  }

  /**
   * This result, if every call was answered 200.
   *
   * @throws LoadException otherwise
   */
  public LoadResult requireClean() throws LoadException {
    if (failures > 0) {
      throw new LoadException(
          failures
              + " calls were not answered 200; the first: "
              + firstFailure.orElse("cause unknown"));
    }
    return this;
  }
}
