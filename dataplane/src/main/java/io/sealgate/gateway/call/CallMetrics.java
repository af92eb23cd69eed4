package io.sealgate.gateway.call;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.HashMap;
import java.util.Map;

/** The gateway's metrics, declared in one place. Safe for any thread. */
public final class CallMetrics {
  private static final double NANOS = 1e-9;

  /** From a tenth of a millisecond, the cost of a phase, to the default seal deadline. */
  private static final double[] SECONDS = {
    1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2e-3, 3e-3, 5e-3, 7.5e-3, 1e-2, 2.5e-2, 5e-2, 0.1,
    0.25, 0.5, 1, 2.5, 5
  };

  private static final double[] RECORDS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

  private final Map<String, CounterDataPoint> verdicts = new HashMap<>();
  private final Counter calls;
  private final Counter errors;
  private final DistributionDataPoint read;
  private final DistributionDataPoint classify;
  private final DistributionDataPoint decide;
  private final DistributionDataPoint seal;
  private final DistributionDataPoint total;
  private final Histogram batchRecords;
  private final Histogram sign;
  private final Histogram flush;
  private final Gauge queue;

  /** Registers every metric. */
  public CallMetrics(final PrometheusRegistry registry) {
    calls =
        Counter.builder()
            .name("sealgate_calls_total")
            .help("Calls by what was done with them.")
            .labelNames("verdict")
            .register(registry);
    for (final String verdict :
        new String[] {"allow", "modify", "throttle", "sandbox", "escalate", "block"}) {
      verdicts.put(verdict, calls.labelValues(verdict));
    }
    errors =
        Counter.builder()
            .name("sealgate_call_problems_total")
            .help("Calls that got an error, by its code.")
            .labelNames("code")
            .register(registry);
    final Histogram overhead =
        Histogram.builder()
            .name("sealgate_overhead_seconds")
            .help(
                "Time the gateway itself takes for a call: read, classify, decide, seal (wait for"
                    + " the decision's receipt), and total less the provider's time.")
            .labelNames("phase")
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .register(registry);
    read = overhead.labelValues("read");
    classify = overhead.labelValues("classify");
    decide = overhead.labelValues("decide");
    seal = overhead.labelValues("seal");
    total = overhead.labelValues("total");
    batchRecords =
        Histogram.builder()
            .name("sealgate_seal_batch_records")
            .help("Records in one signed, durable batch.")
            .classicOnly()
            .classicUpperBounds(RECORDS)
            .register(registry);
    sign = seconds(registry, "sealgate_sign_seconds", "One signature of the token.");
    flush = seconds(registry, "sealgate_flush_seconds", "One synchronous commit of the log.");
    queue =
        Gauge.builder()
            .name("sealgate_seal_queue_depth")
            .help("Records in flight to the signer when the last batch was sealed.")
            .register(registry);
  }

  private static Histogram seconds(
      final PrometheusRegistry registry, final String name, final String help) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .classicOnly()
        .classicUpperBounds(SECONDS)
        .register(registry);
  }

  void phases(final long readNanos, final long classifyNanos, final long decideNanos) {
    read.observe(readNanos * NANOS);
    classify.observe(classifyNanos * NANOS);
    decide.observe(decideNanos * NANOS);
  }

  void decisionSealed(final long nanos) {
    seal.observe(nanos * NANOS);
  }

  void called(final Exchange call) {
    verdicts.get(call.decision).inc();
    if (call.problem != null) {
      errors.labelValues(call.problem.code()).inc();
    }
    if (!call.stream && call.upstream != null) {
      total.observe(Math.max(0, System.nanoTime() - call.startNanos - call.upstreamNanos) * NANOS);
    }
  }

  /** A batch was sealed. */
  public void batch(
      final int records, final long signNanos, final long flushNanos, final int queueDepth) {
    batchRecords.observe(records);
    sign.observe(signNanos * NANOS);
    flush.observe(flushNanos * NANOS);
    queue.set(queueDepth);
  }
}
