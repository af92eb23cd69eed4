package io.sealgate.gateway.run;

import io.netty.handler.ssl.SslContext;
import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.config.UpstreamConfig;
import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.gateway.loopback.LoopbackModel;
import io.sealgate.gateway.net.UpstreamTls;
import io.sealgate.gateway.upstream.Upstream;
import io.sealgate.gateway.upstream.Upstreams;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns configured providers, and the built-in one, into upstreams that can be called. */
final class UpstreamSettings {
  /** The built-in model hangs only when it is asked to; trials should not wait long for it. */
  private static final int LOOPBACK_TIMEOUT_MILLIS = 10_000;

  private static final int LOOPBACK_CONNECTIONS_MAX = 1_024;

  private UpstreamSettings() {}

  /**
   * @param loopback the running built-in model, or null when it is switched off
   */
  static Upstreams of(final GatewayConfig config, final LoopbackModel loopback)
      throws GatewayException, IOException {
    final List<Upstream> all = new ArrayList<>();
    if (loopback != null) {
      final UpstreamConfig builtIn =
          new UpstreamConfig(
              "loopback",
              URI.create("http://127.0.0.1:" + loopback.port() + "/v1"),
              Optional.empty(),
              config.loopback().models(),
              LOOPBACK_TIMEOUT_MILLIS,
              LOOPBACK_TIMEOUT_MILLIS + config.loopback().delayMs(),
              LOOPBACK_TIMEOUT_MILLIS + config.loopback().tokenDelayMs(),
              LOOPBACK_CONNECTIONS_MAX,
              Optional.empty(),
              config.loopback().pricePerMillionTokens());
      all.add(upstream(all.size(), builtIn));
    }
    for (final UpstreamConfig upstream : config.upstreams()) {
      all.add(upstream(all.size(), upstream));
    }
    return new Upstreams(all);
  }

  private static Upstream upstream(final int index, final UpstreamConfig config)
      throws GatewayException, IOException {
    final URI url = config.baseUrl();
    final boolean secure = "https".equals(url.getScheme());
    final int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
    final String host =
        url.getHost().startsWith("[")
            ? url.getHost().substring(1, url.getHost().length() - 1)
            : url.getHost();
    final SslContext tls = secure ? UpstreamTls.client(config.tlsCa()) : null;
    return new Upstream(
        index,
        config,
        host,
        port,
        url.getPort() >= 0 ? url.getHost() + ":" + port : url.getHost(),
        url.getRawPath() == null ? "" : url.getRawPath(),
        config.credentialFile().isPresent()
            ? "Bearer " + DataFolder.readOwnerOnly(config.credentialFile().get())
            : null,
        tls);
  }
}
