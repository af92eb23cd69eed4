package io.sealgate.log.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sealgate.log.verify.VerifyReport;
import io.sealgate.store.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class CrashTest {
  private static final String SHARD = "2026q4";

  @TempDir Path data;

  @Test
  void shouldKeepEverySealedRecordWhenTheWriterIsKilled() throws Exception {
    TestLog log = new TestLog(data);
    log.trust();
    log.key.save(data.resolve("key"));
    long sealed = 0;
    for (int batches : new int[] {3, 17, 40}) {
      Process writer = startWriter();
      try (BufferedReader sizes =
              new BufferedReader(new InputStreamReader(writer.getInputStream(), UTF_8));
          LogReader reader = LogReader.open(log.logDir())) {
        for (int i = 0; i < batches; i++) {
          String line = sizes.readLine();
          assertTrue(line != null, "the writer ended by itself");
          sealed = Long.parseLong(line);
          // The writer lives in another process; what it announced must be visible here.
          assertTrue(reader.size(SHARD) >= sealed);
        }
        assertThrows(StoreException.class, log::open);
        VerifyReport live = DataVerifier.verify(data);
        assertTrue(live.ok(), live.problem());
      } finally {
        writer.destroyForcibly();
        assertTrue(writer.waitFor(30, TimeUnit.SECONDS));
      }
      VerifyReport report = DataVerifier.verify(data);
      assertTrue(report.ok(), report.problem());
      assertTrue(report.records() >= sealed, report.records() + " of " + sealed);
    }
    try (LogWriter writer = log.open()) {
      long size = writer.size();
      log.fill(writer, 10);
      assertEquals(size + 10, writer.size());
    }
    assertTrue(DataVerifier.verify(data).ok());
  }

  private Process startWriter() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            CrashingWriter.class.getName(),
            data.toString()));
    return new ProcessBuilder(command)
        .redirectError(data.resolve("writer-errors").toFile())
        .start();
  }

  @Test
  void shouldFailClosedAndStayVerifiableWhenTheDiskIsFull() throws Exception {
    Path volume = Files.createDirectory(data.resolve("volume"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", volume.toString()) == 0,
        "no right to mount");
    try {
      TestLog log = new TestLog(volume);
      log.trust();
      LogOptions unguarded = LogOptions.defaults().withPrefillBytes(0).withReserveBytes(0);
      StoreException full = null;
      long sealed = 0;
      LogWriter writer = LogWriter.open(log.logDir(), log.origin, log.key.verifier(), unguarded);
      try {
        for (int i = 0; i < 200 && full == null; i++) {
          try {
            log.fill(writer, 100);
            sealed = writer.size();
          } catch (StoreException e) {
            full = e;
          }
        }
        assertTrue(full != null && full.getMessage().contains("ENOSPC"), String.valueOf(full));
        assertThrows(IllegalStateException.class, writer::begin);
      } finally {
        writer.close();
      }
      VerifyReport report = DataVerifier.verify(volume);
      assertTrue(report.ok(), report.problem());
      assertEquals(sealed, report.records());
    } finally {
      assertEquals(0, run("umount", volume.toString()));
    }
  }

  private static int run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
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
