package io.sealgate.perf;

import static io.sealgate.perf.report.Markdown.number;
import static io.sealgate.perf.seal.SealResult.millis;

import io.sealgate.perf.LogSuite.Volume;
import io.sealgate.perf.report.BarChart;
import io.sealgate.perf.report.Markdown;
import io.sealgate.perf.seal.SealResult;
import java.util.List;
import java.util.Optional;

/** Says what sealing costs, beside what it cannot do without. */
final class LogReport {
  private static final double BEYOND_MILLIS_MAX = 0.3;
  private static final double MEMORY_P50_MILLIS_MAX = 1;
  private static final double MEMORY_P99_MILLIS_MAX = 6;
  private static final double SLOW_P50_MILLIS_MAX = 3;
  private static final double QUERY_MILLIS_MAX = 100;
  private static final double SATURATION_MIN = 40_000;
  private static final double VERIFIED_MIN = 200_000;
  private static final double FLUSHES_MAX = 1.05;

  private final LogSuite.Options options;
  private final List<Volume> volumes;
  private final Optional<SealResult> slow;
  private final Optional<SearchSuite.Result> search;

  LogReport(
      final LogSuite.Options options,
      final List<Volume> volumes,
      final Optional<SealResult> slow,
      final Optional<SearchSuite.Result> search) {
    this.search = search;
    this.options = options;
    this.slow = slow;
    this.volumes = List.copyOf(volumes);
  }

  String markdown(final String command) {
    final Markdown out = new Markdown();
    final Machine machine = volumes.getFirst().machine();
    out.line("# Sealed log report").line("");
    out.line("A signer in a process of its own, records of about 1.2 kB over its Aeron channel,");
    out.line(
        "producer and signer on the same machine. Latency counts from the moment a record was");
    out.line("due to its receipt. The token is SoftHSM, P-256.").line("");
    out.facts(command)
        .row("Processor", machine.processor())
        .row("Kernel", machine.kernel())
        .row("JDK", machine.jdk());
    for (final Volume volume : volumes) {
      out.row(volume.title(), volume.machine().disk());
    }
    targets(out);
    latencies(out);
    throughput(out);
    verification(out);
    search.ifPresent(result -> searched(out, result));
    return out.toString();
  }

  private void targets(final Markdown out) {
    out.heading("Targets").columns("Target", "Measured", "");
    for (final Volume volume : volumes) {
      final double beyond = millis(volume.single().beyond(), 50);
      out.target(
          volume.title()
              + ": at most 0.3 ms p50 beyond the longer of flush and signature, at "
              + options.singlePerSecond()
              + "/s",
          number(beyond) + " ms",
          beyond <= BEYOND_MILLIS_MAX);
      if (volume.machine().memoryDisk()) {
        memory(out, volume);
      } else {
        volume
            .flushesPerBatch()
            .ifPresent(
                flushes ->
                    out.target(
                        "one flush (fdatasync) a batch",
                        number(flushes),
                        flushes <= FLUSHES_MAX && flushes > 0));
      }
      out.target(
          volume.title() + ": verified at 200,000 records/s",
          number(volume.verified().perSecond()) + "/s",
          volume.verified().perSecond() >= VERIFIED_MIN);
    }
    slow.ifPresent(result -> slowToken(out, result));
    search.ifPresent(
        result ->
            out.target(
                "a selective query of " + result.records() + " records in at most 100 ms",
                number(result.medianMillis())
                    + " ms, the slowest "
                    + number(result.slowestMillis())
                    + " ms",
                result.slowestMillis() <= QUERY_MILLIS_MAX));
  }

  private void slowToken(final Markdown out, final SealResult result) {
    final double p50 = millis(result.latency(), 50);
    out.target(
        "memory, a token that takes 1 ms longer: at "
            + options.ratedPerSecond()
            + "/s p50 at most 3 ms",
        number(p50) + " ms",
        p50 <= SLOW_P50_MILLIS_MAX);
  }

