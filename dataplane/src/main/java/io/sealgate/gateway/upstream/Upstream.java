package io.sealgate.gateway.upstream;

import io.netty.handler.ssl.SslContext;
import io.sealgate.gateway.config.UpstreamConfig;

/**
 * One provider, ready to be called.
 *
 * @param index its number among all providers, from 0
 * @param config what the operator wrote
 * @param host name or address
 * @param port TCP port
 * @param hostHeader the {@code Host} field
 * @param path the base URL's path without a trailing slash, such as {@code /v1}
 * @param authorization the {@code Authorization} field, or null; a secret
 * @param tls null for plain HTTP
 */
public record Upstream(
    int index,
    UpstreamConfig config,
    String host,
    int port,
    String hostHeader,
    String path,
    String authorization,
    SslContext tls) {

  /** The name records and metrics use. */
  public String name() {
    return config.name();
  }

  /** What the tokens cost, in micro-dollars, rounded up. */
  public long costMicroDollars(final long promptTokens, final long completionTokens) {
    final long tokensPerPrice = 1_000_000L;
    return Math.ceilDiv(
        Math.addExact(
            Math.multiplyExact(promptTokens, config.pricePerMillionTokens().inputMicrodollars()),
            Math.multiplyExact(
                completionTokens, config.pricePerMillionTokens().outputMicrodollars())),
        tokensPerPrice);
  }

  @Override
  public String toString() {
    return "Upstream[" + config.name() + "]";
  }
}
