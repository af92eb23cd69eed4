package io.sealgate.log.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.TestRecords;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.store.LegalHold;
import io.sealgate.log.store.LogWriter;
import io.sealgate.log.store.TestLog;
import io.sealgate.log.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that is copied while it is written. */
final class LogBackupTest {
  private static final String SHARD = "2026q4";

  @TempDir Path dir;

  private final List<byte[]> records =
      IntStream.range(0, 300).mapToObj(i -> TestRecords.record(i)).toList();

  private Path data() {
    return dir.resolve("data");
  }

  private TestLog log() throws IOException {
    TestLog log = new TestLog(data());
    log.trust();
    return log;
  }

  @Test
  void shouldCopyALogThatIsWrittenSoThatItVerifiesAndCanGoOn() throws Exception {
    TestLog log = log();
    AtomicBoolean stop = new AtomicBoolean();
    Path out = dir.resolve("copy");
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        LogWriter writer = log.open()) {
      log.append(writer, records);
      new LegalHold(log.logDir()).place(SHARD, "case 7");
      Future<?> writing =
          thread.submit(
              () -> {
                while (!stop.get()) {
                  log.append(writer, records);
                }
                return null;
              });
      try {
        assertEquals(List.of(SHARD), LogBackup.backup(data(), out));
      } finally {
        stop.set(true);
        writing.get();
      }
    }
    VerifyReport copied = DataVerifier.verify(out);
    assertTrue(copied.ok(), copied::problem);
    assertTrue(copied.records() >= records.size(), copied.toText());
    assertTrue(copied.records() <= DataVerifier.verify(data()).records());
    assertEquals("case 7", new LegalHold(out.resolve("log")).reason(SHARD));
    assertFalse(Files.exists(out.resolve("log").resolve(SHARD).resolve("writer.lock")));
    try (LogWriter writer = new TestLog(out).open(log)) {
      log.append(writer, records);
    }
    VerifyReport further = DataVerifier.verify(out);
    assertTrue(further.ok(), further::problem);
    assertEquals(copied.records() + records.size(), further.records());
  }

  @Test
  void shouldRefuseAFolderThatIsNotEmptyOrHoldsNoLog() throws Exception {
    TestLog log = log();
    try (LogWriter writer = log.open()) {
      log.append(writer, records);
    }
    IOException full = assertThrows(IOException.class, () -> LogBackup.backup(data(), data()));
    assertTrue(full.getMessage().contains("is not empty"), full.getMessage());
    IOException none =
        assertThrows(
            IOException.class, () -> LogBackup.backup(dir.resolve("none"), dir.resolve("out")));
    assertTrue(none.getMessage().contains("--data"), none.getMessage());
  }

  @Test
  void shouldKeepAReasonOfOneLineAndNoOther() throws Exception {
    TestLog log = log();
    try (LogWriter writer = log.open()) {
      log.append(writer, records);
    }
    LegalHold holds = new LegalHold(log.logDir());
    for (String bad : List.of("", "  ", "a\nb", "x".repeat(LegalHold.REASON_MAX + 1))) {
      assertThrows(IllegalArgumentException.class, () -> holds.place(SHARD, bad));
    }
    assertThrows(IllegalArgumentException.class, () -> holds.place("../log", "x"));
    assertFalse(holds.release(SHARD));
  }
}