  private void memory(final Markdown out, final Volume volume) {
    final double p50 = millis(volume.rated().latency(), 50);
    final double p99 = millis(volume.rated().latency(), 99);
    final String at = volume.title() + ": at " + options.ratedPerSecond() + "/s ";
    out.target(at + "p50 at most 1 ms", number(p50) + " ms", p50 <= MEMORY_P50_MILLIS_MAX);
    out.target(at + "p99 at most 6 ms", number(p99) + " ms", p99 <= MEMORY_P99_MILLIS_MAX);
    out.target(
        volume.title() + ": saturation at least 40,000 records/s",
        number(volume.saturated().perSecond()) + "/s",
        volume.saturated().perSecond() >= SATURATION_MIN);
  }

  private void latencies(final Markdown out) {
    out.heading("From due to receipt")
        .columns(
            "",
            "records/s",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "records a batch",
            "signature p50 ms",
            "flush p50 ms",
            "beyond p50 ms");
    for (final Volume volume : volumes) {
      latency(out, volume.title(), options.singlePerSecond(), volume.single());
      latency(out, volume.title(), options.ratedPerSecond(), volume.rated());
    }
    slow.ifPresent(result -> latency(out, "memory, slow token", options.ratedPerSecond(), result));
  }

  private static void latency(
      final Markdown out, final String title, final int rate, final SealResult result) {
    out.row(
        title,
        rate,
        number(millis(result.latency(), 50)),
        number(millis(result.latency(), 99)),
        number(millis(result.latency(), 99.9)),
        number(result.perBatch()),
        number(millis(result.sign(), 50)),
        number(millis(result.flush(), 50)),
        number(millis(result.beyond(), 50)));
  }

  private void throughput(final Markdown out) {
    out.heading("Records a second")
        .columns("", "sealed", "one signature each", "one commit each", "unsigned, 256 a commit");
    for (final Volume volume : volumes) {
      out.row(
          volume.title(),
          number(volume.saturated().perSecond()),
          ratio(volume, volume.baselines().signedEachPerSecond()),
          ratio(volume, volume.baselines().commitEachPerSecond()),
          ratio(volume, volume.baselines().unsignedPerSecond()));
    }
    out.line("").line("In brackets: how many times as many are sealed.");
  }

  private static void searched(final Markdown out, final SearchSuite.Result result) {
    out.heading("Searched")
        .columns("records", "indexed records/s", "query p50 ms", "slowest ms", "one walk ms")
        .row(
            result.records(),
            number(result.indexedPerSecond()),
            number(result.medianMillis()),
            number(result.slowestMillis()),
            number(result.scanMillis())
                + " ("
                + number(result.scanMillis() / result.medianMillis())
                + ")");
    out.line("")
        .line("Queries for one user, for one user's blocked calls, and for one label within a day,")
        .line("the newest 100 answers of each. The walk compares bytes, without an index.");
  }

  private void verification(final Markdown out) {
    out.heading("Verified")
        .columns("", "records", "checkpoints", "records/s", "records/s by the JDK alone");
    for (final Volume volume : volumes) {
      final LogSuite.Verified verified = volume.verified();
      out.row(
          volume.title(),
          verified.records(),
          verified.checkpoints(),
          number(verified.perSecond()),
          number(verified.perSecondJdk())
              + " ("
              + number(verified.perSecondJdk() / verified.perSecond())
              + ")");
    }
    out.line("")
        .line("Every checkpoint's signature is checked, so small batches cost more than their")
        .line("records: `sealgate verify` uses OpenSSL's libcrypto, the auditor's jar the JDK.");
  }

  private static String ratio(final Volume volume, final double other) {
    return number(other) + " (" + number(volume.saturated().perSecond() / other) + ")";
  }

  String plot() {
    final BarChart chart = new BarChart("Records a second on one machine", "records/s");
    for (final Volume volume : volumes) {
      final String on = ", " + volume.title();
      chart.bar("sealed" + on, volume.saturated().perSecond(), true);
      chart.bar("one signature each" + on, volume.baselines().signedEachPerSecond(), false);
      chart.bar("one commit each, unsigned" + on, volume.baselines().commitEachPerSecond(), false);
      chart.bar("256 a commit, unsigned" + on, volume.baselines().unsignedPerSecond(), false);
    }
    return chart.svg();
  }
}
