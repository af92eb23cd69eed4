package io.sealgate.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.config.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerTlsTest {
  private static final String PASSWORD = "kept " + "in a file";

  @TempDir Path dir;
  private Path password;

  @BeforeEach
  void writePassword() throws IOException {
    password = TlsFiles.secret(dir.resolve("password"), PASSWORD + "\n");
  }

  @Test
  void shouldServeH2OverTls13WhenCertificateIsForDevelopment() throws Exception {
    try (TlsServer server = new TlsServer(ServerTls.create(TlsFiles.development(), dir))) {
      final SSLContext client = TlsFiles.trusting(dir.resolve("tls/development.pem"));
      assertEquals(
          new TlsServer.Session(TlsServer.GREETING, "TLSv1.3", "h2"),
          server.connect(client, "localhost", "TLSv1.3", "TLSv1.2"));
    }
  }

  @Test
  void shouldRefuseHandshakeWhenClientKnowsOnlyTls12() throws Exception {
    try (TlsServer server = new TlsServer(ServerTls.create(TlsFiles.development(), dir))) {
      final SSLContext client = TlsFiles.trusting(dir.resolve("tls/development.pem"));
      final IOException e =
          assertThrows(
              SSLHandshakeException.class, () -> server.connect(client, "localhost", "TLSv1.2"));
      assertTrue(e.getMessage().contains("protocol_version"), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void shouldServeWhenKeyIsPem(final String algorithm) throws Exception {
    final Path keystore = TlsFiles.keystore(dir.resolve("p12"), password, algorithm, "-1d");
    final TlsConfig config = TlsFiles.pemPair(dir, keystore, password);
    serves(config, config.certificate().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void shouldServeWhenKeyIsPkcs12(final String algorithm) throws Exception {
    final Path keystore = TlsFiles.keystore(dir.resolve("p12"), password, algorithm, "-1d");
    final Path certificate = TlsFiles.pemPair(dir, keystore, password).certificate().orElseThrow();
    serves(TlsFiles.pkcs12(keystore, password), certificate);
  }

  private void serves(final TlsConfig config, final Path trusted) throws Exception {
    try (TlsServer server = new TlsServer(ServerTls.create(config, dir))) {
      assertEquals(
          new TlsServer.Session(TlsServer.GREETING, "TLSv1.3", "h2"),
          server.connect(TlsFiles.trusting(trusted), "localhost", "TLSv1.3"));
    }
    assertFalse(Files.exists(dir.resolve("tls")), "no development certificate beside a real one");
  }

  @Test
  void shouldNameTheRemedyWhenPrivateKeyIsOpenToOthers() throws Exception {
    final Path keystore = TlsFiles.keystore(dir.resolve("p12"), password, "EC", "-1d");
    final TlsConfig config = TlsFiles.pemPair(dir, keystore, password);
    final Path key = config.privateKey().orElseThrow();
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    assertTrue(refusal(config).endsWith("chmod 600 " + key));
  }

  @Test
  void shouldNameTheRemedyWhenPasswordFileIsOpenToOthers() throws Exception {
    final Path keystore = TlsFiles.keystore(dir.resolve("p12"), password, "EC", "-1d");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw----r--"));
    assertTrue(refusal(TlsFiles.pkcs12(keystore, password)).endsWith("chmod 600 " + password));
  }

  @Test
  void shouldNameFilesButNoSecretWhenPasswordIsWrong() throws Exception {
    final Path keystore = TlsFiles.keystore(dir.resolve("p12"), password, "EC", "-1d");
    final Path wrong = TlsFiles.secret(dir.resolve("wrong"), "another " + PASSWORD);
    final String said = refusal(TlsFiles.pkcs12(keystore, wrong));
    assertTrue(said.contains("does not open with the password in " + wrong), said);
    assertFalse(said.contains(PASSWORD), said);
  }

  @Test
  void shouldRefuseWhenCertificateExpired() throws Exception {
    final Path keystore = TlsFiles.keystore(dir.resolve("p12"), password, "EC", "-500d");
    final String said = refusal(TlsFiles.pkcs12(keystore, password));
    assertTrue(said.contains("the certificate expired at 2"), said);
  }

  @Test
  void shouldRefuseWhenKeyIsOfAnotherCertificate() throws Exception {
    final Path first = TlsFiles.keystore(dir.resolve("p12"), password, "EC", "-1d");
    final Path second = TlsFiles.keystore(dir.resolve("other/p12"), password, "EC", "-2d");
    final Path certificate = TlsFiles.pemPair(dir, first, password).certificate().orElseThrow();
    final Path key =
        TlsFiles.pemPair(dir.resolve("other"), second, password).privateKey().orElseThrow();
    final String said = refusal(TlsFiles.pem(certificate, key));
    assertTrue(said.contains("does not belong to the certificate"), said);
  }

  @Test
  void shouldNameTheConversionWhenKeyIsNotPkcs8() throws Exception {
    final Path keystore = TlsFiles.keystore(dir.resolve("p12"), password, "EC", "-1d");
    final TlsConfig config = TlsFiles.pemPair(dir, keystore, password);
    TlsFiles.secret(
        config.privateKey().orElseThrow(), TlsFiles.block("EC PRIVATE" + " KEY", new byte[9]));
    assertTrue(refusal(config).contains("openssl pkcs8 -topk8 -nocrypt"));
  }

  @Test
  void shouldNotQuoteTheFileWhenKeyIsDamaged() throws Exception {
    final Path keystore = TlsFiles.keystore(dir.resolve("p12"), password, "EC", "-1d");
    final TlsConfig config = TlsFiles.pemPair(dir, keystore, password);
    TlsFiles.secret(
        config.privateKey().orElseThrow(), TlsFiles.block("PRIVATE" + " KEY", new byte[99]));
    final String said = refusal(config);
    assertTrue(said.contains("is damaged or neither EC nor RSA"), said);
    assertFalse(said.contains("AAAA"), said);
  }

  @Test
  void shouldNameTheFileWhenKeystoreIsMissing() {
    final Path missing = dir.resolve("missing.p12");
    final String said = refusal(TlsFiles.pkcs12(missing, password));
    assertTrue(said.startsWith("keystore " + missing + " does not exist"), said);
  }

  private String refusal(final TlsConfig config) {
    final String message =
        assertThrows(ServerTlsException.class, () -> ServerTls.create(config, dir)).getMessage();
    assertEquals(1, message.lines().count(), message);
    return message;
  }
}
