package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.verify.TestTree;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** DSSE envelopes and COSE receipts. */
final class EnvelopesTest {
  private final List<TestKey> keys = List.of(TestKey.p256("a"), TestKey.ed25519("b"));

  @Test
  void shouldEncodeAsTheDsseSpecificationShows() {
    assertEquals(
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
        new String(
            Dsse.pae("http://example.com/HelloWorld", TestRecords.utf8("hello world")), UTF_8));
  }

  @Test
  void shouldReadBackAnEnvelopeAndRefuseEveryChangedOne() throws NoteException {
    long seed = 8;
    Random random = new Random(seed);
    for (TestKey key : keys) {
      byte[] record = TestRecords.record(11);
      Dsse.Signature signature =
          new Dsse.Signature(key.vkey().name(), key.raw(Dsse.pae(Dsse.RECORD_TYPE, record)));
      byte[] envelope = new Dsse(Dsse.RECORD_TYPE, record, List.of(signature)).toBytes();
      Dsse parsed = Dsse.parse(envelope);
      assertArrayEquals(envelope, parsed.toBytes());
      assertArrayEquals(record, parsed.payload());
      assertTrue(parsed.isSignedBy(key.vkey()));
      int keyIdAt = new String(envelope, UTF_8).indexOf("keyid");
      for (int round = 0; round < 500; round++) {
        byte[] changed = envelope.clone();
        int at = random.nextInt(envelope.length);
        changed[at] ^= (byte) (1 << random.nextInt(8));
        // The key id is a hint that nothing signs.
        boolean hint = at > keyIdAt && at < keyIdAt + 12;
        assertTrue(hint || !isGood(changed, key.vkey()), "seed " + seed + ", byte " + at);
      }
    }
    assertThrows(NoteException.class, () -> Dsse.parse(TestRecords.utf8("{}")));
    assertThrows(NoteException.class, () -> Dsse.parse(new byte[Dsse.ENVELOPE_BYTES_MAX + 1]));
  }

  private static boolean isGood(byte[] envelope, Vkey key) {
    try {
      return Dsse.parse(envelope).isSignedBy(key);
    } catch (NoteException _) {
      // Refused for its form, which is what is asked for.
      return false;
    }
  }

  @Test
  void shouldEncodeIntegersAsInTheCborSpecification() {
    assertEquals("00", hex(new Cbor.Writer().integer(0)));
    assertEquals("17", hex(new Cbor.Writer().integer(23)));
    assertEquals("1818", hex(new Cbor.Writer().integer(24)));
    assertEquals("1903e8", hex(new Cbor.Writer().integer(1_000)));
    assertEquals("1a000f4240", hex(new Cbor.Writer().integer(1_000_000)));
    assertEquals("1b000000e8d4a51000", hex(new Cbor.Writer().integer(1_000_000_000_000L)));
    assertEquals("20", hex(new Cbor.Writer().integer(-1)));
    assertEquals("3903e7", hex(new Cbor.Writer().integer(-1_000)));
    assertEquals("4401020304", hex(new Cbor.Writer().bytes(new byte[] {1, 2, 3, 4})));
    assertEquals("6449455446", hex(new Cbor.Writer().ascii("IETF")));
    assertEquals("f6", hex(new Cbor.Writer().nullValue()));
  }

  private static String hex(Cbor.Writer writer) {
    return HexFormat.of().formatHex(writer.toByteArray());
  }

  @Test
  void shouldLayAReceiptOutAsTheRfcSays() throws IOException {
    TestTree tree = new TestTree("o").fill(2);
    byte[] receipt = receipt(keys.getFirst(), tree, 1).toBytes();
    String hex = HexFormat.of().formatHex(receipt);
    // 18([<<{1: -7, 395: 1}>>, {396: {-1: [<<[2, 1, [h'..']]>>]}}, null, h'..'])
    assertTrue(
        hex.startsWith("d284" + "47a2012619018b01" + "a119018ca120815826" + "830201815820"), hex);
    assertTrue(hex.contains(HexFormat.of().formatHex(Merkle.leafHash(tree.record(0))) + "f65840"));
    assertEquals(
        "846a5369676e61747572653147a2012619018b01405820" + "00".repeat(32),
        HexFormat.of().formatHex(CoseReceipt.toBeSigned(CoseReceipt.ES256, new byte[32])));
  }

  private static CoseReceipt receipt(TestKey key, TestTree tree, long index) throws IOException {
    byte[] message =
        CoseReceipt.toBeSigned(CoseReceipt.algorithm(key.vkey()), tree.root(tree.size()));
    return CoseReceipt.of(
        key.vkey(),
        tree.size(),
        index,
        Merkle.inclusionProof(index, tree.size(), tree.nodes()),
        key.raw(message));
  }

  @Test
  void shouldProveEveryRecordAndRefuseEveryChangedReceipt() throws IOException {
    long seed = 9;
    Random random = new Random(seed);
    for (TestKey key : keys) {
      for (int size = 2; size < 70; size += 3) {
        TestTree tree = new TestTree("o").fill(size);
        int index = random.nextInt(size);
        byte[] bytes = receipt(key, tree, index).toBytes();
        CoseReceipt parsed = CoseReceipt.parse(bytes);
        assertArrayEquals(bytes, parsed.toBytes());
        String what = "seed " + seed + ", size " + size + ", index " + index;
        assertTrue(parsed.proves(tree.record(index), key.vkey()), what);
        assertFalse(parsed.proves(tree.record((index + 1) % size), key.vkey()), what);
        assertFalse(parsed.proves(tree.record(index), TestKey.p256("a").vkey()), what);
        for (int round = 0; round < 20; round++) {
          byte[] changed = bytes.clone();
          changed[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
          assertFalse(isGood(changed, tree, index, key.vkey()), what);
        }
        byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        assertThrows(NoteException.class, () -> CoseReceipt.parse(cut), what);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThrows(NoteException.class, () -> CoseReceipt.parse(longer), what);
      }
    }
    TestTree one = new TestTree("o").fill(1);
    assertThrows(IllegalArgumentException.class, () -> receipt(keys.getFirst(), one, 0));
  }

  private static boolean isGood(byte[] receipt, TestTree tree, int index, Vkey key) {
    try {
      CoseReceipt parsed = CoseReceipt.parse(receipt);
      // The root is what is signed, and trees of several sizes have paths of one shape.
      return parsed.size() == tree.size() && parsed.proves(tree.record(index), key);
    } catch (NoteException _) {
      // Refused for its form, which is what is asked for.
      return false;
    }
  }
}
