package io.sealgate.signer.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.Signature;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real SoftHSM token in a folder of the test's own. */
class SigningTokenTest {
  private static final byte[] TEXT = "a text\n".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void shouldSignWithAFreshTokenAndWithTheSameKeyWhenOpenedAgain(KeyType keyType) throws Exception {
    TokenFixture fixture = TokenFixture.in(dir, keyType);
    PublicKey first;
    try (SigningToken token = fixture.open()) {
      first = token.publicKey();
      assertTrue(verifies(keyType, first, token.sign(TEXT)));
    }
    SoftHsm.ensureToken(fixture.config(), fixture.soPinFile());
    try (SigningToken token = fixture.open()) {
      assertEquals(first, token.publicKey());
      assertTrue(verifies(keyType, first, token.sign(TEXT)));
    }
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(fixture.config().pinFile())));
  }

  @Test
  void shouldRefuseThePinFileWhenOthersCanReadIt() throws Exception {
    TokenFixture fixture = TokenFixture.in(dir, KeyType.P256);
    Path pinFile = fixture.config().pinFile();
    Files.setPosixFilePermissions(pinFile, PosixFilePermissions.fromString("rw-r-----"));
    TokenException refused = assertThrows(TokenException.class, fixture::open);
    assertEquals(TokenFault.FATAL, refused.fault());
    assertTrue(refused.getMessage().contains("chmod 600 " + pinFile), refused.getMessage());
  }

  @Test
  void shouldTryAWrongPinOnceOnly() throws Exception {
    TokenFixture fixture = TokenFixture.in(dir, KeyType.P256);
    CountingDriver driver = new CountingDriver(new Pkcs11Driver(fixture.config()));
    try (SigningToken token = SigningToken.open(driver, KeyType.P256)) {
      Files.writeString(fixture.config().pinFile(), "not the pin\n");
      renameAway(fixture);
      assertThrows(TokenException.class, () -> token.sign(TEXT));
      bringBack(fixture);
      awaitResetAllowed();
      int before = driver.resets;
      TokenException wrong = assertThrows(TokenException.class, () -> token.sign(TEXT));
      assertEquals(TokenFault.FATAL, wrong.fault());
      assertTrue(wrong.getMessage().contains("CKR_PIN_INCORRECT"), wrong.getMessage());
      awaitResetAllowed();
      assertThrows(TokenException.class, () -> token.sign(TEXT));
      assertEquals(before + 1, driver.resets);
    }
  }

  @Test
  void shouldSignAgainWhenTheTokenComesBack() throws Exception {
    TokenFixture fixture = TokenFixture.in(dir, KeyType.ED25519);
    try (SigningToken token = fixture.open()) {
      renameAway(fixture);
      TokenException gone = assertThrows(TokenException.class, () -> token.sign(TEXT));
      assertEquals(TokenFault.DEVICE, gone.fault());
      bringBack(fixture);
      awaitResetAllowed();
      assertTrue(verifies(KeyType.ED25519, token.publicKey(), token.sign(TEXT)));
      token.prove();
    }
  }

  @Test
  void shouldSignAgainWhenTheWholeTokenFolderComesBack() throws Exception {
    TokenFixture fixture = TokenFixture.in(dir, KeyType.P256);
    try (SigningToken token = fixture.open()) {
      Path away = dir.resolve("away");
      Files.move(fixture.tokensDir(), away);
      assertThrows(TokenException.class, () -> token.sign(TEXT));
      awaitResetAllowed();
      assertThrows(TokenException.class, () -> token.sign(TEXT));
      Files.move(away, fixture.tokensDir());
      awaitResetAllowed();
      assertTrue(verifies(KeyType.P256, token.publicKey(), token.sign(TEXT)));
    }
  }

  @Test
  void shouldRefuseAKeyOfAnotherType() throws Exception {
    TokenFixture fixture = TokenFixture.in(dir, KeyType.P256);
    TokenConfig config = fixture.config();
    TokenConfig other =
        new TokenConfig(
            config.module(),
            config.tokenLabel(),
            config.keyLabel(),
            KeyType.ED25519,
            config.pinFile());
    TokenException refused =
        assertThrows(
            TokenException.class,
            () -> SigningToken.open(new Pkcs11Driver(other), KeyType.ED25519));
    assertEquals(TokenFault.FATAL, refused.fault());
  }

  private static void awaitResetAllowed() {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(120);
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }

  private void renameAway(TokenFixture fixture) throws Exception {
    Files.move(tokenFolder(fixture.tokensDir()), dir.resolve("away"));
  }

  private void bringBack(TokenFixture fixture) throws Exception {
    Files.move(dir.resolve("away"), fixture.tokensDir().resolve("back"));
  }

  private static Path tokenFolder(Path tokensDir) throws Exception {
    try (Stream<Path> entries = Files.list(tokensDir)) {
      return entries.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  private static boolean verifies(KeyType keyType, PublicKey key, byte[] signature)
      throws Exception {
    Signature verifier = Signature.getInstance(keyType.jcaSignature());
    verifier.initVerify(key);
    verifier.update(TEXT);
    return verifier.verify(signature);
  }

  /** Counts what reaches a real driver. */
  private static final class CountingDriver implements TokenDriver {
    private final TokenDriver driver;
    private int resets;

    CountingDriver(TokenDriver driver) {
      this.driver = driver;
    }

    @Override
    public void connect() throws TokenException {
      driver.connect();
    }

    @Override
    public byte[] sign(byte[] text) throws TokenException {
      return driver.sign(text);
    }

    @Override
    public void reopenSession() throws TokenException {
      driver.reopenSession();
    }

    @Override
    public void login() throws TokenException {
      driver.login();
    }

    @Override
    public void findKey() throws TokenException {
      driver.findKey();
    }

    @Override
    public void reset() throws TokenException {
      resets++;
      driver.reset();
    }

    @Override
    public PublicKey publicKey() {
      return driver.publicKey();
    }

    @Override
    public void close() {
      driver.close();
    }
  }
}
