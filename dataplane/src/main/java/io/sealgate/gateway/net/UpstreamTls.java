package io.sealgate.gateway.net;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** The TLS of connections to upstreams: BoringSSL, TLS 1.3 or 1.2. */
public final class UpstreamTls {
  private UpstreamTls() {}

  /**
   * Makes a client context. Whoever opens a connection names the host ({@code newHandler(allocator,
   * host, port)}) and sets the endpoint identification, without which any certificate of a trusted
   * issuer passes. Reads files: not for an event loop.
   *
   * @param tlsCa PEM bundle of the only issuers to trust; empty for those of the JDK
   * @throws IOException with the file, the cause and the way out on one line
   */
  public static SslContext client(final Optional<Path> tlsCa) throws IOException {
    ServerTls.requireOpenSsl();
    final SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.OPENSSL)
            .protocols("TLSv1.3", "TLSv1.2");
    if (tlsCa.isPresent()) {
      builder.trustManager(
          PemFiles.certificates("tls-ca", tlsCa.get()).toArray(X509Certificate[]::new));
    }
    try {
      return builder.build();
    } catch (final SSLException e) {
      throw new ServerTlsException(
          tlsCa.map(file -> "tls-ca " + file).orElse("the JDK's trusted issuers")
              + " cannot be used ("
              + ServerTlsException.reason(e)
              + ")",
          e);
    }
  }
}
