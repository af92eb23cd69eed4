package io.sealgate.gateway.net;

import io.sealgate.gateway.config.TlsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.security.auth.login.LoginException;

/**
 * A key that stays in a PKCS#11 token, through the JDK's SunPKCS11. The provider is registered last
 * in this process, since whoever signs finds it by the key alone.
 */
final class TokenIdentity {
  private TokenIdentity() {}

  /**
   * Logs in to the token and finds the key. One login is tried: tokens count wrong PINs. A login
   * holds for the token and the whole process, so a later call's PIN is not looked at.
   *
   * @param chainFile a chain to show in place of the one in the token
   */
  static TlsIdentity read(final TlsConfig.Pkcs11 config, final Optional<Path> chainFile)
      throws ServerTlsException {
    final Path module = required(config.module(), "module").toAbsolutePath();
    final String label = required(config.token(), "token");
    final Path pinFile = required(config.pinFile(), "pin-file");
    final String alias = required(config.alias(), "alias");
    final String source = "token '" + label + "', key '" + alias + "'";
    final char[] pin = SecretFile.password("PIN file", pinFile);
    try {
      final KeyStore store =
          KeyStore.getInstance("PKCS11", provider(module, TokenSlot.find(module, label)));
      store.load(null, pin);
      if (!(store.getKey(alias, null) instanceof PrivateKey key)) {
        throw new ServerTlsException(
            "token '"
                + label
                + "' has no private key with a certificate of the same CKA_ID labelled '"
                + alias
                + "' (it has "
                + Collections.list(store.aliases())
                + "); correct tls.pkcs11.alias or write the certificate into the token");
      }
      final List<X509Certificate> chain =
          chainFile.isPresent()
              ? PemFiles.certificates("certificate", chainFile.get())
              : Stream.of(store.getCertificateChain(alias))
                  .map(X509Certificate.class::cast)
                  .toList();
      return new TlsIdentity(key, chain, source);
    } catch (final ServerTlsException e) {
      throw e;
    } catch (final IOException e) {
      if (refusesPin(e)) {
        throw new ServerTlsException(
            "token '"
                + label
                + "' refuses the PIN in "
                + pinFile
                + " ("
                + ServerTlsException.reason(e)
                + "); correct it before the token locks itself",
            e);
      }
      throw unreadable(source, e);
    } catch (final GeneralSecurityException e) {
      throw unreadable(source, e);
    } finally {
      Arrays.fill(pin, '\0');
    }
  }

  private static Provider provider(final Path module, final long slot) throws ServerTlsException {
    final String path = module.toString();
    if (path.chars().anyMatch(c -> c == '"' || c == '$' || c == '\\' || c < ' ')) {
      throw new ServerTlsException(
          "PKCS#11 module " + module + ": quotes, $ and \\ are not possible in its path; link it");
    }
    if (slot > Integer.MAX_VALUE) {
      throw new ServerTlsException(
          "PKCS#11 module " + module + ": slot " + slot + " is above what the JDK can address");
    }
    final String suffix = "sealgate-" + HexFormat.of().toHexDigits(path.hashCode()) + "-" + slot;
    synchronized (TokenIdentity.class) {
      final Provider known = Security.getProvider("SunPKCS11-" + suffix);
      if (known != null) {
        return known;
      }
      final Provider template = Security.getProvider("SunPKCS11");
      if (template == null) {
        throw new ServerTlsException(
            "this Java has no SunPKCS11 provider; use a JDK with the module jdk.crypto.cryptoki");
      }
      try {
        final Provider made =
            template.configure(
                "--name = " + suffix + "\nlibrary = \"" + path + "\"\nslot = " + slot + "\n");
        Security.addProvider(made);
        return made;
      } catch (final InvalidParameterException e) {
        throw new ServerTlsException(
            "PKCS#11 module "
                + module
                + " cannot be used ("
                + ServerTlsException.reason(e)
                + "); check its installation",
            e);
      }
    }
  }

  /** The provider wraps a login's failure in one or two others. */
  private static boolean refusesPin(final Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof LoginException) {
        return true;
      }
    }
    return false;
  }

  private static ServerTlsException unreadable(final String source, final Exception e) {
    return new ServerTlsException(
        source + " cannot be used (" + ServerTlsException.reason(e) + "); check the token", e);
  }

  private static <T> T required(final Optional<T> value, final String key)
      throws ServerTlsException {
    return value.orElseThrow(
        () ->
            new ServerTlsException("tls.pkcs11." + key + " is missing; tls.mode pkcs11 needs it"));
  }
}
