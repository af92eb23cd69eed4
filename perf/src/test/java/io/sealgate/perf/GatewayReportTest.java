package io.sealgate.perf;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.config.Transport;
import io.sealgate.perf.load.LoadPlan;
import io.sealgate.perf.load.LoadResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GatewayReportTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Machine MACHINE = new Machine("cpu", "kernel", "jdk", "ext4", false);

  @TempDir Path dir;

  @Test
  void shouldSayReachedAndMissedWhenRatiosAreOnEitherSide() {
    final List<Row> rows =
        List.of(
            row(Row.Target.DIRECT, 40_000, 100),
            row(Row.Target.HAPROXY, 20_000, 150),
            row(Row.Target.PROXY, 10_000, 300),
            row(Row.Target.SEALED, 4_000, 1_500));
    final String report = report(rows, Optional.of("2.6"));
    assertTrue(report.contains("of proxy-only throughput | 40 % | **missed** |"), report);
    assertTrue(report.contains("of HAProxy throughput | 50 % | reached |"), report);
    // 1,500 - 100 us added; 300 + 200 + 1,000 allowed.
    assertTrue(
        report.contains(
            "= 1500 us at 1000 calls/s, p50 | 1400 us | reached, but the machine was not quiet |"),
        report);
    assertTrue(report.contains("| sealgate, proxy only | 10000 | 25 % | 50 % | - | 300 |"), report);
    assertTrue(report.contains("| 60 | 10 | 3 % |"), report);
    assertTrue(report.contains("| 600 | 100 | 25 % | 0 |"), report);
    assertFalse(report.contains("%."), report);
  }

  @Test
  void shouldSayNotMeasuredWhenHaProxyIsAbsent() {
    final List<Row> rows = new ArrayList<>();
    rows.add(row(Row.Target.DIRECT, 40_000, 100));
    rows.add(row(Row.Target.PROXY, 10_000, 300));
    final String report = report(rows, Optional.empty());
    assertTrue(report.contains("not installed, skipped"), report);
    assertTrue(report.contains("of HAProxy throughput | not measured |"), report);
  }

  @Test
  void shouldMeasureFlushesAndSignaturesWhenAskedTo() throws Exception {
    assertTrue(Baselines.flushMicros(dir.resolve("flush"), 3) > 0);
    assertTrue(Baselines.signatureMicros(dir, 3) > 0);
    assertFalse(Machine.of(dir).processor().isEmpty());
  }

  private static String report(final List<Row> rows, final Optional<String> haProxy) {
    final GatewaySuite.Options options =
        new GatewaySuite.Options(SECOND, SECOND, 1_000, 8, Transport.IO_URING, Path.of("."));
    return GatewayReport.markdown(
        new GatewayReport.Content(options, MACHINE, haProxy, new Baselines(200, 300), rows),
        "bench gateway");
  }

  private static Row row(final Row.Target target, final long calls, final long micros) {
    final Histogram latencies = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
    latencies.recordValue(TimeUnit.MICROSECONDS.toNanos(micros));
    final LoadResult most =
        new LoadResult(
            LoadPlan.saturation(8, SECOND, SECOND), calls, 0, 0, Optional.empty(), latencies);
    final LoadResult steady =
        new LoadResult(
            LoadPlan.atRate(1_000, 8, SECOND, SECOND), 1_000, 0, 0, Optional.empty(), latencies);
    final Optional<Row.Cpu> cpu =
        target == Row.Target.DIRECT
            ? Optional.empty()
            : Optional.of(new Row.Cpu(Duration.ofMillis(500), Duration.ofMillis(100)));
    return new Row(target, new Row.Measured(most, cpu, 0.03), new Row.Measured(steady, cpu, 0.25));
  }
}
