package io.sealgate.gateway.net;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The self-signed certificate of a first run. {@code tls/development.p12} holds it with its key,
 * {@code secrets/tls-development-password} that file's password, {@code tls/development.pem} the
 * certificate alone, for clients to trust. Files appear whole or not at all, and a lock keeps two
 * processes from making two; what a cut-short run left is finished or replaced by the next.
 */
final class DevelopmentCertificate {
  /** Below the 398 days beyond which some clients distrust a server certificate. */
  static final int VALID_DAYS = 397;

  private static final System.Logger LOG = System.getLogger(DevelopmentCertificate.class.getName());
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);
  private static final int PASSWORD_BYTES = 24;
  private static final String WORKPLACE_PREFIX = "making-";
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Pattern DNS_NAME =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

  private final Path tlsDir;
  private final Path secretsDir;
  private final InstantSource clock;

  /**
   * @param dataDir the data directory, absolute
   * @param clock what decides whether a certificate is due for renewal
   */
  DevelopmentCertificate(final Path dataDir, final InstantSource clock) {
    this.tlsDir = dataDir.resolve("tls");
    this.secretsDir = dataDir.resolve("secrets");
    this.clock = clock;
  }

  Path keystore() {
    return tlsDir.resolve("development.p12");
  }

  Path passwordFile() {
    return secretsDir.resolve("tls-development-password");
  }

  Path pem() {
    return tlsDir.resolve("development.pem");
  }

  /** The certificate and key in force, made or renewed when there are none. */
  TlsIdentity ensure() throws ServerTlsException {
    // A file lock excludes other processes, not other threads of this one.
    synchronized (DevelopmentCertificate.class) {
      try {
        Files.createDirectories(tlsDir);
        Files.createDirectories(
            secretsDir,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (FileChannel channel =
                FileChannel.open(
                    tlsDir.resolve("development.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock lock = channel.lock()) {
          assert lock.isValid();
          return ensureLocked();
        }
      } catch (final ServerTlsException e) {
        throw e;
      } catch (final IOException e) {
        throw new ServerTlsException(
            "the development certificate cannot be kept in "
                + tlsDir
                + " ("
                + ServerTlsException.reason(e)
                + "); give the data directory to the user that the gateway runs as",
            e);
      }
    }
  }

  private TlsIdentity ensureLocked() throws IOException {
    removeLeftovers();
    final Optional<TlsIdentity> kept = kept();
    final TlsIdentity identity = kept.isPresent() ? kept.get() : make();
    final String pem = pemOf(identity.certificate());
    if (!Files.exists(pem()) || !Files.readString(pem()).equals(pem)) {
      final Path workplace = Files.createTempDirectory(tlsDir, WORKPLACE_PREFIX);
      publish(Files.writeString(workplace.resolve("pem"), pem), pem());
      Files.delete(workplace);
    }
    return identity;
  }

  private Optional<TlsIdentity> kept() throws ServerTlsException {
    if (!Files.exists(keystore()) || !Files.exists(passwordFile())) {
      return Optional.empty();
    }
    // Loose permissions are for a person to look into, not to be repaired by a new key.
    SecretFile.requireOwnerOnly("password file", passwordFile());
    SecretFile.requireOwnerOnly("keystore", keystore());
    final TlsIdentity identity;
    try {
      identity = Pkcs12File.read(keystore(), passwordFile());
    } catch (final ServerTlsException e) {
      LOG.log(Level.WARNING, "a new development certificate is made: {0}", e.getMessage());
      return Optional.empty();
    }
    final boolean due =
        identity
            .certificate()
            .getNotAfter()
            .toInstant()
            .isBefore(clock.instant().plus(RENEW_BEFORE));
    return due ? Optional.empty() : Optional.of(identity);
  }

  private TlsIdentity make() throws IOException {
    writePassword();
    final Path workplace = Files.createTempDirectory(tlsDir, WORKPLACE_PREFIX);
    final Path made = workplace.resolve("p12");
    final String names = subjectNames();
    Keytool.run(
        "-genkeypair",
        "-alias",
        "gateway",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-sigalg",
        "SHA256withECDSA",
        "-dname",
        "CN=localhost, OU=development certificate, O=Sealgate",
        "-validity",
        Integer.toString(VALID_DAYS),
        "-ext",
        "san=" + names,
        "-ext",
        "bc:critical=ca:false",
        "-ext",
        "ku:critical=digitalSignature",
        "-ext",
        "eku=serverAuth",
        "-storetype",
        "PKCS12",
        "-keystore",
        made.toString(),
        "-storepass:file",
        passwordFile().toString());
    Files.setPosixFilePermissions(made, SecretFile.OWNER_ONLY);
    publish(made, keystore());
    Files.delete(workplace);
    final TlsIdentity identity = Pkcs12File.read(keystore(), passwordFile());
    LOG.log(
        Level.INFO,
        "made a development certificate for {0}, valid until {1}; trust it with: curl --cacert {2}",
        names,
        identity.certificate().getNotAfter().toInstant(),
        pem());
    return identity;
  }

  /** A fresh password for each key: one that was lost or damaged does not matter. */
  private void writePassword() throws IOException {
    final byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    final Path workplace = Files.createTempDirectory(secretsDir, WORKPLACE_PREFIX);
    final Path file =
        Files.createFile(
            workplace.resolve("password"),
            PosixFilePermissions.asFileAttribute(SecretFile.OWNER_ONLY));
    publish(Files.writeString(file, HexFormat.of().formatHex(random)), passwordFile());
    Files.delete(workplace);
  }

  private static void publish(final Path made, final Path target) throws IOException {
    try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(made, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes what a run that was cut short left; nobody else is at work under the lock. */
  private void removeLeftovers() throws IOException {
    for (final Path parent : new Path[] {tlsDir, secretsDir}) {
      try (DirectoryStream<Path> workplaces =
          Files.newDirectoryStream(parent, WORKPLACE_PREFIX + "*")) {
        for (final Path workplace : workplaces) {
          try (DirectoryStream<Path> files = Files.newDirectoryStream(workplace)) {
            for (final Path file : files) {
              Files.delete(file);
            }
          }
          Files.delete(workplace);
        }
      }
    }
  }

  private static String subjectNames() throws IOException {
    final StringBuilder names = new StringBuilder("dns:localhost,ip:127.0.0.1,ip:::1");
    if (Files.isReadable(HOST_NAME)) {
      final String host = Files.readString(HOST_NAME).strip().toLowerCase(Locale.ROOT);
      if (!host.equals("localhost") && DNS_NAME.matcher(host).matches()) {
        names.append(",dns:").append(host);
      }
    }
    return names.toString();
  }

  private static String pemOf(final X509Certificate certificate) throws ServerTlsException {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
              .encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (final CertificateEncodingException e) {
      throw new ServerTlsException("the development certificate cannot be encoded", e);
    }
  }
}
