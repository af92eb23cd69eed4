package io.sealgate.gateway.witness;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.config.WitnessesConfig;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.NoteException;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.Vkey;
import io.sealgate.log.store.CosignedHeads;
import io.sealgate.log.witness.WitnessRounds;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Has this appliance's log cosigned as its configuration asks, and says when it is not. Without
 * witnesses it asks nobody and is always content.
 */
public final class Witnessing implements AutoCloseable {
  private static final double MILLIS_PER_SECOND = 1e3;

  private final WitnessRounds rounds;
  private final boolean denies;

  private Witnessing(final WitnessRounds rounds, final boolean denies) {
    this.rounds = rounds;
    this.denies = denies;
  }

  /** Starts to ask, and registers the metrics. */
  public static Witnessing start(final GatewayConfig config, final PrometheusRegistry registry)
      throws GatewayException, IOException {
    final WitnessesConfig settings = config.witnesses();
    if (settings.ask().isEmpty()) {
      CosignedHeads.of(config.data()).dropPolicy();
      return new Witnessing(null, false);
    }
    final WitnessRounds rounds =
        WitnessRounds.start(
            config.data(),
            policy(settings),
            Duration.ofMillis(settings.intervalMs()),
            Duration.ofSeconds(settings.maxAgeSeconds()),
            Clock.systemUTC());
    register(registry, rounds);
    return new Witnessing(rounds, settings.denyWhenStale());
  }

  private static TrustPolicy policy(final WitnessesConfig settings) throws GatewayException {
    final List<TrustPolicy.Witness> witnesses = new ArrayList<>();
    try {
      for (final WitnessesConfig.Witness one : settings.ask()) {
        final Vkey key = Vkey.parse(one.vkey());
        witnesses.add(new TrustPolicy.Witness(key.name(), key, one.url().toString()));
      }
      return TrustPolicy.ofWitnesses(witnesses, settings.quorum());
    } catch (final NoteException e) {
      throw new GatewayException("witnesses: " + e.getMessage(), e);
    }
  }

  private static void register(final PrometheusRegistry registry, final WitnessRounds rounds) {
    GaugeWithCallback.builder()
        .name("sealgate_witness_cosigns")
        .help("Whether the witness cosigned the head it was asked about last.")
        .labelNames("witness")
        .callback(
            sink ->
                rounds
                    .status()
                    .troubles()
                    .forEach((name, trouble) -> sink.call(trouble.isEmpty() ? 1 : 0, name)))
        .register(registry);
    GaugeWithCallback.builder()
        .name("sealgate_witness_uncovered_seconds")
        .help("Age of the oldest record that no head cosigned by a quorum covers; 0 without one.")
        .callback(
            sink ->
                sink.call(rounds.uncoveredMillis(System.currentTimeMillis()) / MILLIS_PER_SECOND))
        .register(registry);
    GaugeWithCallback.builder()
        .name("sealgate_witness_stale")
        .help("Whether that age is above witnesses.max-age-seconds: the alarm.")
        .callback(sink -> sink.call(rounds.isStale(System.currentTimeMillis()) ? 1 : 0))
        .register(registry);
  }

  /** Whether a quorum cosigns in time; true where no witness is asked. */
  public boolean content() {
    return rounds == null || !rounds.isStale(System.currentTimeMillis());
  }

  /** Why every call is to be denied at this moment, or null. Any thread; never blocks. */
  public String denial(final long nowMillis) {
    return denies && rounds.isStale(nowMillis) ? rounds.trouble() : null;
  }

  @Override
  public void close() throws IOException {
    if (rounds != null) {
      rounds.close();
    }
  }
}
