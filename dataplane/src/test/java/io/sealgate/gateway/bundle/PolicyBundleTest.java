package io.sealgate.gateway.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.bundle.PolicyBundle.BundleFile;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.NoteVerifier;
import io.sealgate.log.Vkey;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyBundleTest {
  private static final Instant EXPIRES = Instant.parse("2027-01-31T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

  @TempDir private Path folder;
  private PolicyKey keys;
  private byte[] bundle;

  @BeforeEach
  void build() throws GatewayException {
    keys = PolicyKey.make(folder.resolve("key"), "owner", Vkey.Type.ED25519);
    bundle = signed(keys);
  }

  private static byte[] signed(final PolicyKey by) throws GatewayException {
    return PolicyBundle.build(
        "acme",
        3,
        EXPIRES,
        List.of(
            new BundleFile("b \u00e9.yaml", new byte[] {0, 1, 2, 10}),
            new BundleFile("a.yaml", new byte[0])),
        by);
  }

  @Test
  void shouldReadWhatItBuilt() throws GatewayException {
    final PolicyBundle read = PolicyBundle.verify(bundle, NoteVerifier.of(keys.vkey()), NOW);
    assertEquals("acme", read.org());
    assertEquals(3, read.version());
    assertEquals(EXPIRES, read.expires());
    assertEquals(List.of("owner"), read.signers());
    assertEquals("a.yaml", read.files().getFirst().name());
    assertArrayEquals(new byte[] {0, 1, 2, 10}, read.files().get(1).content());
    final PolicyKey again = PolicyKey.read(folder.resolve("key"));
    assertEquals(keys.vkey(), again.vkey());
    PolicyBundle.verify(signed(again), NoteVerifier.of(keys.vkey()), NOW);
  }

  @Test
  void shouldRefuseEveryFlippedBitAndEveryOtherLength() {
    final NoteVerifier trusted = NoteVerifier.of(keys.vkey());
    for (int i = 0; i < bundle.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        final byte[] changed = bundle.clone();
        changed[i] ^= (byte) (1 << bit);
        final int at = i;
        assertThrows(
            GatewayException.class,
            () -> PolicyBundle.verify(changed, trusted, NOW),
            () -> "byte " + at);
      }
    }
    for (int length = 0; length <= bundle.length + 1; length++) {
      if (length != bundle.length) {
        final byte[] changed = Arrays.copyOf(bundle, length);
        assertThrows(GatewayException.class, () -> PolicyBundle.verify(changed, trusted, NOW));
      }
    }
  }

  @Test
  void shouldRefuseOtherKeysAndWhatExpired() throws GatewayException {
    final PolicyKey other = PolicyKey.make(folder.resolve("other"), "owner", Vkey.Type.ED25519);
    final GatewayException unknown =
        assertThrows(
            GatewayException.class,
            () -> PolicyBundle.verify(bundle, NoteVerifier.of(other.vkey()), NOW));
    assertTrue(unknown.getMessage().contains("no trusted key"), unknown.getMessage());
    final GatewayException late =
        assertThrows(
            GatewayException.class,
            () -> PolicyBundle.verify(bundle, NoteVerifier.of(keys.vkey()), EXPIRES));
    assertTrue(late.getMessage().contains("expired"), late.getMessage());
  }
}
