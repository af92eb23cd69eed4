package io.sealgate.gateway.run;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What is to be watched of policies: bundles that are refused, and those that do not come. */
final class PolicyMetrics {
  private static final double MILLIS_PER_SECOND = 1e3;

  private PolicyMetrics() {}

  static void register(final PrometheusRegistry registry, final PolicyControl policies) {
    CounterWithCallback.builder()
        .name("sealgate_policy_bundles_refused_total")
        .help("Policy bundles that were refused; what was in force stayed.")
        .callback(sink -> sink.call(policies.refusedBundles()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("sealgate_policy_bundle_version")
        .help("Highest version of a policy bundle that was taken.")
        .labelNames("org")
        .callback(
            sink -> policies.bundles().forEach((org, bundle) -> sink.call(bundle.version(), org)))
        .register(registry);
    GaugeWithCallback.builder()
        .name("sealgate_policy_bundle_expires_seconds")
        .help("When the newest policy bundle expires, in seconds since 1970.")
        .labelNames("org")
        .callback(
            sink ->
                policies
                    .bundles()
                    .forEach(
                        (org, bundle) ->
                            sink.call(bundle.expiresEpochMillis() / MILLIS_PER_SECOND, org)))
        .register(registry);
    GaugeWithCallback.builder()
        .name("sealgate_policy_bundle_expired")
        .help(
            "1 once the newest policy bundle has expired: a newer one is overdue, or withheld. Its"
                + " rules stay in force.")
        .labelNames("org")
        .callback(
            sink ->
                policies
                    .bundles()
                    .forEach(
                        (org, bundle) ->
                            sink.call(
                                bundle.expiresEpochMillis() <= System.currentTimeMillis() ? 1 : 0,
                                org)))
        .register(registry);
  }
}
