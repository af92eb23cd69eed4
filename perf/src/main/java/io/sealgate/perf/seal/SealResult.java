package io.sealgate.perf.seal;

import org.HdrHistogram.Histogram;

/**
 * One run. Histograms are in nanoseconds.
 *
 * @param records sealed
 * @param nanos from the start to the last receipt
 * @param latency from the moment a record was due to its receipt; empty at saturation
 * @param beyond the same, less the longer of the batch's signature and flush
 * @param sign the token's time by batch
 * @param flush the commit's time by batch
 * @param batches batches
 */
public record SealResult(
    long records,
    long nanos,
    Histogram latency,
    Histogram beyond,
    Histogram sign,
    Histogram flush,
    long batches) {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;

  /** Records sealed in a second. */
  public double perSecond() {
    return records * NANOS_PER_SECOND / nanos;
  }

  /** Records in a batch, on average. */
  public double perBatch() {
    return (double) records / Math.max(1, batches);
  }

  /** A percentile in milliseconds. */
  public static double millis(final Histogram histogram, final double percentile) {
    return histogram.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }
}
