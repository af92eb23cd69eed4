package io.sealgate.signer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.NoteVerifier;
import io.sealgate.log.SignedNote;
import io.sealgate.log.Vkey;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.verify.VerifyReport;
import io.sealgate.signer.token.KeyType;
import io.sealgate.signer.token.TokenKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of keys in a real token and a real log. */
class LogKeysTest {
  @TempDir Path dir;

  private final AtomicReference<SignerException> fatal = new AtomicReference<>();
  private SignerConfig config;
  private LogKeys keys;

  @BeforeEach
  void configure() {
    use(KeyType.P256);
  }

  private void use(KeyType type) {
    config = SignerFixture.config(dir, type, false);
    keys = new LogKeys(config);
  }

  @AfterEach
  void nothingFatalHappened() {
    assertNull(fatal.get());
  }

  private void runSigner() throws Exception {
    Signer.start(config, fatal::set).close();
  }

  private void verify() throws Exception {
    VerifyReport report = DataVerifier.verify(config.dataDir());
    assertTrue(report.ok(), report::problem);
  }

  /** The keys under a head, by the whole trust file. */
  private List<Vkey> signers(long size) throws Exception {
    try (LogReader log = LogReader.open(config.logDir())) {
      byte[] note = log.checkpointAt(log.shards().getLast(), size);
      return NoteVerifier.parse(Files.readString(config.trustFile()))
          .verify(SignedNote.parse(note));
    }
  }

  private Map<?, ?> event(long index, String name) throws Exception {
    try (LogReader log = LogReader.open(config.logDir())) {
      Map<?, ?> event = SignerEvents.parse(log.record(log.shards().getLast(), index), name);
      assertNotNull(event, () -> "no " + name + " at " + index);
      return event;
    }
  }

  private long size() throws Exception {
    try (LogReader log = LogReader.open(config.logDir())) {
      return log.size(log.shards().getLast());
    }
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void shouldOverlapAndRetireInTheLogWhenAKeyIsRotated(KeyType type) throws Exception {
    use(type);
    Vkey first = keys.init();
    assertEquals(first, keys.init(), "what exists is left as it is");
    assertEquals(List.of(), keys.list());
    runSigner();
    Vkey second = keys.rotate("sealgate-log-2");
    assertEquals(second.toString(), event(2, "key-add").get("key"));
    assertEquals("3", event(2, "key-add").get("valid_from"));
    assertEquals(List.of(first), signers(3), "announced under the old key alone");
    assertEquals(List.of("sealgate-log-2", "sealgate-log"), keys.ring());
    runSigner();
    assertEquals(2, signers(size()).size(), "both sign while they overlap");
    SignerException again =
        assertThrows(SignerException.class, () -> keys.rotate("sealgate-log-3"));
    assertTrue(again.getMessage().contains("under way"), again.getMessage());

    long before = size();
    assertEquals(first, keys.retire("sealgate-log"));
    assertEquals(Long.toString(before), event(before, "key-retire").get("last_size"));
    assertEquals(first.toString(), event(before, "key-retire").get("key"));
    assertEquals(List.of(second), signers(before + 1), "the retired key signs no more");
    runSigner();
    assertEquals(List.of(second), signers(size()));
    assertEquals(List.of(false, true), keys.list().stream().map(LogKeys.Known::signing).toList());
    verify();
  }

  @Test
  void shouldRefuseToRetireTheOnlyKey() throws Exception {
    runSigner();
    SignerException refused =
        assertThrows(SignerException.class, () -> keys.retire("sealgate-log"));
    assertTrue(refused.getMessage().contains("rotate to a new key first"), refused.getMessage());
    assertEquals(List.of("sealgate-log"), keys.ring());
  }

  @Test
  void shouldFinishARotationThatWasCutShortBeforeItsLeaf() throws Exception {
    runSigner();
    // As after a crash between the key ring and the leaf: the next start finds an unknown key.
    TokenKeys.ensure(config.firstToken().withKeyLabel("sealgate-log-2"));
    KeyRing.write(config, List.of("sealgate-log-2", "sealgate-log"));
    runSigner();
    assertEquals("3", event(2, "key-add").get("valid_from"));
    assertEquals(1, signers(3).size());
    assertEquals(2, signers(size()).size());
    verify();
  }

  @Test
  void shouldRefuseKeyWorkWhileASignerRuns() throws Exception {
    try (Signer signer = Signer.start(config, fatal::set)) {
      SignerException refused =
          assertThrows(SignerException.class, () -> keys.rotate("sealgate-log-2"));
      assertEquals(ExitCode.CONFIGURATION, refused.exitCode());
      assertTrue(refused.getMessage().contains("another signer works in"), refused.getMessage());
      assertTrue(keys.list().getFirst().signing());
      assertEquals(signer.key(), keys.list().getFirst().vkey());
    }
  }

  @Test
  void shouldSealTheHashOfTranscriptsAndAttestations() throws Exception {
    runSigner();
    String transcript = "two people, one key\n";
    Path kept = keys.sealTranscript(transcript);
    assertEquals(transcript, Files.readString(kept));
    String hash =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(transcript.getBytes(StandardCharsets.UTF_8)));
    assertEquals(hash, event(2, "ceremony").get("transcript_sha256"));
    byte[] blob = {1, 2, 3};
    assertArrayEquals(blob, Files.readAllBytes(keys.sealAttestation(blob)));
    assertNotNull(event(3, "key-attestation").get("attestation_sha256"));
    assertThrows(SignerException.class, () -> keys.sealAttestation(new byte[0]));
    verify();
  }
}
