package io.sealgate.perf.report;

import java.util.Map;

/**
 * What one benchmark measured with one set of parameters.
 *
 * @param name class and method, such as {@code ClassifyBenchmark.classify}
 * @param parameters by name
 * @param nanos mean time of one operation, in nanoseconds
 * @param errorNanos half of the 99.9 % confidence interval of the mean; NaN with too few samples
 * @param allocatedBytes by one operation, of the Java heap; NaN when not measured
 * @param p50Nanos median time of one operation; NaN unless single operations were timed
 * @param p99Nanos of a hundred operations all but one took at most this; NaN as before
 */
public record Sample(
    String name,
    Map<String, String> parameters,
    double nanos,
    double errorNanos,
    double allocatedBytes,
    double p50Nanos,
    double p99Nanos) {
  /** Copies the parameters. */
  public Sample {
    parameters = Map.copyOf(parameters);
  }

  /** Throughput over {@code bytes} an operation, in 10^9 bytes a second. */
  public double gigabytesPerSecond(final long bytes) {
    return bytes / nanos;
  }
}
