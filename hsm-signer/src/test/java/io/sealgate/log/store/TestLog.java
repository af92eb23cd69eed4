package io.sealgate.log.store;

import io.sealgate.log.LogOrigin;
import io.sealgate.log.TestKey;
import io.sealgate.log.TestRecords;
import io.sealgate.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A log in a data directory, with its key and some ways to fill it. */
public final class TestLog {
  static final LogOptions OPTIONS =
      LogOptions.defaults().withPrefillBytes(1 << 20).withReserveBytes(0);

  final Path data;
  final LogOrigin origin;
  final TestKey key;

  public TestLog(Path data) {
    this(data, TestKey.p256("gw.example.com"), Instant.parse("2026-11-21T10:00:00Z"));
  }

  TestLog(Path data, TestKey key, Instant moment) {
    this.data = data;
    this.key = key;
    this.origin = LogOrigin.of("gw.example.com", moment);
  }

  public Path logDir() {
    return data.resolve("log");
  }

  public LogWriter open() throws StoreException {
    return LogWriter.open(logDir(), origin, key.verifier(), OPTIONS);
  }

  /** Opens the log with the key of another, of which it is a copy. */
  public LogWriter open(TestLog original) throws StoreException {
    return LogWriter.open(logDir(), origin, original.key.verifier(), OPTIONS);
  }

  public void trust() throws IOException {
    Files.createDirectories(logDir());
    Files.writeString(logDir().resolve("trust"), key.vkey() + "\n");
  }

  /** Appends records in one batch and commits it. */
  void fill(LogWriter writer, int count) throws StoreException {
    writer.begin();
    for (int i = 0; i < count; i++) {
      byte[] record = TestRecords.record(writer.size());
      writer.append(record, 0, record.length);
    }
    writer.commit(key.sign(writer.checkpointText()));
  }

  /** Appends these records, a thousand to a batch, and commits them. */
  public void append(LogWriter writer, List<byte[]> records) throws StoreException {
    for (int from = 0; from < records.size(); from += 1_000) {
      writer.begin();
      for (byte[] record : records.subList(from, Math.min(records.size(), from + 1_000))) {
        writer.append(record, 0, record.length);
      }
      writer.commit(key.sign(writer.checkpointText()));
    }
  }

  /** Makes a log of batches of these sizes, with its trust file. */
  TestLog of(int... batches) throws IOException {
    trust();
    try (LogWriter writer = open()) {
      for (int count : batches) {
        fill(writer, count);
      }
    }
    return this;
  }
}
