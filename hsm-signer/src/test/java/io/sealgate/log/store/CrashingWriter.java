package io.sealgate.log.store;

import io.sealgate.log.TestKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A process that appends batches and says each sealed size on standard output, until it is killed
 * or has made as many as it was told.
 */
final class CrashingWriter {
  /** A bound in case nobody kills it. */
  private static final int BATCHES_MAX = 100_000;

  private CrashingWriter() {}

  public static void main(String[] args) throws IOException {
    Path data = Path.of(args[0]);
    TestKey key = TestKey.load("gw.example.com", data.resolve("key"));
    TestLog log = new TestLog(data, key, Instant.parse("2026-11-21T10:00:00Z"));
    try (LogWriter writer = log.open()) {
      int batches = args.length > 1 ? Integer.parseInt(args[1]) : BATCHES_MAX;
      for (int i = 0; i < batches; i++) {
        log.fill(writer, 1 + i * 7 % 90);
        System.out.println(writer.size());
      }
    }
  }
}
