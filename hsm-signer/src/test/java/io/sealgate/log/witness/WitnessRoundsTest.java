package io.sealgate.log.witness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.LogOrigin;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TestKey;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.export.LogExport;
import io.sealgate.log.export.LogProver;
import io.sealgate.log.export.TimeRange;
import io.sealgate.log.store.CosignedHeads;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.store.LogOptions;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.store.LogWriter;
import io.sealgate.log.verify.LogVerifier;
import io.sealgate.log.verify.VerifyExit;
import io.sealgate.log.verify.VerifyOptions;
import io.sealgate.log.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A log on disk and witnesses over real HTTP. */
@Timeout(120)
final class WitnessRoundsTest {
  private static final String SHARD = "2026q4";
  private static final Duration OFTEN = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir Path dir;

  private final TestKey key = TestKey.p256("gw.example.com");
  private Path data;
  private WitnessServer one;
  private WitnessServer two;

  @BeforeEach
  void start() throws IOException {
    data = dir.resolve("data");
    one = new WitnessServer("one.example.com", dir, key.vkey());
    two = new WitnessServer("two.example.com", dir, key.vkey());
    begin(data);
  }

  @AfterEach
  void stop() throws IOException {
    one.close();
    two.close();
  }

  private void begin(Path at) throws IOException {
    Files.createDirectories(at.resolve("log"));
    Files.writeString(at.resolve("log").resolve("trust"), key.vkey() + "\n");
  }

  private LogWriter open(Path at) throws IOException {
    return LogWriter.open(
        at.resolve("log"),
        LogOrigin.parse("gw.example.com/audit/" + SHARD),
        key.verifier(),
        LogOptions.defaults().withPrefillBytes(1 << 20).withReserveBytes(0));
  }

  private void append(LogWriter writer, int count, String word) throws IOException {
    writer.begin();
    for (int i = 0; i < count; i++) {
      byte[] record =
          ("{\"id\":\"%s%d\",\"schema\":\"test/1\",\"time\":\"%s\"}"
                  .formatted(word, writer.size(), Instant.now()))
              .getBytes(UTF_8);
      writer.append(record, 0, record.length);
    }
    writer.commit(key.sign(writer.checkpointText()));
  }

  private TrustPolicy policy(int least) throws IOException {
    return TrustPolicy.ofWitnesses(List.of(one.witness(), two.witness()), least);
  }

  private WitnessRounds rounds(int least, Duration ageMax) throws IOException {
    return WitnessRounds.start(data, policy(least), OFTEN, ageMax, Clock.systemUTC());
  }

