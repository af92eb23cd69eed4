package io.sealgate.log.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.Frontier;
import io.sealgate.log.LogOrigin;
import io.sealgate.log.Merkle;
import io.sealgate.log.TestKey;
import io.sealgate.log.TestRecords;
import io.sealgate.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogWriterTest {
  private static final String SHARD = "2026q4";

  @TempDir Path data;
  private TestLog log;

  @BeforeEach
  void makeLog() {
    log = new TestLog(data);
  }

  @Test
  void shouldSealRecordsWithProofsWhenABatchIsCommitted() throws IOException {
    try (LogWriter writer = log.open();
        LogReader reader = LogReader.open(log.logDir())) {
      writer.begin();
      byte[] record = TestRecords.record(0);
      assertEquals(0, writer.append(record, 0, record.length));
      byte[] shifted = TestRecords.utf8("__{\"a\":1}");
      assertEquals(1, writer.append(new UnsafeBuffer(shifted), 2, shifted.length - 2));
      assertEquals(0, reader.size(SHARD));
      byte[] note = log.key.sign(writer.checkpointText());
      writer.writePages();
      assertEquals(0, reader.size(SHARD));
      writer.commit(note);

      assertEquals(List.of(SHARD), reader.shards());
      assertEquals("gw.example.com/audit/2026q4", reader.origin(SHARD));
      assertEquals(2, reader.size(SHARD));
      assertArrayEquals(record, reader.record(SHARD, 0));
      assertArrayEquals(TestRecords.utf8("{\"a\":1}"), reader.record(SHARD, 1));
      assertNull(reader.record(SHARD, 2));
      assertArrayEquals(note, reader.latestCheckpoint(SHARD));
      assertArrayEquals(note, reader.checkpointAt(SHARD, 2));
      assertArrayEquals(note, reader.checkpointCovering(SHARD, 0));
      assertNull(reader.checkpointAt(SHARD, 1));
      assertNull(reader.checkpointCovering(SHARD, 2));
      Checkpoint checkpoint = log.key.verifier().checkpoint(note);
      assertTrue(
          Merkle.inclusionHolds(
              Merkle.leafHash(record),
              0,
              2,
              Merkle.inclusionProof(0, 2, reader.nodes(SHARD)),
              checkpoint.root()));
    }
  }

  @Test
  void shouldContinueTheSameTreeWhenReopenedAfterManyBatches() throws IOException {
    int[] batches = {1, 254, 1, 1, 255, 513, 2};
    Frontier expected = new Frontier();
    long size = 0;
    for (int count : batches) {
      try (LogWriter writer = log.open()) {
        assertEquals(size, writer.size());
        log.fill(writer, count);
      }
      for (int i = 0; i < count; i++) {
        byte[] record = TestRecords.record(size++);
        expected.append(record, 0, record.length);
      }
      try (LogReader reader = LogReader.open(log.logDir())) {
        Checkpoint checkpoint = log.key.verifier().checkpoint(reader.latestCheckpoint(SHARD));
        assertArrayEquals(expected.root(), checkpoint.root());
        assertArrayEquals(expected.root(), Merkle.root(size, reader.nodes(SHARD)));
      }
    }
  }

  @Test
  void shouldGoBackToTheSealedTreeWhenABatchIsAborted() throws IOException {
    try (LogWriter writer = log.open()) {
      log.fill(writer, 200);
      writer.begin();
      byte[] before = writer.checkpointText();
      for (int i = 0; i < 300; i++) {
        writer.append(new byte[] {1}, 0, 1);
      }
      writer.writePages();
      writer.abort();
      assertEquals(200, writer.size());
      writer.begin();
      assertArrayEquals(before, writer.checkpointText());
      writer.abort();
      log.fill(writer, 100);
    }
    log.trust();
    try (LogWriter writer = log.open();
        LogReader reader = LogReader.open(log.logDir())) {
      assertEquals(300, writer.size());
      assertArrayEquals(TestRecords.record(250), reader.record(SHARD, 250));
    }
  }

  @Test
  void shouldSignAgainWhenTheBatchIsEmpty() throws IOException {
    try (LogWriter writer = log.open();
        LogReader reader = LogReader.open(log.logDir())) {
      log.fill(writer, 0);
      assertEquals(0, log.key.verifier().checkpoint(reader.latestCheckpoint(SHARD)).size());
      log.fill(writer, 3);
      log.fill(writer, 0);
      assertEquals(3, log.key.verifier().checkpoint(reader.latestCheckpoint(SHARD)).size());
    }
    log.open().close();
  }

  @Test
  void shouldKeepTheBatchWhenTheNoteIsOverAnotherText() throws IOException {
    try (LogWriter writer = log.open()) {
      writer.begin();
      writer.append(TestRecords.record(0), 0, TestRecords.record(0).length);
      byte[] other = Checkpoint.of(log.origin.name(), 7, new byte[32]).toBytes();
      assertThrows(IllegalArgumentException.class, () -> writer.commit(log.key.sign(other)));
      assertThrows(IllegalArgumentException.class, () -> writer.commit(new byte[3]));
      writer.commit(log.key.sign(writer.checkpointText()));
      assertEquals(1, writer.size());
    }
  }

  @Test
  void shouldRefuseRecordsAndBatchesOutOfBounds() throws IOException {
    LogOptions small = new LogOptions(1L << 30, 0, 0, 2, LogWriter.RECORD_BYTES_MAX, 0);
    byte[] longest = new byte[LogWriter.RECORD_BYTES_MAX];
    try (LogWriter writer = LogWriter.open(log.logDir(), log.origin, log.key.verifier(), small)) {
      assertThrows(IllegalStateException.class, () -> writer.append(longest, 0, 1));
      writer.begin();
      assertThrows(
          IllegalArgumentException.class, () -> writer.append(new byte[65_536], 0, 65_536));
      assertThrows(IllegalArgumentException.class, () -> writer.append(longest, 0, 0));
      writer.append(longest, 0, longest.length);
      assertFalse(writer.fits(1));
      assertThrows(IllegalStateException.class, () -> writer.append(longest, 0, 1));
      writer.commit(log.key.sign(writer.checkpointText()));
    }
    try (LogReader reader = LogReader.open(log.logDir())) {
      assertArrayEquals(longest, reader.record(SHARD, 0));
      assertEquals(65_537, reader.entries(SHARD, 0, 1).length);
      assertNull(reader.entries(SHARD, 0, 2));
    }
  }

  @Test
  void shouldRefuseTheShardWhenKeyOrOriginIsAnother() throws IOException {
    log.of(3);
    TestKey stranger = TestKey.ed25519("gw.example.com");
    StoreException badKey =
        assertThrows(
            StoreException.class,
            () -> LogWriter.open(log.logDir(), log.origin, stranger.verifier(), TestLog.OPTIONS));
    assertTrue(badKey.getMessage().contains("not trusted"), badKey.getMessage());
    LogOrigin other = LogOrigin.of("other.example.com", Instant.parse("2026-12-01T00:00:00Z"));
    StoreException badOrigin =
        assertThrows(
            StoreException.class,
            () -> LogWriter.open(log.logDir(), other, log.key.verifier(), TestLog.OPTIONS));
    assertTrue(badOrigin.getMessage().contains("another log"), badOrigin.getMessage());
    log.open().close();
  }

  @Test
  void shouldRefuseASecondWriterWhenOneIsOpen() throws IOException {
    try (LogWriter writer = log.open()) {
      assertThrows(StoreException.class, log::open);
      log.fill(writer, 1);
    }
  }

  @Test
  void shouldRefuseToBeginWhenTheVolumeIsBelowItsReserve() throws IOException {
    LogOptions greedy = TestLog.OPTIONS.withReserveBytes(Long.MAX_VALUE / 2);
    try (LogWriter writer = LogWriter.open(log.logDir(), log.origin, log.key.verifier(), greedy)) {
      StoreException e = assertThrows(StoreException.class, writer::begin);
      assertTrue(e.getMessage().contains("reserve"), e.getMessage());
    }
  }

  @Test
  void shouldRefuseToBeginWhenTheMapIsNearlyFull() throws IOException {
    LogOptions small = TestLog.OPTIONS.withMapBytes(1 << 20).withPrefillBytes(0);
    try (LogWriter writer = LogWriter.open(log.logDir(), log.origin, log.key.verifier(), small)) {
      StoreException refused = null;
      for (int i = 0; i < 100 && refused == null; i++) {
        try {
          log.fill(writer, 50);
        } catch (StoreException e) {
          refused = e;
        }
      }
      assertTrue(refused != null && refused.getMessage().contains("80 %"), String.valueOf(refused));
    }
    log.open().close();
  }

  @Test
  void shouldLetNoHalfWrittenBatchBeCommitted() throws IOException {
    LogOptions small = TestLog.OPTIONS.withMapBytes(1 << 20).withPrefillBytes(0);
    try (LogWriter writer = LogWriter.open(log.logDir(), log.origin, log.key.verifier(), small)) {
      log.fill(writer, 5);
      writer.begin();
      for (int i = 0; i < 40; i++) {
        writer.append(new byte[60_000], 0, 60_000);
      }
      byte[] note = log.key.sign(writer.checkpointText());
      StoreException full = assertThrows(StoreException.class, writer::writePages);
      assertTrue(full.getMessage().contains("full"), full.getMessage());
      assertThrows(IllegalStateException.class, () -> writer.commit(note));
      writer.abort();
      log.fill(writer, 5);
      assertEquals(10, writer.size());
    }
    log.trust();
    assertTrue(DataVerifier.verify(data).ok());
  }

  @Test
  void shouldKeepZerosAheadOfUse() throws IOException {
    try (LogWriter writer = log.open()) {
      Path file = log.logDir().resolve(SHARD).resolve("data.mdb");
      long before = Files.size(file);
      assertTrue(before >= TestLog.OPTIONS.prefillBytes(), "prefilled " + before);
      log.fill(writer, 100);
      assertEquals(before, Files.size(file));
      assertEquals(0, writer.maintain());
      for (int i = 0; i < 20; i++) {
        log.fill(writer, 1_000);
      }
      assertTrue(writer.maintain() > 0);
    }
    log.open().close();
  }

  @Test
  void shouldServeReadersWhileWriting() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (LogWriter writer = log.open();
        LogReader reader = LogReader.open(log.logDir());
        ExecutorService pool = Executors.newFixedThreadPool(2)) {
      Future<Long> reading =
          pool.submit(
              () -> {
                long checks = 0;
                while (!done.get() || checks == 0) {
                  long size = reader.size(SHARD);
                  if (size > 0) {
                    byte[] note = reader.checkpointAt(SHARD, size);
                    Checkpoint checkpoint = log.key.verifier().checkpoint(note);
                    assertArrayEquals(checkpoint.root(), Merkle.root(size, reader.nodes(SHARD)));
                    assertArrayEquals(TestRecords.record(size - 1), reader.record(SHARD, size - 1));
                    checks++;
                  }
                }
                return checks;
              });
      for (int i = 0; i < 40; i++) {
        log.fill(writer, 17);
      }
      done.set(true);
      assertTrue(reading.get(60, TimeUnit.SECONDS) > 0);
    }
  }
}
