package io.sealgate.signer.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.PublicKey;
import java.security.Signature;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Slot;
import org.xipki.pkcs11.wrapper.Token;

/** Both drivers on one real token that is disturbed behind their backs. */
class TokenLadderTest {
  private static final byte[] TEXT = "a text\n".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path dir;

  private TokenFixture fixture;

  @BeforeEach
  void makeToken() throws Exception {
    fixture = TokenFixture.in(dir, KeyType.P256);
  }

  private SigningToken open(DriverKind kind) throws TokenException {
    return SigningToken.open(kind.driver(fixture.config()), KeyType.P256);
  }

  private static void assertSigns(SigningToken token) throws Exception {
    Signature verifier = Signature.getInstance("SHA256withECDSA");
    verifier.initVerify(token.publicKey());
    verifier.update(TEXT);
    assertTrue(verifier.verify(token.sign(TEXT)));
  }

  @Test
  void shouldBeOneKeyToBothDriversAtOnce() throws Exception {
    try (SigningToken wrapper = open(DriverKind.IPKCS11WRAPPER);
        SigningToken sun = open(DriverKind.SUNPKCS11)) {
      PublicKey key = wrapper.publicKey();
      assertEquals(key, sun.publicKey());
      assertSigns(wrapper);
      assertSigns(sun);
    }
  }

  @ParameterizedTest
  @EnumSource(DriverKind.class)
  void shouldSignWhenAllSessionsWereClosedBehindItsBack(DriverKind kind) throws Exception {
    try (SigningToken token = open(kind)) {
      for (int i = 0; i < 3; i++) {
        try (Pkcs11Module other = Pkcs11Module.open(fixture.config().module())) {
          Slot slot = other.tokenLabelled(fixture.config().tokenLabel()).getSlot();
          slot.getModule().getPKCS11Module().C_CloseAllSessions(slot.getSlotID());
        }
        assertSigns(token);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DriverKind.class)
  void shouldSignWhenItWasLoggedOutBehindItsBack(DriverKind kind) throws Exception {
    try (SigningToken token = open(kind)) {
      try (Pkcs11Module other = Pkcs11Module.open(fixture.config().module())) {
        Token same = other.tokenLabelled(fixture.config().tokenLabel());
        Session session = same.openSession(false);
        // The login is the application's, not the session's.
        session.logout();
        session.closeSession();
      }
      assertSigns(token);
    }
  }

  @ParameterizedTest
  @EnumSource(DriverKind.class)
  void shouldSignAgainWhenTheTokenFolderWasAway(DriverKind kind) throws Exception {
    try (SigningToken token = open(kind)) {
      Path away = dir.resolve("away");
      Files.move(fixture.tokensDir(), away);
      assertThrows(TokenException.class, () -> token.sign(TEXT));
      Files.move(away, fixture.tokensDir());
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(150));
      assertSigns(token);
    }
  }

  @ParameterizedTest
  @EnumSource(DriverKind.class)
  void shouldTryARefusedPinOnceUntilItsFileChanges(DriverKind kind) throws Exception {
    Path pinFile = fixture.config().pinFile();
    String pin = Files.readString(pinFile);
    Files.writeString(pinFile, "not the pin\n");
    TokenException first = assertThrows(TokenException.class, () -> open(kind));
    assertEquals(TokenFault.FATAL, first.fault());
    assertTrue(first.getMessage().contains("each wrong try"), first.getMessage());
    for (int i = 0; i < 20; i++) {
      TokenException again = assertThrows(TokenException.class, () -> open(kind));
      assertEquals(TokenFault.FATAL, again.fault());
      assertTrue(again.getMessage().contains("not tried again"), again.getMessage());
    }
    String remembered = Files.readString(pinFile.resolveSibling("token-pin.refused"));
    assertEquals(Files.getLastModifiedTime(pinFile).toString(), remembered);
    Files.writeString(pinFile, pin);
    Files.setLastModifiedTime(pinFile, FileTime.fromMillis(System.currentTimeMillis() + 5_000));
    try (SigningToken token = open(kind)) {
      assertSigns(token);
    }
  }

  @Test
  void shouldSayThatSunPkcs11HasNoEd25519() {
    TokenConfig config = fixture.config();
    TokenConfig ed25519 =
        new TokenConfig(
            config.module(),
            config.tokenLabel(),
            config.keyLabel(),
            KeyType.ED25519,
            config.pinFile());
    TokenException refused =
        assertThrows(TokenException.class, () -> DriverKind.SUNPKCS11.driver(ed25519));
    assertEquals(TokenFault.FATAL, refused.fault());
    assertTrue(refused.getMessage().contains("has no Ed25519"), refused.getMessage());
  }
}
