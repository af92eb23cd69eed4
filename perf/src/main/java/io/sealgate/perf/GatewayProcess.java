package io.sealgate.perf;

import io.sealgate.gateway.config.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A gateway in a process of its own, with its signer, on a fresh data directory. */
record GatewayProcess(ChildProcess process, InetSocketAddress address, String apiKey)
    implements AutoCloseable {
  /** A first start makes a token, keys, policies and a log. */
  private static final Duration READY_LIMIT = Duration.ofSeconds(90);

  /**
   * Starts one; it accepts calls when this returns.
   *
   * @param phase name of the last phase that calls go through
   * @param directory empty; gets configuration, data and output
   * @param shared absent, in shared memory; where gateway and signer meet
   */
  static GatewayProcess start(
      final String phase,
      final Transport transport,
      final InetSocketAddress upstream,
      final Path directory,
      final Path shared)
      throws BenchException, IOException {
    final Path config =
        Files.writeString(
            directory.resolve("sealgate.yaml"),
            config(transport, upstream.getPort(), directory.resolve("data"), shared));
    final Path ready = directory.resolve("ready.json");
    final ChildProcess process =
        ChildProcess.java(
            "the gateway (" + phase.toLowerCase(Locale.ROOT) + ")",
            List.of(),
            BenchGateway.class,
            List.of(config.toString(), phase, ready.toString()),
            directory.resolve("gateway.log"));
    try {
      final String json = process.awaitFile(ready, READY_LIMIT);
      final Map<?, ?> answer =
          (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(json);
      final URI http = URI.create((String) answer.get("http"));
      return new GatewayProcess(
          process,
          new InetSocketAddress(http.getHost(), http.getPort()),
          (String) answer.get("apiKey"));
    } catch (final BenchException | RuntimeException failed) {
      process.close();
      throw failed;
    }
  }

  /** Timeouts and limits keep their defaults: the gateway is measured as it is delivered. */
  private static String config(
      final Transport transport, final int upstreamPort, final Path data, final Path shared) {
    return """
    data: "%s"
    transport: %s
    listen:
      http: {port: 0}
      https: {enabled: false, port: 0}
      admin: {port: 0}
    loopback: {enabled: false}
    signer: {aeron-dir: "%s"}
    upstreams:
      - name: bench
        base-url: "http://127.0.0.1:%d/v1"
        models: [loopback-1]
        connections-max: 1024
        price-per-million-tokens: {input: 0, output: 0}
    """
        .formatted(data, transport.name().toLowerCase(Locale.ROOT), shared, upstreamPort);
  }

  @Override
  public void close() {
    process.close();
  }
}
