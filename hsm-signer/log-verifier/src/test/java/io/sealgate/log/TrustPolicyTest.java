package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TrustPolicyTest {
  private final TestKey log = TestKey.ed25519("gw.example.com/audit/2026q4");
  private final List<TestKey> witnesses = new ArrayList<>();

  TrustPolicyTest() {
    for (int i = 0; i < 6; i++) {
      witnesses.add(TestKey.witness("w" + i + ".example.com"));
    }
  }

  private static TrustPolicy parse(String text) throws NoteException {
    return TrustPolicy.parse(text.getBytes(UTF_8));
  }

  /** The example of the specification: two of X1 X2 X3, and one of Y1 Y2 Y3. */
  private String example() {
    StringBuilder out = new StringBuilder("# who we trust\n\n\tlog  " + log.vkey() + " \n");
    for (int i = 0; i < 6; i++) {
      String name = (i < 3 ? "X" : "Y") + (i % 3 + 1);
      out.append("witness ").append(name).append(' ').append(witnesses.get(i).vkey());
      out.append(i == 0 ? " https://w0.example.com/\n" : "\n");
    }
    out.append("group X-witnesses 2 X1 X2 X3\ngroup Y-witnesses any Y1 Y2 Y3\n");
    return out.append("group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n").toString();
  }

  @Test
  void shouldCountWitnessesAsTheExampleOfTheSpecificationSays() throws NoteException {
    TrustPolicy policy = parse(example());
    for (int set = 0; set < 64; set++) {
      List<Vkey> signed = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        if ((set >> i & 1) == 1) {
          signed.add(witnesses.get(i).vkey());
        }
      }
      boolean enough = Integer.bitCount(set & 7) >= 2 && set >> 3 != 0;
      assertEquals(enough, policy.isQuorum(signed), Integer.toBinaryString(set));
    }
    assertEquals("https://w0.example.com/", policy.witnesses().getFirst().url());
    assertEquals(List.of(log.vkey()), policy.logKeys("gw.example.com/audit/2026q4"));
    assertEquals(List.of(), policy.logKeys("gw.example.com/audit/2026q3"));
    assertArrayEquals(policy.toBytes(), TrustPolicy.parse(policy.toBytes()).toBytes());
  }

  @Test
  void shouldTakeAFileOfKeysAloneAsLogsWithoutWitnesses() throws NoteException {
    TestKey other = TestKey.p256("gw.example.com");
    TrustPolicy policy = parse("# keys\n" + log.vkey() + "\n" + other.vkey());
    assertFalse(policy.asksForWitnesses());
    assertTrue(policy.isQuorum(List.of()));
    assertEquals(
        List.of(other.vkey()),
        policy.logKeys("gw.example.com/audit/2027q1"),
        "the whole log's key");
    assertEquals(List.of(), policy.logKeys("gw.example.comet/audit/2027q1"));
    assertEquals(1, policy.withLogsOf("gw.example.com/audit/2027q1").logs().size());
  }

  @Test
  void shouldRefuseEverythingElse() {
    String key = log.vkey().toString();
    String witness = witnesses.getFirst().vkey().toString();
    for (String bad :
        List.of(
            "",
            "# nothing\n",
            "log " + key,
            "log " + key + "\nlog " + key + "\nquorum none",
            "log " + witness + "\nquorum none",
            "witness w " + key + "\nquorum none",
            "witness none " + witness + "\nquorum none",
            "witness w " + witness + "\nwitness v " + witness + "\nquorum none",
            "witness w " + witness + "\nwitness w " + witnesses.get(1).vkey() + "\nquorum w",
            "quorum none\nquorum none",
            "quorum w\nwitness w " + witness,
            "witness w " + witness + "\ngroup g 2 w\nquorum g",
            "witness w " + witness + "\ngroup g 0 w\nquorum g",
            "witness w " + witness + "\ngroup g 01 w\nquorum g",
            "witness w " + witness + "\ngroup g any w w\nquorum g",
            "witness w " + witness + "\ngroup g any w\ngroup h any w\nquorum g",
            "witness w " + witness + "\ngroup g any g\nquorum g",
            "witness w " + witness + "\ngroup g any none\nquorum g",
            "witness w " + witness + "\ngroup w any w\nquorum w",
            "group g any\nquorum g",
            "log " + key + " url more\nquorum none",
            "log\u00a0" + key + "\nquorum none",
            "log " + key + "\r\nquorum none\r\n",
            "log " + key + "\nquorum none\u0000",
            "logs " + key + "\nquorum none",
            key.replace("gw", "gx"))) {
      assertThrows(NoteException.class, () -> parse(bad), bad);
    }
    assertThrows(
        NoteException.class, () -> TrustPolicy.parse(new byte[TrustPolicy.FILE_BYTES_MAX + 1]));
    assertThrows(NoteException.class, () -> TrustPolicy.parse(new byte[] {'#', (byte) 0xC0, '\n'}));
    NoteException named = assertThrows(NoteException.class, () -> parse("quorum none\n\nlog x"));
    assertTrue(named.getMessage().startsWith("line 3: "), named.getMessage());
  }

  @Test
  void shouldRefuseAWholeNoteWhenOneKnownSignatureIsBad() throws NoteException {
    TrustPolicy policy = parse(example());
    byte[] text = Checkpoint.of(log.vkey().name(), 7, new byte[32]).toBytes();
    SignedNote.SignatureLine good = log.line(text);
    SignedNote.SignatureLine cosigned = witnesses.getFirst().cosign(text, 1_700_000_000L);
    assertEquals(
        List.of(log.vkey(), witnesses.getFirst().vkey()),
        policy.signers(SignedNote.of(text, List.of(good, cosigned)), log.vkey().name()));
    byte[] later = cosigned.signature().clone();
    later[7]++;
    SignedNote.SignatureLine moved =
        SignedNote.SignatureLine.by(witnesses.getFirst().vkey(), later);
    assertThrows(
        NoteException.class,
        () -> policy.signers(SignedNote.of(text, List.of(good, moved)), log.vkey().name()),
        "the time is signed");
    assertThrows(
        NoteException.class,
        () -> policy.signers(SignedNote.of(text, List.of(cosigned)), log.vkey().name()));
  }

  @Test
  void shouldReadAndRefuseWitnessKeysLikeOthers() throws NoteException {
    Vkey key = witnesses.getFirst().vkey();
    assertEquals(key, Vkey.parse(key.toString()));
    assertEquals(Vkey.Type.COSIGNATURE_ED25519, key.type());
    byte[] text = Checkpoint.of("a", 1, new byte[32]).toBytes();
    byte[] signature = witnesses.getFirst().cosign(text, 5).signature();
    assertEquals(5, Cosignature.seconds(signature));
    assertTrue(key.verifies(text, signature));
    assertFalse(key.verifies(text, new byte[71]));
    byte[] negative = signature.clone();
    negative[0] = (byte) 0x80;
    assertFalse(key.verifies(text, negative));
    assertEquals(
        "cosignature/v1\ntime 5\na\n1\n",
        new String(Cosignature.message(5, text), UTF_8).substring(0, 26));
  }
}
