package io.sealgate.signer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.SignedNote;
import io.sealgate.log.Vkey;
import io.sealgate.log.export.LogBackup;
import io.sealgate.log.store.CosignedHeads;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.store.LegalHold;
import io.sealgate.log.store.LogOptions;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.verify.VerifyReport;
import io.sealgate.signer.client.SealClient;
import io.sealgate.signer.token.KeyType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real signer whose clock is turned. */
class ShardKeeperTest {
  private static final LogLife SILENT = new LogLife(0, LogLife.RETENTION_DAYS_MINIMUM, false);

  @TempDir Path dir;

  private final AtomicReference<SignerException> fatal = new AtomicReference<>();
  private final SteppedClock clock = new SteppedClock("2026-12-31T23:59:00Z");
  private final Answers answers = new Answers();

  @AfterEach
  void nothingFatalHappened() {
    assertNull(fatal.get());
  }

  private SignerConfig config(LogLife life) {
    return SignerFixture.config(dir, KeyType.P256, false).withLogLife(life);
  }

  private void seal(SealClient client, long id) {
    Await.until("available", client::available);
    assertTrue(SignerFixture.submit(client, 0, id));
    Await.until("receipt", () -> answers.sealed.containsKey(id));
  }

  private static Map<?, ?> event(LogReader log, String shard, long index, String name)
      throws Exception {
    Map<?, ?> event = SignerEvents.parse(log.record(shard, index), name);
    assertNotNull(event, () -> "no " + name + " at " + shard + " " + index);
    return event;
  }

  private static void verify(SignerConfig config) throws Exception {
    VerifyReport report = DataVerifier.verify(config.dataDir());
    assertTrue(report.ok(), report::problem);
  }

  @Test
  void shouldLinkTheNextShardWhenTheQuarterEndsUnderARunningSigner() throws Exception {
    SignerConfig config = config(SILENT);
    try (Signer signer = Signer.start(config, clock, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      seal(client, 1);
      assertTrue(signer.key().name().endsWith("2026q4"));
      clock.set("2027-01-01T00:00:00Z");
      Await.until("the next shard", () -> signer.key().name().endsWith("2027q1"));
      Await.until("the run file", () -> runFileNames(config, signer.key()));
      seal(client, 2);
    }
    assertEquals(Map.of(1L, "2026q4", 2L, "2027q1"), answers.shards);
    verify(config);
    try (LogReader log = LogReader.open(config.logDir())) {
      assertEquals(List.of("2026q4", "2027q1"), log.shards());
      long size = log.size("2026q4");
      Map<?, ?> close = event(log, "2026q4", size - 1, "shard-close");
      assertEquals("gw.example.com/audit/2027q1", close.get("next"));
      assertEquals("quarter", close.get("reason"));
      Map<?, ?> previous = (Map<?, ?>) event(log, "2027q1", 0, "shard-open").get("previous");
      byte[] note = log.latestCheckpoint("2026q4");
      Checkpoint last = Checkpoint.parse(SignedNote.parse(note).text());
      assertEquals("gw.example.com/audit/2026q4", previous.get("origin"));
      assertEquals(Long.toString(size), previous.get("size"));
      assertEquals(HexFormat.of().formatHex(last.root()), previous.get("root"));
      assertEquals(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(note)),
          previous.get("checkpoint_sha256"));
      assertEquals("0", event(log, "2027q1", 1, "key-add").get("valid_from"));
    }
  }

