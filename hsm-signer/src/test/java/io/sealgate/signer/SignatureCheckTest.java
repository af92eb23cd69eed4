package io.sealgate.signer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sealgate.log.TestKey;
import io.sealgate.log.Vkey;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** libcrypto against the JDK: they must agree on every signature, good or damaged. */
class SignatureCheckTest {
  private static final byte[] TEXT =
      "sealgate.test/audit/2026q4\n7\nroot\n".getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @CsvSource({"EC,256,SHA256withECDSA", "Ed25519,255,Ed25519"})
  void shouldAgreeWithTheJdkOnGoodAndDamagedSignatures(
      String algorithm, int bits, String signatureName) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    KeyPair pair = generator.generateKeyPair();
    Vkey key = Vkey.of("sealgate.test/audit/2026q4", pair.getPublic());
    Signature signer = Signature.getInstance(signatureName);
    signer.initSign(pair.getPrivate());
    signer.update(TEXT);
    byte[] good = signer.sign();
    Libcrypto libcrypto = Libcrypto.open(key);
    assumeTrue(libcrypto != null, "libcrypto.so.3 is not installed");
    try (libcrypto) {
      assertTrue(libcrypto.verifies(TEXT, good));
      Random random = new Random(7);
      for (int round = 0; round < 300; round++) {
        byte[] damaged = good.clone();
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        assertEquals(key.verifies(TEXT, damaged), libcrypto.verifies(TEXT, damaged));
      }
      byte[] otherText = TEXT.clone();
      otherText[3] ^= 1;
      assertFalse(libcrypto.verifies(otherText, good));
      assertFalse(libcrypto.verifies(TEXT, new byte[0]));
      assertFalse(libcrypto.verifies(TEXT, new byte[1_000]));
    }
    try (SignatureCheck check = new SignatureCheck(key)) {
      assertTrue(check.isFast());
      assertTrue(check.good(TEXT, good));
      assertFalse(check.good(otherOf(TEXT), good));
      assertTrue(check.isFast(), "a bad signature is no disagreement");
    }
  }

  @Test
  void shouldCheckForManyThreadsWithManyKeys() throws Exception {
    List<TestKey> keys = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      keys.add(i % 2 == 0 ? TestKey.p256("log-" + i) : TestKey.ed25519("log-" + i));
    }
    keys.add(TestKey.witness("witness"));
    try (HostSignatures host = new HostSignatures()) {
      long wrong =
          IntStream.range(0, 2_000)
              .parallel()
              .filter(
                  i -> {
                    TestKey key = keys.get(i % keys.size());
                    byte[] good = key.line(TEXT).signature();
                    return !host.good(key.vkey(), TEXT, good)
                        || host.good(key.vkey(), otherOf(TEXT), good)
                        || host.good(keys.get((i + 2) % keys.size()).vkey(), TEXT, good);
                  })
              .count();
      assertEquals(0, wrong);
    }
  }

  private static byte[] otherOf(byte[] text) {
    byte[] other = text.clone();
    other[0] ^= 1;
    return other;
  }
}
