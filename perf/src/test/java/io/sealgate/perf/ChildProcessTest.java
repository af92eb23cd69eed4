package io.sealgate.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.perf.load.LoadDriver;
import io.sealgate.perf.load.LoadPlan;
import io.sealgate.perf.load.LoadTarget;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChildProcessTest {
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);

  @TempDir Path dir;

  @Test
  void shouldServeAndEndWhenTheUpstreamRunsByItself() throws Exception {
    final Path ready = dir.resolve("ready");
    final ProcessHandle handle;
    try (ChildProcess upstream =
            ChildProcess.java(
                "the upstream",
                List.of("-Xms16m", "-Xmx64m"),
                BenchUpstream.class,
                List.of(ready.toString()),
                dir.resolve("log"));
        LoadDriver driver = new LoadDriver()) {
      final int port = Integer.parseInt(upstream.awaitFile(ready, READY_LIMIT));
      handle = ProcessHandle.of(upstream.pid()).orElseThrow();
      final LoadPlan plan = LoadPlan.atRate(100, 2, Duration.ZERO, Duration.ofMillis(200));
      final InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
      assertEquals(
          20,
          driver
              .run(LoadTarget.chat(address, Optional.empty()), plan)
              .requireClean()
              .latencies()
              .getTotalCount());
      assertTrue(CpuTime.of(List.of(upstream.pid())).isPositive());
    }
    assertFalse(handle.isAlive());
  }

  @Test
  void shouldEndDescendantsWhenTheChildIgnoresTheEndOfInput() throws Exception {
    final Path ready = dir.resolve("ready");
    final List<ProcessHandle> descendants;
    try (ChildProcess child =
        ChildProcess.start(
            "a shell",
            List.of(
                "/bin/sh", "-c", "sleep 600 & : >\"$1\"; cat >/dev/null", "sh", ready.toString()),
            dir.resolve("log"))) {
      child.awaitFile(ready, READY_LIMIT);
      descendants =
          child.descendants().stream().map(pid -> ProcessHandle.of(pid).orElseThrow()).toList();
    }
    assertFalse(descendants.isEmpty());
    descendants.forEach(descendant -> descendant.onExit().join());
  }

  @Test
  void shouldTellTheLastWordsWhenTheChildEndsEarly() throws Exception {
    try (ChildProcess child =
        ChildProcess.start(
            "a shell", List.of("/bin/sh", "-c", "echo no luck; exit 3"), dir.resolve("log"))) {
      final BenchException failed =
          assertThrows(
              BenchException.class, () -> child.awaitFile(dir.resolve("never"), READY_LIMIT));
      assertTrue(failed.getMessage().contains("ended with 3"), failed.getMessage());
      assertTrue(failed.getMessage().contains("no luck"), failed.getMessage());
    }
  }

  @Test
  void shouldLeaveNothingWhenTheWorkDirectoryIsClosed() throws Exception {
    final Path path;
    try (WorkDirectory work = WorkDirectory.in(dir)) {
      path = work.path();
      Files.writeString(work.make("nested").resolve("file"), "x");
    }
    assertFalse(Files.exists(path));
  }

  @Test
  void shouldCountTicksWhenTheCommandNameHoldsSpacesAndBrackets() {
    assertEquals(
        12, CpuTime.ticks("7 (a ) b) S 1 7 7 0 -1 4194304 100 0 0 0 5 7 0 0 20 0 3 0 99 0 0"));
    assertEquals(1 + 2 + 3 + 8, CpuTime.machineTicks("cpu  1 2 3 40 50 60 70 8 0 0"));
  }
}
