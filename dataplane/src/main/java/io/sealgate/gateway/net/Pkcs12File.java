package io.sealgate.gateway.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** A PKCS#12 file with one private key, and the owner-only file with its password. */
final class Pkcs12File {
  private static final int FILE_BYTES_MAX = 1 << 20;

  private Pkcs12File() {}

  static TlsIdentity read(final Path keystore, final Path passwordFile) throws ServerTlsException {
    final byte[] bytes = SecretFile.bytes("keystore", keystore, FILE_BYTES_MAX);
    final char[] password = SecretFile.password("password file", passwordFile);
    try {
      final KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(bytes), password);
      final List<String> aliases = new ArrayList<>();
      for (final String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          aliases.add(alias);
        }
      }
      if (aliases.size() != 1
          || !(store.getKey(aliases.getFirst(), password) instanceof PrivateKey key)) {
        throw new ServerTlsException(
            "keystore "
                + keystore
                + " holds "
                + aliases.size()
                + " keys; it must hold one private key with its certificate chain");
      }
      return new TlsIdentity(
          key,
          Stream.of(store.getCertificateChain(aliases.getFirst()))
              .map(X509Certificate.class::cast)
              .toList(),
          "keystore " + keystore);
    } catch (final ServerTlsException e) {
      throw e;
    } catch (final UnrecoverableKeyException e) {
      throw wrongPassword(keystore, passwordFile, e);
    } catch (final IOException e) {
      if (e.getCause() instanceof UnrecoverableKeyException) {
        throw wrongPassword(keystore, passwordFile, e);
      }
      throw damaged(keystore, e);
    } catch (final GeneralSecurityException e) {
      throw damaged(keystore, e);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private static ServerTlsException wrongPassword(
      final Path keystore, final Path passwordFile, final Exception e) {
    return new ServerTlsException(
        "keystore "
            + keystore
            + " does not open with the password in "
            + passwordFile
            + "; write its password, and nothing else, into that file",
        e);
  }

  private static ServerTlsException damaged(final Path keystore, final Exception e) {
    return new ServerTlsException(
        "keystore "
            + keystore
            + " is not a PKCS#12 file that can be read ("
            + ServerTlsException.reason(e)
            + "); check it with: keytool -list -storetype PKCS12 -keystore "
            + keystore,
        e);
  }
}
