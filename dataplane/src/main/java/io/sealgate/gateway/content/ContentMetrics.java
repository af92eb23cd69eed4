package io.sealgate.gateway.content;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * What is to be watched of the content store: calls denied because of it, and what it is behind.
 */
public final class ContentMetrics {
  private ContentMetrics() {}

  /** Registers the metrics of a store. */
  public static void register(final PrometheusRegistry registry, final ContentStore store) {
    GaugeWithCallback.builder()
        .name("sealgate_content_unavailable")
        .help("1 while calls whose content a policy wants kept are denied: it cannot be kept.")
        .callback(sink -> sink.call(store.unavailable() ? 1 : 0))
        .register(registry);
    GaugeWithCallback.builder()
        .name("sealgate_content_waiting_bytes")
        .help("Prompts and answers that wait to be encrypted and written.")
        .callback(sink -> sink.call(store.waitingBytes()))
        .register(registry);
    CounterWithCallback.builder()
        .name("sealgate_content_pieces_total")
        .help("Prompts and answers kept, and those that were refused or failed to be.")
        .labelNames("outcome")
        .callback(
            sink -> {
              sink.call(store.kept(), "kept");
              sink.call(store.refused(), "refused");
              sink.call(store.failed(), "failed");
            })
        .register(registry);
  }
}
