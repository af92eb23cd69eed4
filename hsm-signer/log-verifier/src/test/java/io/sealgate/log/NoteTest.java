package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NoteTest {
  private static final String NEUMANN =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  private static final String NEUMANN_TEXT =
      "If you think cryptography is the answer to your problem,\n"
          + "then you don't know what your problem is.\n";
  private static final String NEUMANN_NOTE =
      NEUMANN_TEXT
          + "\n"
          + "\u2014 PeterNeumann"
          + " x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

  @TempDir Path dir;

  @Test
  void shouldAcceptThePublishedNote() throws NoteException {
    SignedNote note = SignedNote.parse(NEUMANN_NOTE.getBytes(UTF_8));
    assertEquals(NEUMANN_TEXT, new String(note.text(), UTF_8));
    assertArrayEquals(NEUMANN_NOTE.getBytes(UTF_8), note.toBytes());
    Vkey key = Vkey.parse(NEUMANN);
    assertEquals(List.of(key), NoteVerifier.of(key).verify(note));
  }

  @Test
  void shouldReadPublishedKeysAndRefuseThemUnderAnotherName() throws NoteException {
    String tessera =
        "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
    Vkey key = Vkey.parse(tessera);
    assertEquals(Vkey.Type.ED25519, key.type());
    assertEquals("example.com/log/testdata", key.name());
    assertEquals(0x33d7b496, key.keyId());
    assertEquals(tessera, key.toString());
    assertThrows(NoteException.class, () -> Vkey.parse(tessera.replace("example", "sample")));
    assertThrows(NoteException.class, () -> Vkey.parse(tessera.replace("33d7", "33D7")));
    assertThrows(NoteException.class, () -> Vkey.parse(tessera.replace("kSx", "kSy")));
    assertThrows(NoteException.class, () -> Vkey.parse(tessera.substring(0, 40)));
    assertThrows(NoteException.class, () -> Vkey.parse("name+00000000+"));
    assertThrows(NoteException.class, () -> Vkey.parse("a b+00000000+AQ=="));
    assertThrows(NoteException.class, () -> Vkey.parse("x+00000000+BQ=="));
  }

  @Test
  void shouldTakeTheKeyIdOfAnEcdsaKeyFromTheKeyAlone() throws Exception {
    TestKey key = TestKey.p256("gw.example.com");
    byte[] spki = key.publicKey().getEncoded();
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(spki);
    assertEquals(ByteBuffer.wrap(hash).getInt(), key.vkey().keyId());
    assertEquals(key.vkey(), Vkey.parse(key.vkey().toString()));
    assertEquals(key.vkey().keyId(), Vkey.ecdsaP256("other", spki).keyId());
    spki[spki.length - 1] ^= 1;
    assertThrows(NoteException.class, () -> Vkey.ecdsaP256("off.the.curve", spki));
    assertThrows(NoteException.class, () -> Vkey.ecdsaP256("short", new byte[90]));
  }

  @Test
  void shouldVerifyNotesOfBothKeyTypesAndNoChangedOnes() throws NoteException {
    byte[] text = TestRecords.utf8("first line\nsecond \u00e9 line\n");
    for (TestKey key : List.of(TestKey.ed25519("a"), TestKey.p256("b"))) {
      byte[] note = key.sign(text);
      assertArrayEquals(text, SignedNote.parse(note).text());
      key.verifier().verify(SignedNote.parse(note));
      for (int i = 0; i < text.length - 1; i++) {
        byte[] changed = note.clone();
        changed[i] ^= 1;
        assertThrows(
            NoteException.class,
            () -> key.verifier().verify(SignedNote.parse(changed)),
            "byte " + i);
      }
    }
  }

  @Test
  void shouldIgnoreStrangersButNotBadSignaturesOfKnownKeys() throws NoteException {
    byte[] text = TestRecords.utf8("text\n");
    TestKey known = TestKey.ed25519("known");
    TestKey second = TestKey.p256("second");
    TestKey stranger = TestKey.ed25519("stranger");
    SignedNote both = SignedNote.of(text, List.of(stranger.line(text), known.line(text)));
    NoteVerifier verifier = NoteVerifier.of(List.of(known.vkey(), second.vkey()));
    assertEquals(List.of(known.vkey()), verifier.verify(both));
    assertThrows(NoteException.class, () -> second.verifier().verify(both));
    SignedNote forged =
        SignedNote.of(
            text,
            List.of(
                known.line(text),
                SignedNote.SignatureLine.by(second.vkey(), new byte[] {1, 2, 3})));
    assertThrows(NoteException.class, () -> verifier.verify(forged));
  }

  @Test
  void shouldRefuseNotesThatAreNotByteExact() {
    String good = NEUMANN_NOTE;
    String line = good.substring(good.indexOf('\u2014'));
    List<String> bad =
        List.of(
            "",
            "\n",
            "\n\n",
            NEUMANN_TEXT,
            good.substring(0, good.length() - 1),
            good + "\n",
            good + "junk\n",
            good.replace("\n\n", "\n"),
            good.replace("\n", "\r\n"),
            good.replace("If", "I\0f"),
            good.replace("\u2014", "-"),
            good.replace("\u2014 ", "\u2014  "),
            good.replace("JnAM=", "JnAM"),
            good.replace("JnAM=", "JnAN="),
            good.replace("PeterNeumann", "Peter+Neumann"),
            good.replace("\u2014 PeterNeumann", "\u2014 Peter\u00a0Neumann"),
            NEUMANN_TEXT + "\n\u2014 PeterNeumann x08goA\n",
            NEUMANN_TEXT + "\n\u2014 PeterNeumann x08gow==\n",
            NEUMANN_TEXT + "\n" + line.repeat(SignedNote.SIGNATURES_MAX + 1));
    for (String note : bad) {
      assertThrows(NoteException.class, () -> SignedNote.parse(note.getBytes(UTF_8)), note);
    }
    byte[] notUtf8 = good.getBytes(UTF_8);
    notUtf8[3] = (byte) 0xFF;
    assertThrows(NoteException.class, () -> SignedNote.parse(notUtf8));
    assertThrows(
        NoteException.class, () -> SignedNote.parse(new byte[SignedNote.NOTE_BYTES_MAX + 1]));
    assertThrows(
        NoteException.class, () -> SignedNote.of(TestRecords.utf8("no newline"), List.of()));
  }

  @Test
  void shouldAcceptManySignatures() throws NoteException {
    byte[] text = TestRecords.utf8("text\n");
    List<SignedNote.SignatureLine> lines = new ArrayList<>();
    TestKey last = TestKey.ed25519("last");
    for (int i = 0; i < 16; i++) {
      lines.add(TestKey.ed25519("key" + i).line(text));
    }
    lines.add(last.line(text));
    byte[] note = SignedNote.of(text, lines).toBytes();
    last.verifier().verify(SignedNote.parse(note));
  }

  @Test
  void shouldReadCheckpointsStrictly() throws NoteException {
    String root = Base64.getEncoder().encodeToString(Merkle.emptyRoot());
    String text = "gw.example.com/audit/2026q4\n0\n" + root + "\n";
    Checkpoint checkpoint = Checkpoint.parse(text.getBytes(UTF_8));
    assertEquals("gw.example.com/audit/2026q4", checkpoint.origin());
    assertEquals(0, checkpoint.size());
    assertArrayEquals(Merkle.emptyRoot(), checkpoint.root());
    assertArrayEquals(text.getBytes(UTF_8), checkpoint.toBytes());
    String extended = text.replace("\n0\n", "\n9223372036854775807\n") + "extra line\n";
    assertEquals(List.of("extra line"), Checkpoint.parse(extended.getBytes(UTF_8)).extensions());
    assertArrayEquals(
        extended.getBytes(UTF_8), Checkpoint.parse(extended.getBytes(UTF_8)).toBytes());
    List<String> bad =
        List.of(
            "",
            "\n0\n" + root + "\n",
            text.substring(0, text.length() - 1),
            text + "\n",
            text.replace("\n0\n", "\n00\n"),
            text.replace("\n0\n", "\n+1\n"),
            text.replace("\n0\n", "\n-1\n"),
            text.replace("\n0\n", "\n9223372036854775808\n"),
            text.replace("FU=", "FV="),
            text.replace("FU=", "FU"),
            text.replace(root, "AAAA"),
            text + "e\n".repeat(Checkpoint.EXTENSIONS_MAX + 1));
    for (String one : bad) {
      assertThrows(NoteException.class, () -> Checkpoint.parse(one.getBytes(UTF_8)), one);
    }
  }

  @Test
  void shouldReadTrustFiles() throws NoteException {
    NoteVerifier verifier = NoteVerifier.parse("# keys of the log\n\n" + NEUMANN + "\n");
    assertEquals(List.of(Vkey.parse(NEUMANN)), verifier.keys());
    assertThrows(NoteException.class, () -> NoteVerifier.parse("# nothing\n"));
    assertThrows(NoteException.class, () -> NoteVerifier.parse("nonsense\n"));
  }

  @Test
  void shouldSatisfyOpensslWithNotesOfBothTypes() throws Exception {
    assumeTrue(run("openssl", "version") == 0, "openssl is not on the PATH");
    byte[] text = Checkpoint.of("gw.example.com/audit/2026q4", 0, Merkle.emptyRoot()).toBytes();
    Path textFile = Files.write(dir.resolve("text"), text);
    for (TestKey key : List.of(TestKey.p256("gw"), TestKey.ed25519("gw"))) {
      SignedNote note = SignedNote.parse(key.sign(text));
      Path pem = pem(key);
      Path signature =
          Files.write(dir.resolve("signature"), note.signatures().getFirst().signature());
      assertTrue(openssl(key, pem, signature, textFile), key.vkey().type().name());
      Path other = Files.write(dir.resolve("other"), TestRecords.utf8("another text\n"));
      assertFalse(openssl(key, pem, signature, other), key.vkey().type().name());
    }
  }

  private Path pem(TestKey key) throws IOException {
    String encoded = Base64.getEncoder().encodeToString(key.publicKey().getEncoded());
    return Files.writeString(
        dir.resolve("key.pem"),
        "-----BEGIN PUBLIC KEY-----\n" + encoded + "\n-----END PUBLIC KEY-----\n");
  }

  private boolean openssl(TestKey key, Path pem, Path signature, Path text) throws Exception {
    return switch (key.vkey().type()) {
      case ECDSA_P256 ->
          run(
                  "openssl",
                  "dgst",
                  "-sha256",
                  "-verify",
                  "" + pem,
                  "-signature",
                  "" + signature,
                  "" + text)
              == 0;
      case ED25519, COSIGNATURE_ED25519 ->
          run(
                  "openssl",
                  "pkeyutl",
                  "-verify",
                  "-pubin",
                  "-inkey",
                  "" + pem,
                  "-rawin",
                  "-in",
                  "" + text,
                  "-sigfile",
                  "" + signature)
              == 0;
    };
  }

  private int run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(dir.resolve("output").toFile())
              .start();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return -1;
      }
      return process.exitValue();
    } catch (IOException _) {
      return -1;
    }
  }
}