  private static boolean runFileNames(SignerConfig config, Vkey key) {
    try {
      return Files.readString(config.runFile()).contains(key.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldStayInTheNewestShardWhenTheClockIsSteppedBack() throws Exception {
    SignerConfig config = config(SILENT);
    clock.set("2027-01-01T00:00:00Z");
    Signer.start(config, clock, fatal::set).close();
    clock.set("2026-12-31T23:00:00Z");
    try (Signer signer = Signer.start(config, clock, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      seal(client, 1);
      clock.set("2025-01-01T00:00:00Z");
      seal(client, 2);
      assertTrue(signer.key().name().endsWith("2027q1"));
    }
    verify(config);
    try (LogReader log = LogReader.open(config.logDir())) {
      assertEquals(List.of("2027q1"), log.shards());
    }
  }

  @Test
  void shouldCloseAndOpenShardsAtStartWhenTheQuarterEndedMeanwhile() throws Exception {
    SignerConfig config = config(SILENT);
    Signer.start(config, clock, fatal::set).close();
    clock.set("2027-08-01T00:00:00Z");
    Signer.start(config, clock, fatal::set).close();
    // As after a crash between the close of one shard and the making of the next.
    try (var files = Files.list(config.logDir().resolve("2027q3"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(config.logDir().resolve("2027q3"));
    Signer.start(config, clock, fatal::set).close();
    verify(config);
    try (LogReader log = LogReader.open(config.logDir())) {
      assertEquals(List.of("2026q4", "2027q3"), log.shards());
      event(log, "2026q4", log.size("2026q4") - 1, "shard-close");
      event(log, "2027q3", 0, "shard-open");
      event(log, "2027q3", 2, "signer-start");
    }
  }

  @Test
  void shouldGoOnInAnotherPartWhenTheMapIsNearlyFull() throws Exception {
    SignerConfig config =
        SignerFixture.config(dir, KeyType.P256, LogOptions.defaults().withMapBytes(4 << 20))
            .withLogLife(SILENT);
    byte[] large = new byte[60_000];
    Arrays.fill(large, (byte) ' ');
    try (Signer signer = Signer.start(config, clock, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      Await.until("available", client::available);
      for (long id = 0; id < 120; id++) {
        long sent = id;
        Await.until("taken", () -> client.submit(0, sent, large, 0, large.length));
        Await.until("answer", () -> client.stats().inFlight() == 0);
      }
      assertTrue(signer.key().name().matches(".*/2026q4-0[23]"), signer.key().name());
    }
    assertEquals(120, answers.sealed.size());
    assertTrue(answers.failed.isEmpty());
    verify(config);
    try (LogReader log = LogReader.open(config.logDir())) {
      assertEquals("2026q4", log.shards().getFirst());
      Map<?, ?> close = event(log, "2026q4", log.size("2026q4") - 1, "shard-close");
      assertEquals("map", close.get("reason"));
      event(log, "2026q4-02", 0, "shard-open");
    }
  }

  @Test
  void shouldDeleteAShardPastItsRetentionUnlessItIsHeld() throws Exception {
    SignerConfig config = config(SILENT);
    Path shard = config.logDir().resolve("2026q4");
    Signer.start(config, clock, fatal::set).close();
    // 2026q4 ends on 1 January; 184 days later it is 4 July.
    clock.set("2027-07-03T23:59:59Z");
    startAndIdle(config);
    assertTrue(Files.isDirectory(shard), "not over yet");
    clock.set("2027-07-04T00:00:01Z");
    LegalHold holds = new LegalHold(shard.getParent());
    holds.place(shard.getFileName().toString(), "case 7");
    startAndIdle(config);
    assertTrue(Files.isDirectory(shard), "held");
    byte[] note;
    try (LogReader log = LogReader.open(config.logDir())) {
      assertEquals(
          "case 7", event(log, "2027q3", log.size("2027q3") - 1, "shard-hold").get("reason"));
      note = log.latestCheckpoint("2026q4");
    }
    assertTrue(holds.release(shard.getFileName().toString()));
    try (LogReader longLived = LogReader.open(config.logDir())) {
      assertNotNull(longLived.record("2026q4", 0));
      assertTrue(isMapped(shard));
      startAndIdle(config);
      assertFalse(Files.exists(shard));
      assertEquals(List.of("2027q3"), longLived.shards());
      assertFalse(isMapped(shard), "a reader that looked again holds no disk");
    }
    assertEquals(
        new String(note, StandardCharsets.UTF_8),
        Files.readString(
            config.logDir().resolve(Retention.CLOSED_DIR).resolve("2026q4.checkpoint")));
    verify(config);
    try (LogReader log = LogReader.open(config.logDir())) {
      Map<?, ?> deleted = event(log, "2027q3", log.size("2027q3") - 1, "shard-delete");
      assertEquals("gw.example.com/audit/2026q4", ((Map<?, ?>) deleted.get("shard")).get("origin"));
    }
  }

  private static boolean isMapped(Path shard) throws Exception {
    try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.anyMatch(line -> line.contains(shard.resolve("data.mdb").toString()));
    }
  }

  /** Runs a signer until it has looked at the retention once. */
  private void startAndIdle(SignerConfig config) throws Exception {
    long start = System.nanoTime();
    try (Signer signer = Signer.start(config, clock, fatal::set)) {
      Await.until("idle work", () -> System.nanoTime() - start > 700_000_000L);
      assertNotNull(signer.key());
    }
  }

  @Test
  void shouldRefuseToGoOnWhenTheLogLacksWhatWitnessesCosigned() throws Exception {
    SignerConfig config = config(SILENT);
    Signer.start(config, clock, fatal::set).close();
    Path old = dir.resolve("old-copy");
    LogBackup.backup(config.dataDir(), old);
    Signer.start(config, clock, fatal::set).close();
    CosignedHeads heads = CosignedHeads.of(config.dataDir());
    try (LogReader log = LogReader.open(config.logDir())) {
      heads.keep("2026q4", SignedNote.parse(log.latestCheckpoint("2026q4")));
    }
    Signer.start(config, clock, fatal::set).close();
    Path aside = dir.resolve("aside");
    Files.move(config.logDir(), aside);
    refusedToGoOn(config);
    // What the refused start left is an empty folder, as an unmounted volume shows.
    Files.delete(config.logDir());
    Files.move(old.resolve("log"), config.logDir());
    refusedToGoOn(config);
    Files.move(config.logDir(), old.resolve("log"));
    Files.move(aside, config.logDir());
    Signer.start(config, clock, fatal::set).close();
    verify(config);
  }

  private void refusedToGoOn(SignerConfig config) {
    SignerException refused =
        assertThrows(SignerException.class, () -> Signer.start(config, clock, fatal::set));
    assertEquals(ExitCode.CONFIGURATION, refused.exitCode());
    assertTrue(refused.getMessage().contains("witnesses cosigned"), refused.getMessage());
  }

  @Test
  void shouldWriteHeartbeatsOnlyWhileThereIsNoTraffic() throws Exception {
    SignerConfig config = config(new LogLife(1, LogLife.RETENTION_DAYS_MINIMUM, false));
    try (Signer signer = Signer.start(config, clock, fatal::set);
        SealClient client = SealClient.start(config.aeronDir(), 1, answers)) {
      Await.until("available", client::available);
      Await.until("two heartbeats", () -> client.stats().signer().treeSize() >= 4);
      assertNotNull(signer.key());
    }
    verify(config);
    try (LogReader log = LogReader.open(config.logDir())) {
      Map<?, ?> beat = event(log, "2026q4", 2, "heartbeat");
      assertEquals(event(log, "2026q4", 0, "key-add").get("key"), beat.get("key"));
      event(log, "2026q4", 3, "heartbeat");
    }
  }

  @Test
  void shouldSealThatRecordsAreKeptForLessThanTheMinimum() throws Exception {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new LogLife(60, 30, false));
    assertTrue(refused.getMessage().contains("retention.accept-below-minimum"));
    SignerConfig config = config(new LogLife(0, 30, true));
    Signer.start(config, clock, fatal::set).close();
    try (LogReader log = LogReader.open(config.logDir())) {
      assertEquals("30", event(log, "2026q4", 2, "retention-below-minimum").get("days"));
    }
  }
}
