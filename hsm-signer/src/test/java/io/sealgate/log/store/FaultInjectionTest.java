package io.sealgate.log.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sealgate.log.verify.VerifyReport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An appender whose n-th system call on the data file fails with EIO, or brings SIGKILL, by strace.
 * After each run the log must verify, hold everything that was said to be sealed, and be writable
 * again.
 */
@Timeout(1_800)
final class FaultInjectionTest {
  private static final String STRACE = "/usr/bin/strace";
  private static final String SHARD = "2026q4";
  private static final String BATCHES = "6";
  private static final long RUN_SECONDS = 120;

  @TempDir Path data;

  private TestLog log;
  private boolean sawMark;

  @BeforeEach
  void makeLog() throws IOException {
    assumeTrue(Files.isExecutable(Path.of(STRACE)), "no strace (" + STRACE + ")");
    log = new TestLog(data).of(3);
    log.key.save(data.resolve("key"));
  }

  @Test
  void shouldLoseNothingSealedWhenWritesAndFlushesFailOrKill() throws Exception {
    assertTrue(run("fdatasync", "error=EIO", 2), "no flush was ever made to fail");
    assertTrue(sawMark, "a failed flush leaves a mark");
    assertTrue(run("pwrite64", "error=EIO", 3), "no write was ever made to fail");
    assertTrue(run("fdatasync", "signal=SIGKILL", 2), "no flush ever killed");
    // What a file system that turned read-only says.
    assertTrue(run("pwrite64", "error=EROFS", 3), "no write ever met a read-only disk");
    assertTrue(run("fdatasync", "error=EROFS", 2), "no flush ever met a read-only disk");
  }

  @Test
  @Tag("long")
  void shouldLoseNothingSealedAtAnyCallOfAnAppend() throws Exception {
    for (String action : List.of("error=EIO", "error=EROFS", "signal=SIGKILL")) {
      for (String call : List.of("openat", "pwrite64", "fdatasync", "write", "ftruncate")) {
        int n = 1;
        while (n <= 60 && run(call, action, n)) {
          n++;
        }
      }
    }
    assertTrue(sawMark, "a failed flush leaves a mark");
  }

  /** One run; whether the fault came to pass. */
  private boolean run(String call, String action, int n) throws Exception {
    String what = call + " " + action + " " + n;
    Path said = data.resolve("said");
    Path trace = data.resolve("trace");
    Path shard = log.logDir().resolve(SHARD);
    List<String> command = new ArrayList<>();
    command.addAll(List.of(STRACE, "-f", "-qq", "-o", trace.toString()));
    command.addAll(List.of("-P", shard.resolve("data.mdb").toString()));
    command.addAll(List.of("-e", "trace=" + call));
    command.addAll(List.of("-e", "inject=" + call + ":" + action + ":when=" + n));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            CrashingWriter.class.getName(),
            data.toString(),
            BATCHES));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(said.toFile())
            .redirectError(data.resolve("errors").toFile())
            .start();
    try {
      assertTrue(process.waitFor(RUN_SECONDS, TimeUnit.SECONDS), what + " does not end");
    } finally {
      process.destroyForcibly();
    }
    boolean failed = process.exitValue() != 0;
    sawMark |= Files.exists(shard.resolve("suspect"));
    long sealed = 0;
    for (String line : Files.readAllLines(said)) {
      sealed = Long.parseLong(line);
    }
    VerifyReport report = DataVerifier.verify(data);
    assertTrue(report.ok(), () -> what + ": " + report.problem());
    assertTrue(report.records() >= sealed, what + ": " + report.records() + " of " + sealed);
    try (LogWriter writer = log.open()) {
      assertEquals(report.records(), writer.size(), what);
      log.fill(writer, 2);
    }
    assertFalse(Files.exists(shard.resolve("suspect")), what + ": verified, so not suspect");
    return failed;
  }
}
