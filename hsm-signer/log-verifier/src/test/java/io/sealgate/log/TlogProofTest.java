package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.verify.LogVerifier;
import io.sealgate.log.verify.TestTree;
import io.sealgate.log.verify.VerifyExit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TlogProofTest {
  private static final String ORIGIN = "gw.example.com/audit/2026q4";

  private final TestKey key = TestKey.ed25519(ORIGIN);

  private TlogProof proof(TestTree tree, long index) throws IOException {
    return TlogProof.of(
        index,
        Merkle.inclusionProof(index, tree.size(), tree.nodes()),
        SignedNote.parse(tree.note(tree.size(), key)));
  }

  private VerifyExit verify(byte[] proof, byte[] record) throws NoteException {
    return LogVerifier.verifyProof(proof, record, TrustPolicy.of(List.of(key.vkey()))).exit();
  }

  @Test
  void shouldProveEveryRecordOfSmallTreesAndNoOther() throws IOException {
    TestTree tree = new TestTree(ORIGIN);
    for (int size = 1; size <= 40; size++) {
      tree.fill(1);
      for (int index = 0; index < size; index++) {
        byte[] proof = proof(tree, index).toBytes();
        assertArrayEquals(proof, TlogProof.parse(proof).toBytes());
        assertEquals(VerifyExit.VERIFIED, verify(proof, tree.record(index)));
        byte[] other = size == 1 ? TestRecords.utf8("{}") : tree.record((index + 1) % size);
        assertEquals(VerifyExit.INCLUSION, verify(proof, other));
      }
    }
  }

  @Test
  void shouldRefuseEveryProofThatWasChanged() throws IOException {
    long seed = 4;
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      TestTree tree = new TestTree(ORIGIN).fill(1 + random.nextInt(1_500));
      long index = random.nextLong(tree.size());
      TlogProof sound = proof(tree, index);
      byte[] record = tree.record(index);
      String what = "seed " + seed + ", size " + tree.size() + ", index " + index;
      assertEquals(VerifyExit.VERIFIED, verify(sound.toBytes(), record), what);
      byte[] bytes = sound.toBytes();
      byte[] flipped = bytes.clone();
      flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      assertRefused(flipped, record, what + " flipped");
      assertRefused(Arrays.copyOf(bytes, random.nextInt(bytes.length)), record, what + " cut");
      List<byte[]> path = new ArrayList<>(sound.path());
      if (path.size() > 1) {
        Collections.swap(path, 0, path.size() - 1);
        assertRefused(sound, index, path, record, what + " reordered");
      }
      if (!path.isEmpty()) {
        assertRefused(sound, index, path.subList(1, path.size()), record, what + " shortened");
      }
      path = new ArrayList<>(sound.path());
      path.add(random.nextInt(path.size() + 1), tree.root(tree.size()));
      assertRefused(sound, index, path, record, what + " lengthened");
      assertRefused(sound, index + 1, sound.path(), record, what + " moved");
    }
  }

  private void assertRefused(
      TlogProof sound, long index, List<byte[]> path, byte[] record, String what)
      throws NoteException {
    assertRefused(TlogProof.of(index, path, sound.note()).toBytes(), record, what);
  }

  private void assertRefused(byte[] proof, byte[] record, String what) throws NoteException {
    assertFalse(verify(proof, record) == VerifyExit.VERIFIED, what);
  }

  @Test
  void shouldReadExtraDataAndRefuseEveryOtherForm() throws IOException {
    TestTree tree = new TestTree(ORIGIN).fill(3);
    String text = new String(proof(tree, 2).toBytes(), UTF_8);
    String extra =
        text.replace(
            "index 2",
            "extra " + Base64.getEncoder().encodeToString(new byte[] {1, 2}) + "\nindex 2");
    TlogProof parsed = TlogProof.parse(extra.getBytes(UTF_8));
    assertArrayEquals(new byte[] {1, 2}, parsed.extra());
    assertEquals(extra, new String(parsed.toBytes(), UTF_8));
    assertEquals(VerifyExit.VERIFIED, verify(extra.getBytes(UTF_8), tree.record(2)));
    String hash = text.lines().skip(2).findFirst().orElseThrow();
    for (String bad :
        List.of(
            "",
            text.replace("@v1", "@v2"),
            text.replace("index 2", "index 02"),
            text.replace("index 2", "index -2"),
            text.replace("index 2", "index 2\r"),
            text.replace("index 2", "index 99999999999999999999"),
            text.replace("index 2", "extra AQI\nindex 2"),
            text.replace("index 2", "index 2\nextra AQI="),
            text.replace("index 2", "index 2 "),
            text.replace("index 2\n", ""),
            text.replace(hash, hash + "="),
            text.replace(hash, "AQI="),
            text.replace(hash, (hash + "\n").repeat(64) + hash),
            text + "x",
            text.replaceFirst("\n\n", "\n"),
            "\uFEFF" + text)) {
      assertThrows(NoteException.class, () -> TlogProof.parse(bad.getBytes(UTF_8)), bad);
      assertEquals(VerifyExit.MALFORMED, verify(bad.getBytes(UTF_8), tree.record(2)), bad);
    }
    assertThrows(
        NoteException.class, () -> TlogProof.parse(new byte[TlogProof.PROOF_BYTES_MAX + 1]));
    assertTrue(TlogProof.parse(text.getBytes(UTF_8)).extra() == null);
  }
}
