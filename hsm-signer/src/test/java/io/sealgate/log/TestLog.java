package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealgate.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** A log in a data directory, with its key and some ways to fill it. */
final class TestLog {
  static final LogOptions OPTIONS =
      LogOptions.defaults().withPrefillBytes(1 << 20).withReserveBytes(0);

  final Path data;
  final LogOrigin origin;
  final TestKey key;

  TestLog(Path data) {
    this(data, TestKey.p256("gw.example.com"), Instant.parse("2026-11-21T10:00:00Z"));
  }

  TestLog(Path data, TestKey key, Instant moment) {
    this.data = data;
    this.key = key;
    this.origin = LogOrigin.of("gw.example.com", moment);
  }

  Path logDir() {
    return data.resolve("log");
  }

  LogWriter open() throws StoreException {
    return LogWriter.open(logDir(), origin, key.verifier(), OPTIONS);
  }

  void trust() throws IOException {
    Files.createDirectories(logDir());
    Files.writeString(logDir().resolve("trust"), key.vkey() + "\n");
  }

  static byte[] record(long index) {
    JcsWriter writer = new JcsWriter();
    writer.beginObject().name("pad").value("x".repeat((int) (index * 37 % 300)));
    return writer.name("seq").value(index).endObject().toByteArray();
  }

  /** Appends records in one batch and commits it. */
  void fill(LogWriter writer, int count) throws StoreException {
    writer.begin();
    for (int i = 0; i < count; i++) {
      byte[] record = record(writer.size());
      writer.append(record, 0, record.length);
    }
    writer.commit(key.sign(writer.checkpointText()));
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

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
