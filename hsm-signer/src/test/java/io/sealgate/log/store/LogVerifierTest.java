package io.sealgate.log.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.Merkle;
import io.sealgate.log.TestKey;
import io.sealgate.log.TestRecords;
import io.sealgate.log.TilePath;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.export.LogExport;
import io.sealgate.log.export.TimeRange;
import io.sealgate.log.verify.LogVerifier;
import io.sealgate.log.verify.VerifyOptions;
import io.sealgate.log.verify.VerifyReport;
import io.sealgate.store.StoreEnv;
import io.sealgate.store.StoreException;
import io.sealgate.store.WriteTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogVerifierTest {
  private static final String SHARD = "2026q4";

  @TempDir Path data;

  /** Changes the files of a closed log as an intruder with the disk would. */
  @FunctionalInterface
  private interface Tampering {
    void with(StoreEnv env, WriteTransaction transaction) throws StoreException;
  }

  private void tamper(Tampering tampering) throws StoreException {
    try (StoreEnv env =
        StoreEnv.openWriter(
            data.resolve("log").resolve(SHARD), LogTables.options(LogTables.MAP_BYTES))) {
      env.createTables(LogTables.RECORDS, LogTables.TILES, LogTables.CHECKPOINTS, LogTables.STATE);
      WriteTransaction transaction = env.beginWrite();
      tampering.with(env, transaction);
      transaction.commit();
    }
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static ByteBuffer index(long index) {
    return direct(LogTables.indexKey(index));
  }

  private void assertBad(long firstBadIndex, String problem) throws IOException {
    VerifyReport report = DataVerifier.verify(data);
    assertFalse(report.ok());
    assertEquals(SHARD, report.shard());
    assertTrue(report.problem().contains(problem), report.problem());
    assertEquals(firstBadIndex, report.firstBadIndex(), report.problem());
  }

  private static VerifyReport verifyExport(Path dir, Path trust) throws IOException {
    return LogVerifier.verifyExport(dir, VerifyOptions.of(TrustPolicy.read(trust)));
  }

  @Test
  void shouldFindNothingWrongInASoundLog() throws IOException {
    new TestLog(data).of(1, 255, 300, 0, 44);
    VerifyReport report = DataVerifier.verify(data);
    assertTrue(report.ok(), report.problem());
    assertEquals(600, report.records());
    assertEquals(4, report.checkpoints());
    assertEquals(1, report.shards());
    assertEquals(-1, report.firstBadIndex());
    assertEquals(0, report.notCanonical());
  }

  @Test
  void shouldAskTheCheckerItIsGivenAboutEveryCheckpoint() throws IOException {
    new TestLog(data).of(1, 255, 300, 44);
    AtomicInteger asked = new AtomicInteger();
    VerifyOptions options =
        new VerifyOptions(
            DataVerifier.trust(data),
            false,
            null,
            List.of(),
            (key, text, signature) -> {
              asked.incrementAndGet();
              return key.verifies(text, signature);
            });
    assertTrue(DataVerifier.verify(data, options).ok());
    assertEquals(4, asked.get());
  }

  @Test
  void shouldVerifyAllShardsAndKeysOfALog() throws IOException {
    TestLog first =
        new TestLog(data, TestKey.ed25519("gw.example.com"), Instant.parse("2026-05-01T00:00:00Z"));
    TestLog second = new TestLog(data);
    first.of(10);
    second.of(20);
    Files.writeString(
        data.resolve("log").resolve("trust"), first.key.vkey() + "\n" + second.key.vkey() + "\n");
    VerifyReport report = DataVerifier.verify(data);
    assertTrue(report.ok(), report.problem());
    assertEquals(2, report.shards());
    assertEquals(30, report.records());
    try (LogReader reader = LogReader.open(data.resolve("log"))) {
      assertEquals(List.of("2026q2", SHARD), reader.shards());
    }
    second.trust();
    VerifyReport untrusted = DataVerifier.verify(data);
    assertEquals("2026q2", untrusted.shard());
    assertTrue(untrusted.problem().contains("no trusted key"), untrusted.problem());
  }

  @Test
  void shouldNameTheRecordWhenOneOfItsBytesIsFlipped() throws IOException {
    new TestLog(data).of(100, 400);
    tamper(
        (_, transaction) -> {
          byte[] record = TestRecords.record(321);
          record[5] ^= 1;
          transaction.put(LogTables.RECORDS, index(321), direct(record));
        });
    assertBad(321, "record 321 does not match");
  }

  @Test
  void shouldNameTheRecordWhenAByteOfTheFileIsFlipped() throws IOException {
    TestLog log = new TestLog(data);
    log.trust();
    byte[] marked = TestRecords.utf8("{\"marked\":\"just this once\"}");
    try (LogWriter writer = log.open()) {
      log.fill(writer, 7);
      writer.begin();
      writer.append(marked, 0, marked.length);
      writer.commit(log.key.sign(writer.checkpointText()));
      log.fill(writer, 5);
    }
    Path file = log.logDir().resolve(SHARD).resolve("data.mdb");
    byte[] bytes = Files.readAllBytes(file);
    for (int at = 0; at + marked.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + marked.length, marked, 0, marked.length)) {
        bytes[at + 12] ^= 1;
      }
    }
    Files.write(file, bytes);
    assertBad(7, "record 7 does not match");
  }

  @Test
  void shouldNameTheFirstMissingRecordWhenTheTailIsDeleted() throws IOException {
    new TestLog(data).of(300);
    tamper(
        (_, transaction) -> {
          for (long i = 280; i < 300; i++) {
            transaction.delete(LogTables.RECORDS, index(i));
          }
        });
    assertBad(280, "record 280 is missing");
    StoreException refused = assertThrows(StoreException.class, () -> new TestLog(data).open());
    assertTrue(refused.getMessage().contains("280 are stored"), refused.getMessage());
  }

  @Test
  void shouldNameTheGapWhenARecordInTheMiddleIsDeleted() throws IOException {
    new TestLog(data).of(300);
    tamper((_, transaction) -> transaction.delete(LogTables.RECORDS, index(17)));
    assertBad(17, "missing");
  }

  @Test
  void shouldNameTheFirstWhenTwoRecordsAreSwapped() throws IOException {
    new TestLog(data).of(300);
    tamper(
        (_, transaction) -> {
          transaction.put(LogTables.RECORDS, index(40), direct(TestRecords.record(41)));
          transaction.put(LogTables.RECORDS, index(41), direct(TestRecords.record(40)));
        });
    assertBad(40, "record 40 does not match");
  }

  @Test
  void shouldNameTheBatchWhenARecordAndItsLeafHashAreForged() throws IOException {
    new TestLog(data).of(100, 50, 50);
    tamper(
        (env, transaction) -> {
          byte[] forged = TestRecords.utf8("{}");
          transaction.put(LogTables.RECORDS, index(120), direct(forged));
          byte[] tile = env.get(LogTables.TILES, LogTables.tileKey(0, 0));
          System.arraycopy(Merkle.leafHash(forged), 0, tile, 120 * 32, 32);
          transaction.put(LogTables.TILES, direct(LogTables.tileKey(0, 0)), direct(tile));
        });
    assertBad(100, "size 150 does not match the records");
  }

  @Test
  void shouldNameTheBatchWhenACheckpointSignatureIsBad() throws IOException {
    new TestLog(data).of(10, 10, 10);
    tamper(
        (env, transaction) -> {
          byte[] note = env.get(LogTables.CHECKPOINTS, LogTables.indexKey(20));
          note[note.length - 20] ^= 2;
          transaction.put(LogTables.CHECKPOINTS, index(20), direct(note));
        });
    assertBad(10, "checkpoint of size 20 is not valid");
  }

  @Test
  void shouldRefuseCheckpointsThatAreFiledWrongOrMissing() throws IOException {
    new TestLog(data).of(10, 10);
    tamper(
        (env, transaction) ->
            transaction.put(
                LogTables.CHECKPOINTS,
                index(15),
                direct(env.get(LogTables.CHECKPOINTS, LogTables.indexKey(10)))));
    assertBad(10, "says another size");
    tamper(
        (_, transaction) -> {
          transaction.delete(LogTables.CHECKPOINTS, index(15));
          transaction.delete(LogTables.CHECKPOINTS, index(20));
        });
    assertBad(10, "no checkpoint covers");
  }

  @Test
  void shouldNoticeATileThatIsForgedOrMissing() throws IOException {
    new TestLog(data).of(600);
    tamper(
        (env, transaction) -> {
          byte[] tile = env.get(LogTables.TILES, LogTables.tileKey(1, 0));
          tile[40] ^= 1;
          transaction.put(LogTables.TILES, direct(LogTables.tileKey(1, 0)), direct(tile));
        });
    assertBad(0, "tile 1/0 does not match");
    tamper(
        (_, transaction) -> transaction.delete(LogTables.TILES, direct(LogTables.tileKey(0, 1))));
    assertBad(256, "tile 0/1 is missing");
  }

  @Test
  void shouldNoticeAHeadThatWasSetBack() throws IOException {
    TestLog log = new TestLog(data);
    log.trust();
    byte[][] old = new byte[1][];
    try (LogWriter writer = log.open()) {
      log.fill(writer, 10);
    }
    tamper((env, _) -> old[0] = env.get(LogTables.STATE, LogTables.STATE_HEAD));
    try (LogWriter writer = log.open()) {
      log.fill(writer, 10);
    }
    tamper(
        (_, transaction) ->
            transaction.put(LogTables.STATE, direct(LogTables.STATE_HEAD), direct(old[0])));
    assertBad(10, "not sealed");
    tamper(
        (_, transaction) -> {
          for (long i = 10; i < 20; i++) {
            transaction.delete(LogTables.RECORDS, index(i));
          }
        });
    assertBad(10, "removed");
  }

  @Test
  void shouldReportAndNotCrashWhenTheFileIsCutOff() throws IOException {
    new TestLog(data).of(2_000);
    try (FileChannel file =
        FileChannel.open(
            data.resolve("log").resolve(SHARD).resolve("data.mdb"), StandardOpenOption.WRITE)) {
      file.truncate(128 << 10);
    }
    assertBad(-1, "truncated");
  }

  @Test
  void shouldCountRecordsThatAreNotCanonical() throws IOException {
    TestLog log = new TestLog(data);
    log.trust();
    try (LogWriter writer = log.open()) {
      log.fill(writer, 3);
      writer.begin();
      byte[] spaced = TestRecords.utf8("{\"a\": 1}");
      writer.append(spaced, 0, spaced.length);
      writer.append(spaced, 0, spaced.length);
      writer.commit(log.key.sign(writer.checkpointText()));
    }
    VerifyReport report = DataVerifier.verify(data);
    assertTrue(report.ok(), report.problem());
    assertEquals(2, report.notCanonical());
    assertEquals(3, report.firstNotCanonical());
  }

  @Test
  void shouldSayWhatIsMissingWhenThereIsNoTrustFile() {
    IOException e = assertThrows(IOException.class, () -> DataVerifier.verify(data));
    assertTrue(e.getMessage().contains("trust"), e.getMessage());
  }

  @Test
  void shouldExportTheTilesTheSpecificationCountsForThatSize() throws IOException {
    new TestLog(data).of(16_000, 16_000, 16_000, 16_000, 6_000);
    Path out = data.resolve("export");
    LogExport.export(data, out, TimeRange.ALL, true);
    Path shard = out.resolve(SHARD);
    assertEquals(8_192, Files.size(shard.resolve("tile/0/272")));
    assertEquals(112 * 32, Files.size(shard.resolve("tile/0/273.p/112")));
    assertEquals(8_192, Files.size(shard.resolve("tile/1/000")));
    assertEquals(17 * 32, Files.size(shard.resolve("tile/1/001.p/17")));
    assertEquals(32, Files.size(shard.resolve("tile/2/000.p/1")));
    try (Stream<Path> files = Files.walk(shard)) {
      // Bundles, three levels of tiles, the checkpoint and its keys.
      assertEquals(274 + 274 + 2 + 1 + 2, files.filter(Files::isRegularFile).count());
    }
    VerifyReport report = verifyExport(out, out.resolve("trust-policy"));
    assertTrue(report.ok(), report.problem());
    assertEquals(70_000, report.records());
    assertEquals(1, report.checkpoints());
  }

  @Test
  void shouldNameTheFirstBadRecordOfAChangedExport() throws IOException {
    TestLog log = new TestLog(data).of(700);
    Path out = data.resolve("export");
    LogExport.export(data, out, TimeRange.ALL, true);
    assertTrue(verifyExport(out, out.resolve("trust-policy")).ok());
    Path shard = out.resolve(SHARD);

    Path bundle = shard.resolve("tile/entries/001");
    byte[] whole = Files.readAllBytes(bundle);
    Files.write(bundle, Arrays.copyOf(whole, whole.length - 3));
    assertExportBad(out, 511, "record 511 is missing or cut off");
    Files.delete(bundle);
    assertExportBad(out, 256, "record 256 is missing");
    byte[] flipped = whole.clone();
    flipped[2 + 3] ^= 1;
    Files.write(bundle, flipped);
    assertExportBad(out, 256, "record 256 does not match");
    Files.write(bundle, whole);

    Path tile = shard.resolve("tile/0/000");
    byte[] hashes = Files.readAllBytes(tile);
    Files.write(tile, Arrays.copyOf(hashes, 100));
    assertExportBad(out, 0, "tile 0/0 is missing or cut off");
    Files.write(tile, hashes);

    Path checkpoint = shard.resolve("checkpoint");
    byte[] note = Files.readAllBytes(checkpoint);
    Files.writeString(checkpoint, new String(note, UTF_8).replace("\n700\n", "\n600\n"));
    assertExportBad(out, 0, "signature of key");
    Files.delete(checkpoint);
    assertExportBad(out, 0, "checkpoint cannot be used");
    Files.write(checkpoint, note);
    assertTrue(verifyExport(out, out.resolve("trust-policy")).ok());

    Path strangers =
        Files.writeString(data.resolve("strangers"), TestKey.ed25519("gw").vkey() + "\n");
    assertFalse(verifyExport(out, strangers).ok());
    Path own = Files.writeString(data.resolve("own"), log.key.vkey() + "\n");
    assertTrue(verifyExport(out, own).ok());
  }

  private static void assertExportBad(Path out, long index, String problem) throws IOException {
    VerifyReport report = verifyExport(out, out.resolve("trust-policy"));
    assertFalse(report.ok());
    assertTrue(report.problem().contains(problem), report.problem());
    assertEquals(index, report.firstBadIndex(), report.problem());
  }

  @Test
  void shouldNotExportOverFilesOfOthers() throws IOException {
    new TestLog(data).of(3);
    IOException e =
        assertThrows(IOException.class, () -> LogExport.export(data, data, TimeRange.ALL, true));
    assertTrue(e.getMessage().contains("not empty"), e.getMessage());
  }

  @Test
  void shouldServeTheSameTilesThatItExports() throws IOException {
    TestLog log = new TestLog(data).of(300);
    Path out = data.resolve("export");
    LogExport.export(data, out, TimeRange.ALL, true);
    try (LogReader reader = LogReader.open(log.logDir());
        Stream<Path> files = Files.walk(out.resolve(SHARD).resolve("tile"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        TilePath path = TilePath.parse(out.resolve(SHARD).relativize(file).toString());
        assertArrayEquals(Files.readAllBytes(file), reader.tile(SHARD, path), path.toString());
      }
      assertEquals(null, reader.tile(SHARD, TilePath.parse("tile/0/001.p/45")));
      assertEquals(null, reader.tile(SHARD, TilePath.parse("tile/63/000")));
      assertEquals(null, reader.tile(SHARD, new TilePath(-1, Long.MAX_VALUE, 256)));
    }
  }
}
