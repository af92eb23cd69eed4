package io.sealgate.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.config.TlsConfig;
import io.sealgate.signer.token.KeyType;
import io.sealgate.signer.token.SoftHsm;
import io.sealgate.signer.token.TokenConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The module is state of the process, so all tests share its tokens. */
final class ServerTlsTokenTest {
  private static final String TOKEN = "tls test";

  /** Never logged in to: a login counts for the process, and further PINs are not looked at. */
  private static final String LOCKED_TOKEN = "tls locked";

  private static final String ALIAS = "gateway";

  @TempDir static Path dir;
  private static Path module;
  private static Path pinFile;
  private static Path otherCertificate;

  @BeforeAll
  static void makeToken() throws Exception {
    module = SoftHsm.findModule();
    pinFile = dir.resolve("secrets/pin");
    SoftHsm.use(dir.resolve("tokens"));
    SoftHsm.ensureToken(
        new TokenConfig(module, TOKEN, "unrelated", KeyType.P256, pinFile),
        dir.resolve("secrets/so-pin"));
    SoftHsm.ensureToken(
        new TokenConfig(
            module, LOCKED_TOKEN, "unrelated", KeyType.P256, dir.resolve("secrets/locked-pin")),
        dir.resolve("secrets/so-pin"));
    final Path provider =
        Files.writeString(
            dir.resolve("keytool.cfg"),
            "name = test\nlibrary = " + module + "\nslot = " + TokenSlot.find(module, TOKEN));
    generate(provider, ALIAS, "EC");
    generate(provider, "rsa", "RSA");
    otherCertificate = new DevelopmentCertificate(dir, java.time.InstantSource.system()).pem();
    new DevelopmentCertificate(dir, java.time.InstantSource.system()).ensure();
  }

  /** Makes a key and its self-signed certificate inside the token. */
  private static void generate(final Path provider, final String alias, final String algorithm)
      throws Exception {
    final Path said = dir.resolve("keytool.log");
    final ProcessBuilder keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                algorithm,
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-keystore",
                "NONE",
                "-storetype",
                "PKCS11",
                "-storepass:file",
                pinFile.toString(),
                "-addprovider",
                "SunPKCS11",
                "-providerarg",
                provider.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    // A child gets the environment that Java read at its start, not what SoftHsm.use has set since.
    keytool
        .environment()
        .put(SoftHsm.CONFIG_VARIABLE, SoftHsm.configFile(dir.resolve("tokens")).toString());
    final Process process = keytool.start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue(), () -> "see " + read(said));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(final Path file) {
    try {
      return Files.readString(file);
    } catch (final IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TlsConfig config(
      final String token, final String alias, final Path pin, final Path certificate) {
    return new TlsConfig(
        TlsConfig.Mode.PKCS11,
        Optional.ofNullable(certificate),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new TlsConfig.Pkcs11(
            Optional.of(module), Optional.of(token), Optional.of(pin), Optional.of(alias)));
  }

  private static void serves(final TlsConfig config) throws Exception {
    final TlsIdentity identity = TokenIdentity.read(config.pkcs11(), config.certificate());
    assertNull(identity.key().getEncoded(), "the key must stay in the token");
    try (TlsServer server = new TlsServer(ServerTls.create(config, dir))) {
      assertEquals(
          new TlsServer.Session(TlsServer.GREETING, "TLSv1.3", "h2"),
          server.connect(TlsFiles.trusting(identity.certificate()), "localhost", "TLSv1.3"));
    }
  }

  @Test
  void shouldSignInTheTokenWhenKeyIsEc() throws Exception {
    serves(config(TOKEN, ALIAS, pinFile, null));
  }

  @Test
  void shouldSignInTheTokenWhenKeyIsRsa() throws Exception {
    serves(config(TOKEN, "rsa", pinFile, null));
  }

  @Test
  void shouldShowTheFilesChainWhenCertificateIsConfigured() throws Exception {
    final TlsIdentity held =
        TokenIdentity.read(config(TOKEN, ALIAS, pinFile, null).pkcs11(), Optional.empty());
    final Path chain =
        Files.writeString(
            dir.resolve("chain.pem"),
            TlsFiles.block("CERTIFICATE", held.certificate().getEncoded()));
    serves(config(TOKEN, ALIAS, pinFile, chain));
  }

  @Test
  void shouldRefuseWhenConfiguredCertificateIsOfAnotherKey() {
    final String said = refusal(config(TOKEN, ALIAS, pinFile, otherCertificate));
    assertTrue(said.contains("does not belong to the certificate"), said);
  }

  @Test
  void shouldNameTokenWhenNoneHasTheLabel() {
    final String said = refusal(config("absent", ALIAS, pinFile, null));
    assertTrue(said.contains("is labelled 'absent'"), said);
  }

  @Test
  void shouldListKeysWhenNoneHasTheAlias() {
    final String said = refusal(config(TOKEN, "absent", pinFile, null));
    assertTrue(said.contains("labelled 'absent'") && said.contains(ALIAS), said);
  }

  @Test
  void shouldRefuseWhenPinFileIsOpenToOthers() throws Exception {
    final Path loose = Files.copy(pinFile, dir.resolve("loose-pin"));
    Files.setPosixFilePermissions(loose, PosixFilePermissions.fromString("rw-rw----"));
    assertTrue(refusal(config(TOKEN, ALIAS, loose, null)).endsWith("chmod 600 " + loose));
  }

  @Test
  void shouldNameModuleWhenItCannotBeLoaded() throws Exception {
    final Path missing = dir.resolve("missing.so");
    final TlsConfig.Pkcs11 token = config(TOKEN, ALIAS, pinFile, null).pkcs11();
    final String said =
        assertThrows(
                ServerTlsException.class,
                () ->
                    TokenIdentity.read(
                        new TlsConfig.Pkcs11(
                            Optional.of(missing), token.token(), token.pinFile(), token.alias()),
                        Optional.empty()))
            .getMessage();
    assertTrue(said.contains(missing + " cannot be loaded"), said);
  }

  @Test
  void shouldNameFileButNoSecretWhenPinIsWrong() throws Exception {
    final String said = refusal(config(LOCKED_TOKEN, ALIAS, pinFile, null));
    assertTrue(said.contains("'" + LOCKED_TOKEN + "' refuses the PIN in " + pinFile), said);
    assertFalse(said.contains(Files.readString(pinFile)), said);
  }

  private static String refusal(final TlsConfig config) {
    final String message =
        assertThrows(ServerTlsException.class, () -> ServerTls.create(config, dir)).getMessage();
    assertEquals(1, message.lines().count(), message);
    return message;
  }
}
