package io.sealgate.gateway.forward;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;

/** What forwarders say of themselves. */
public final class ForwardMetrics {
  private ForwardMetrics() {}

  /** Registers the metrics of all forwarders. */
  public static void register(
      final PrometheusRegistry registry, final List<SyslogForwarder> forwarders) {
    final List<SyslogForwarder> all = List.copyOf(forwarders);
    GaugeWithCallback.builder()
        .name("sealgate_forward_connected")
        .help("Whether a connection to the collector stands.")
        .labelNames("target")
        .callback(sink -> all.forEach(one -> sink.call(one.connected() ? 1 : 0, one.name())))
        .register(registry);
    CounterWithCallback.builder()
        .name("sealgate_forward_records_total")
        .help("Records sent to the collector, those sent again among them.")
        .labelNames("target")
        .callback(sink -> all.forEach(one -> sink.call(one.sent(), one.name())))
        .register(registry);
  }
}
