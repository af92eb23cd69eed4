package io.sealgate.gateway.net;

import io.sealgate.gateway.config.TlsConfig;
import io.sealgate.gateway.config.TlsConfig.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Keys and certificates in a test's own folder, made by keytool, and clients that trust them. */
public final class TlsFiles {
  static final TlsConfig.Pkcs11 NO_TOKEN =
      new TlsConfig.Pkcs11(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** keytool takes seconds on a small machine. */
  private static final Map<List<String>, byte[]> MADE = new HashMap<>();

  private TlsFiles() {}

  public static TlsConfig development() {
    return config(Mode.DEVELOPMENT, null, null, null, null);
  }

  static TlsConfig pem(final Path certificate, final Path key) {
    return config(Mode.PEM, certificate, key, null, null);
  }

  static TlsConfig pkcs12(final Path keystore, final Path password) {
    return config(Mode.PKCS12, null, null, keystore, password);
  }

  private static TlsConfig config(
      final Mode mode,
      final Path certificate,
      final Path key,
      final Path keystore,
      final Path password) {
    return new TlsConfig(
        mode,
        Optional.ofNullable(certificate),
        Optional.ofNullable(key),
        Optional.ofNullable(keystore),
        Optional.ofNullable(password),
        NO_TOKEN);
  }

  static Path secret(final Path file, final String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** A PKCS#12 file with one self-signed key for localhost; equal requests share one key. */
  static Path keystore(
      final Path file, final Path password, final String keyAlgorithm, final String startDate)
      throws IOException {
    Files.createDirectories(file.getParent());
    final List<String> request = List.of(keyAlgorithm, startDate, Files.readString(password));
    synchronized (MADE) {
      final byte[] made = MADE.get(request);
      if (made != null) {
        Files.write(file, made);
      } else {
        generate(file, password, keyAlgorithm, startDate);
        MADE.put(request, Files.readAllBytes(file));
      }
    }
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static void generate(
      final Path file, final Path password, final String keyAlgorithm, final String startDate)
      throws IOException {
    Keytool.run(
        "-genkeypair",
        "-alias",
        "gateway",
        "-keyalg",
        keyAlgorithm,
        "-dname",
        "CN=localhost",
        "-startdate",
        startDate,
        "-validity",
        "397",
        "-ext",
        "san=dns:localhost",
        "-storetype",
        "PKCS12",
        "-keystore",
        file.toString(),
        "-storepass:file",
        password.toString());
  }

  /** The PEM pair of a keystore: {@code cert.pem} and {@code key.pem} in a folder. */
  static TlsConfig pemPair(final Path dir, final Path keystore, final Path password)
      throws IOException, GeneralSecurityException {
    final TlsIdentity identity = Pkcs12File.read(keystore, password);
    final PrivateKey key = identity.key();
    final Path certificate =
        Files.writeString(
            dir.resolve("cert.pem"), block("CERTIFICATE", identity.certificate().getEncoded()));
    return pem(
        certificate, secret(dir.resolve("key.pem"), block("PRIVATE" + " KEY", key.getEncoded())));
  }

  static String block(final String label, final byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder().encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  static SSLContext trusting(final X509Certificate certificate)
      throws IOException, GeneralSecurityException {
    final KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate);
    final TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    final SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  static SSLContext trusting(final Path pem) throws IOException, GeneralSecurityException {
    return trusting(PemFiles.certificates("certificate", pem).getFirst());
  }
}
