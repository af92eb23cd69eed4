package io.sealgate.gateway.net;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslServerContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.sealgate.gateway.config.TlsConfig;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** The TLS of the https listener: BoringSSL, TLS 1.3 only, HTTP/2 before HTTP/1.1. */
public final class ServerTls {
  private ServerTls() {}

  /**
   * Reads certificate and key as configured, checks that they belong together and are in their
   * time, and makes the context that every connection of every loop shares. May run for seconds
   * ({@code keytool}, a token's login): not for an event loop.
   *
   * <p>There is no resumption and no early data: no ticket key that outlives a handshake, and every
   * connection is authenticated in full.
   *
   * @param tls the configuration
   * @param dataDir the data directory, where a development certificate is kept
   * @throws ServerTlsException with the file, the cause and the way out on one line; never a secret
   */
  public static SslContext create(final TlsConfig tls, final Path dataDir)
      throws ServerTlsException {
    requireOpenSsl();
    final TlsIdentity identity = identity(tls, dataDir).requireUsable();
    try {
      final SslContext context =
          SslContextBuilder.forServer(identity.key(), identity.chain())
              .sslProvider(SslProvider.OPENSSL)
              .protocols("TLSv1.3")
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      ApplicationProtocolConfig.Protocol.ALPN,
                      ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                      ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                      ApplicationProtocolNames.HTTP_2,
                      ApplicationProtocolNames.HTTP_1_1))
              .build();
      ((OpenSslServerContext) context).sessionContext().setSessionCacheEnabled(false);
      return context;
    } catch (final SSLException e) {
      throw new ServerTlsException(
          identity.source()
              + " is refused by BoringSSL ("
              + ServerTlsException.reason(e)
              + "); use a P-256, P-384 or RSA certificate",
          e);
    }
  }

  /** BoringSSL or nothing: there is no silent fall-back to another TLS. */
  static void requireOpenSsl() throws ServerTlsException {
    if (!OpenSsl.isAvailable()) {
      throw new ServerTlsException(
          "BoringSSL (netty-tcnative) cannot be loaded here ("
              + ServerTlsException.reason(OpenSsl.unavailabilityCause())
              + "); run on x86-64 Linux with glibc, and let java.io.tmpdir allow execution",
          OpenSsl.unavailabilityCause());
    }
  }

  private static TlsIdentity identity(final TlsConfig tls, final Path dataDir)
      throws ServerTlsException {
    return switch (tls.mode()) {
      case DEVELOPMENT ->
          new DevelopmentCertificate(dataDir.toAbsolutePath(), InstantSource.system()).ensure();
      case PEM -> {
        final Path certificate = required(tls.certificate(), "certificate");
        final Path key = required(tls.privateKey(), "private-key");
        yield new TlsIdentity(
            PemFiles.privateKey(key),
            PemFiles.certificates("certificate", certificate),
            "certificate " + certificate + " with private key " + key);
      }
      case PKCS12 ->
          Pkcs12File.read(
              required(tls.keystore(), "keystore"), required(tls.passwordFile(), "password-file"));
      case PKCS11 -> TokenIdentity.read(tls.pkcs11(), tls.certificate());
    };
  }

  private static Path required(final Optional<Path> value, final String key)
      throws ServerTlsException {
    return value.orElseThrow(
        () -> new ServerTlsException("tls." + key + " is missing; the chosen tls.mode needs it"));
  }
}
