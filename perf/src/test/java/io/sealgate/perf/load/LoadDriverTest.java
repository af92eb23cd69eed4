package io.sealgate.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.loopback.LoopbackModel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The driver against the built-in model, over real sockets. */
final class LoadDriverTest {
  private static final int STALL_MS = 200;

  private LoadDriver driver;

  @BeforeEach
  void start() {
    driver = new LoadDriver();
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void shouldSendEveryCallOnceWhenOnASchedule() throws Exception {
    try (LoopbackModel model = model(0)) {
      final LoadResult result =
          driver
              .run(target(model), LoadPlan.atRate(400, 4, Duration.ofMillis(250), seconds(1)))
              .requireClean();
      // 100 calls of warm-up, 400 measured.
      assertEquals(500, model.receivedCount());
      assertEquals(400, result.latencies().getTotalCount());
      assertEquals(0, result.unanswered());
      assertTrue(result.micros(50) > 0 && result.micros(50) <= result.micros(99.9));
      assertTrue(result.answeredInWindow() <= 500);
    }
  }

  @Test
  void shouldChargeWaitingCallsWhenTheTargetStalls() throws Exception {
    try (LoopbackModel model = model(STALL_MS)) {
      final LoadResult result =
          driver
              .run(target(model), LoadPlan.atRate(100, 8, Duration.ZERO, Duration.ofMillis(500)))
              .requireClean();
      assertEquals(50, result.latencies().getTotalCount());
      assertTrue(result.latencies().getMaxValue() >= millis(150), "a stall must show");
      // 50 calls on 8 connections take seven stalls; the last was due within half a second.
      assertTrue(
          result.latencies().getValueAtPercentile(99) >= millis(600),
          "waiting for a connection must count, p99 is " + result.micros(99) + " us");
    }
  }

  @Test
  void shouldKeepEveryConnectionBusyWhenAtSaturation() throws Exception {
    try (LoopbackModel model = model(0)) {
      final LoadRun run =
          driver.start(
              target(model),
              LoadPlan.saturation(4, Duration.ofMillis(100), Duration.ofMillis(500)));
      run.awaitMeasuring();
      run.awaitMeasured();
      final LoadResult result = run.result().requireClean();
      assertEquals(result.answeredInWindow(), result.latencies().getTotalCount());
      assertTrue(result.answeredInWindow() > 4, result.toString());
      assertTrue(model.receivedCount() >= result.answeredInWindow());
      assertEquals(2.0 * result.answeredInWindow(), result.callsPerSecond(), 1e-6);
    }
  }

  @Test
  void shouldRefuseTheResultWhenCallsAreAnsweredWrongly() throws Exception {
    try (LoopbackModel model = model(0)) {
      final LoadTarget target =
          LoadTarget.chat(address(model.port()), Optional.empty(), "loopback-1:status-500");
      final LoadResult result =
          driver.run(target, LoadPlan.atRate(50, 1, Duration.ZERO, Duration.ofMillis(100)));
      assertEquals(5, result.failures());
      final LoadException refused = assertThrows(LoadException.class, result::requireClean);
      assertTrue(refused.getMessage().contains("5 calls"), refused.getMessage());
      assertTrue(refused.getMessage().contains("status 500"), refused.getMessage());
    }
  }

  @Test
  void shouldFailWhenTheTargetClosesEveryConnection() throws Exception {
    try (LoopbackModel model = model(0)) {
      final LoadTarget target =
          LoadTarget.chat(address(model.port()), Optional.empty(), "loopback-1:cut");
      final LoadException failed =
          assertThrows(
              LoadException.class,
              () -> driver.run(target, LoadPlan.saturation(2, Duration.ZERO, seconds(1))));
      assertTrue(failed.getMessage().contains("no connection is left"), failed.getMessage());
    }
  }

  @Test
  void shouldFailWhenNobodyListens() throws IOException {
    final int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    final LoadTarget target = LoadTarget.chat(address(port), Optional.empty());
    final LoadException failed =
        assertThrows(
            LoadException.class,
            () -> driver.run(target, LoadPlan.saturation(2, Duration.ZERO, seconds(1))));
    assertTrue(failed.getMessage().contains("cannot connect"), failed.getMessage());
  }

  private static LoopbackModel model(final int delayMs) throws IOException {
    final LoopbackModel.Options defaults = LoopbackModel.Options.defaults();
    return LoopbackModel.start(
        "127.0.0.1",
        0,
        new LoopbackModel.Options(defaults.models(), delayMs, 0, Optional.empty(), 1));
  }

  private static LoadTarget target(final LoopbackModel model) {
    return LoadTarget.chat(address(model.port()), Optional.empty());
  }

  private static InetSocketAddress address(final int port) {
    return new InetSocketAddress("127.0.0.1", port);
  }

  private static Duration seconds(final int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static long millis(final int millis) {
    return Duration.ofMillis(millis).toNanos();
  }
}