  private static void until(BooleanSupplier holds) {
    while (!holds.getAsBoolean()) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static boolean covered(WitnessRounds rounds, long size) {
    return rounds.status().coverage().covered() == size;
  }

  @Test
  void shouldKeepWhatAQuorumCosignsAndShowItToVerifiers() throws Exception {
    try (LogWriter writer = open(data);
        WitnessRounds rounds = rounds(2, LONG)) {
      append(writer, 300, "a");
      until(() -> covered(rounds, 300));
      assertEquals(0, rounds.uncoveredMillis(System.currentTimeMillis()));
      until(() -> rounds.status().troubles().values().stream().allMatch(String::isEmpty));
      append(writer, 7, "b");
      until(() -> covered(rounds, 307));
    }
    VerifyReport report = DataVerifier.verify(data);
    assertTrue(report.ok(), report::problem);
    assertEquals(307, report.cosigned());
    try (LogReader plain = LogReader.open(data.resolve("log"))) {
      assertEquals(
          1, SignedNote.parse(plain.latestCheckpoint(SHARD)).signatures().size(), "the log's own");
    }
  }

  @Test
  void shouldExportAndProveUpToTheCosignedHead() throws Exception {
    try (LogWriter writer = open(data)) {
      try (WitnessRounds rounds = rounds(2, LONG)) {
        append(writer, 300, "a");
        until(() -> covered(rounds, 300));
      }
      append(writer, 9, "b");
    }
    Path shown = dir.resolve("shown");
    assertEquals(
        List.of(new LogExport.Exported(SHARD, 9)),
        LogExport.export(data, shown, TimeRange.ALL, true));
    TrustPolicy trust = TrustPolicy.read(shown.resolve(LogVerifier.TRUST_FILE));
    VerifyReport report = LogVerifier.verifyExport(shown, VerifyOptions.of(trust));
    assertTrue(report.ok(), report::problem);
    assertEquals(300, report.cosigned());
    Path whole = dir.resolve("whole");
    LogExport.export(data, whole, TimeRange.ALL, false);
    assertEquals(
        VerifyExit.QUORUM, LogVerifier.verifyExport(whole, VerifyOptions.of(trust)).exit());
    try (LogReader reader = LogReader.openCosigned(data)) {
      byte[] proof = LogProver.prove(reader, SHARD, 299).toBytes();
      byte[] record = reader.record(SHARD, 299);
      assertTrue(LogVerifier.verifyProof(proof, record, DataVerifier.trust(data)).ok());
      byte[] late = LogProver.prove(reader, SHARD, 305).toBytes();
      assertEquals(
          VerifyExit.QUORUM,
          LogVerifier.verifyProof(late, reader.record(SHARD, 305), DataVerifier.trust(data))
              .exit());
    }
    stripCosignatures(shown.resolve(SHARD).resolve("checkpoint"));
    assertEquals(
        VerifyExit.QUORUM, LogVerifier.verifyExport(shown, VerifyOptions.of(trust)).exit());
  }

  private static void stripCosignatures(Path checkpoint) throws IOException {
    SignedNote note = SignedNote.parse(Files.readAllBytes(checkpoint));
    assertEquals(3, note.signatures().size());
    Files.write(checkpoint, SignedNote.of(note.text(), note.signatures().subList(0, 1)).toBytes());
  }

  @Test
  void shouldRaiseTheAlarmWhileTooFewAnswerAndRecoverByItself() throws Exception {
    try (LogWriter writer = open(data);
        WitnessRounds rounds = rounds(2, Duration.ofMillis(300))) {
      append(writer, 3, "a");
      until(() -> covered(rounds, 3));
      two.down();
      append(writer, 2, "b");
      until(() -> rounds.isStale(System.currentTimeMillis()));
      until(() -> rounds.trouble().contains("two.example.com"));
      assertFalse(rounds.trouble().contains("one.example.com"), rounds.trouble());
      assertTrue(covered(rounds, 3));
      two.back();
      until(() -> covered(rounds, 5));
      assertFalse(rounds.isStale(System.currentTimeMillis()));
    }
  }

  @Test
  void shouldRememberOverARestartHowLongNobodyCosigned() throws Exception {
    one.down();
    two.down();
    try (LogWriter writer = open(data)) {
      append(writer, 3, "a");
    }
    until(() -> ageWithAFreshStart() > 400);
  }

  private long ageWithAFreshStart() {
    try (WitnessRounds rounds = rounds(1, LONG)) {
      return rounds.uncoveredMillis(System.currentTimeMillis());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldRefuseADamagedHeadAndNameTheWayOut() throws Exception {
    try (LogWriter writer = open(data);
        WitnessRounds rounds = rounds(2, LONG)) {
      append(writer, 3, "a");
      until(() -> covered(rounds, 3));
    }
    Path head = data.resolve("cosigned").resolve(SHARD + ".checkpoint");
    Files.writeString(head, "nonsense");
    for (Executable look :
        List.<Executable>of(() -> DataVerifier.verify(data), () -> rounds(2, LONG).close())) {
      IOException refused = assertThrows(IOException.class, look);
      assertTrue(refused.getMessage().contains(head + " is damaged"), refused.getMessage());
      assertTrue(refused.getMessage().contains("move it aside"), refused.getMessage());
    }
    Files.delete(head);
    try (WitnessRounds rounds = rounds(2, LONG)) {
      until(() -> covered(rounds, 3));
    }
  }

  @Test
  void shouldNotWaitForAWitnessThatHangsWhenTheOthersSuffice() throws Exception {
    two.hang();
    try (LogWriter writer = open(data);
        WitnessRounds rounds = rounds(1, LONG)) {
      append(writer, 3, "a");
      until(
          () -> {
            try {
              return CosignedHeads.of(data).covered(SHARD) == 3;
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      until(() -> !rounds.status().troubles().get("two.example.com").isEmpty());
    }
  }

  @Test
  void shouldKeepTheEvidenceWhenTheLogIsForkedOrSetBack() throws Exception {
    try (LogWriter writer = open(data);
        WitnessRounds rounds = rounds(2, LONG)) {
      append(writer, 10, "a");
      until(() -> covered(rounds, 10));
    }
    for (int size : new int[] {15, 10, 6}) {
      replaceLog(size);
      try (WitnessRounds rounds = rounds(2, LONG)) {
        String refusal = size < 10 ? "CONFLICT" : "INCONSISTENT";
        until(
            () ->
                rounds.status().troubles().values().stream()
                    .allMatch(trouble -> trouble.startsWith(refusal)));
        assertTrue(covered(rounds, 0), "what was cosigned is no head of this log");
        assertEquals(10, CosignedHeads.of(data).covered(SHARD));
      }
      VerifyReport report = DataVerifier.verify(data);
      assertEquals(VerifyExit.FORK, report.exit(), report.toText());
    }
  }

  /** Another history of the same log, under the same key. */
  private void replaceLog(int size) throws IOException {
    Path other = dir.resolve("other" + size);
    begin(other);
    try (LogWriter writer = open(other)) {
      append(writer, size, "x");
    }
    Files.move(data.resolve("log"), dir.resolve("before" + size));
    Files.move(other.resolve("log"), data.resolve("log"));
  }
}
