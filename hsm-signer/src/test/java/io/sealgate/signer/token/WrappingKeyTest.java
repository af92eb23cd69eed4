package io.sealgate.signer.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKK_AES;
import static org.xipki.pkcs11.wrapper.PKCS11Constants.CKM_AES_KEY_GEN;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Token;

/** The key of keys on a real SoftHSM token, by both drivers. */
class WrappingKeyTest {
  private static final byte[] CONTEXT = "day 2026-11-21".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] KEY = new byte[32];

  static {
    new Random(5).nextBytes(KEY);
  }

  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource(DriverKind.class)
  void shouldUndoItsWrappingWithEitherDriver(DriverKind driver) throws Exception {
    TokenConfig config = content(TokenFixture.in(dir, KeyType.P256));
    WrappingKey key = new WrappingKey(config, driver);
    assertTrue(key.ensure());
    assertFalse(key.ensure(), "a key that is there stays");
    key.prove();
    byte[] wrapped = key.wrap(KEY, CONTEXT);
    assertEquals(KEY.length + WrappingKey.OVERHEAD_BYTES, wrapped.length);
    assertFalse(Arrays.equals(wrapped, key.wrap(KEY, CONTEXT)), "a nonce of its own each time");
    for (DriverKind other : DriverKind.values()) {
      assertArrayEquals(KEY, new WrappingKey(config, other).unwrap(wrapped, CONTEXT));
    }
  }

  @ParameterizedTest
  @EnumSource(DriverKind.class)
  void shouldRefuseWhatItDidNotWrapForThisUse(DriverKind driver) throws Exception {
    TokenConfig config = content(TokenFixture.in(dir, KeyType.P256));
    WrappingKey key = new WrappingKey(config, driver);
    key.ensure();
    byte[] wrapped = key.wrap(KEY, CONTEXT);
    assertThrows(TokenException.class, () -> key.unwrap(wrapped, new byte[] {1}));
    for (int at = 0; at < wrapped.length; at++) {
      byte[] flipped = wrapped.clone();
      flipped[at] ^= 1;
      assertThrows(TokenException.class, () -> key.unwrap(flipped, CONTEXT));
    }
    assertThrows(
        TokenException.class, () -> key.unwrap(new byte[WrappingKey.OVERHEAD_BYTES], CONTEXT));
    WrappingKey other = new WrappingKey(config.withKeyLabel("another"), driver);
    other.ensure();
    assertThrows(TokenException.class, () -> other.unwrap(wrapped, CONTEXT));
    assertArrayEquals(KEY, key.unwrap(wrapped, CONTEXT), "a refusal leaves the key usable");
  }

  @Test
  void shouldRefuseAKeyThatCouldLeaveItsTokenOrDoMore() throws Exception {
    TokenConfig config = content(TokenFixture.in(dir, KeyType.P256));
    Map<String, Consumer<AttributeVector>> faults =
        Map.of(
            "CKA_EXTRACTABLE", key -> key.extractable(true),
            "CKA_SENSITIVE", key -> key.sensitive(false),
            "CKA_WRAP", key -> key.wrap(true),
            "CKA_UNWRAP", key -> key.unwrap(true),
            "CKA_SIGN", key -> key.sign(true),
            "CKA_DECRYPT", key -> key.decrypt(false),
            "not AES-256", key -> key.valueLen(16));
    for (Map.Entry<String, Consumer<AttributeVector>> fault : faults.entrySet()) {
      String label = "bad " + fault.getKey();
      generate(config, label, fault.getValue());
      for (DriverKind driver : DriverKind.values()) {
        WrappingKey key = new WrappingKey(config.withKeyLabel(label), driver);
        TokenException refused = assertThrows(TokenException.class, () -> key.wrap(KEY, CONTEXT));
        assertEquals(TokenFault.FATAL, refused.fault());
        // An extractable key was never "never extractable" either; the first that is wrong is told.
        assertTrue(
            refused.getMessage().contains(fault.getKey())
                || refused.getMessage().contains("CKA_NEVER_EXTRACTABLE")
                || refused.getMessage().contains("CKA_ALWAYS_SENSITIVE"),
            refused.getMessage());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DriverKind.class)
  void shouldNameWhatIsMissingAndWorkAgainWhenItIsBack(DriverKind driver) throws Exception {
    TokenFixture fixture = TokenFixture.in(dir, KeyType.P256);
    WrappingKey key = new WrappingKey(content(fixture), driver);
    TokenException missing = assertThrows(TokenException.class, key::prove);
    assertTrue(missing.getMessage().contains("'content'"), missing.getMessage());
    assertTrue(missing.getMessage().contains("key init"), missing.getMessage());
    key.ensure();
    byte[] wrapped = key.wrap(KEY, CONTEXT);
    Path away = dir.resolve("away");
    Files.move(fixture.tokensDir(), away);
    TokenException gone = assertThrows(TokenException.class, () -> key.unwrap(wrapped, CONTEXT));
    assertNotEquals(TokenFault.FATAL, gone.fault());
    Files.move(away, fixture.tokensDir());
    assertArrayEquals(KEY, key.unwrap(wrapped, CONTEXT));
  }

  @Test
  void shouldWorkBesideTheSigningKeyAndLeaveItLoggedIn() throws Exception {
    TokenFixture fixture = TokenFixture.in(dir, KeyType.P256);
    try (SigningToken token = fixture.open()) {
      for (DriverKind driver : DriverKind.values()) {
        WrappingKey key = new WrappingKey(content(fixture), driver);
        key.ensure();
        assertArrayEquals(KEY, key.unwrap(key.wrap(KEY, CONTEXT), CONTEXT));
        token.prove();
      }
    }
  }

  private static TokenConfig content(TokenFixture fixture) {
    return fixture.config().withKeyLabel("content");
  }

  /** A key with one attribute wrong. */
  private static void generate(TokenConfig config, String label, Consumer<AttributeVector> fault)
      throws Exception {
    try (Pkcs11Module module = Pkcs11Module.open(config.module())) {
      Token token = module.tokenLabelled(config.tokenLabel());
      Session session = token.openSession(true);
      TokenKeys.logIn(session, token, config);
      AttributeVector key =
          AttributeVector.newSecretKey(CKK_AES)
              .valueLen(32)
              .label(label)
              .id(label.getBytes(StandardCharsets.US_ASCII))
              .token(true)
              .private_(true)
              .sensitive(true)
              .extractable(false)
              .encrypt(true)
              .decrypt(true)
              .sign(false)
              .verify(false)
              .wrap(false)
              .unwrap(false)
              .derive(false);
      fault.accept(key);
      session.generateKey(new Mechanism(CKM_AES_KEY_GEN), key);
      session.closeSession();
    }
  }
}
