package io.sealgate.perf;

import io.sealgate.perf.Row.Target;
import io.sealgate.perf.load.LoadResult;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Says what a suite measured, in Markdown, with the targets and whether they were reached. */
final class GatewayReport {
  /** Sealed mode keeps this share of the throughput of proxy-only mode. */
  private static final double SEALED_SHARE_MIN = 0.50;

  /** Proxy-only mode reaches this share of HAProxy's throughput. */
  private static final double PROXY_SHARE_MIN = 0.40;

  /** What everything may add beyond one signature and one flush, at the median. */
  private static final double OWN_MICROS_MAX = 1_000;

  /** A machine on which others have more of the processors is not quiet enough to judge by. */
  private static final double FOREIGN_SHARE_MAX = 0.05;

  private static final double PERCENT = 100;

  private final Content content;
  private final StringBuilder out = new StringBuilder();

  /**
   * What there is to say.
   *
   * @param haProxyVersion empty when it was not measured
   */
  record Content(
      GatewaySuite.Options options,
      Machine machine,
      Optional<String> haProxyVersion,
      Baselines baselines,
      List<Row> rows) {
    Content {
      rows = List.copyOf(rows);
    }

    Optional<Row> row(final Target target) {
      return rows.stream().filter(row -> row.target() == target).findFirst();
    }
  }

  private GatewayReport(final Content content) {
    this.content = content;
  }

  /** The whole report. */
  static String markdown(final Content content, final String command) {
    final GatewayReport report = new GatewayReport(content);
    report.head(command);
    report.targets();
    report.saturation();
    report.atRate();
    return report.out.toString();
  }

  private void head(final String command) {
    final Machine machine = content.machine();
    final GatewaySuite.Options options = content.options();
    line("# Gateway load report");
    line("");
    line("Load generator, proxies and upstream share the machine; read the ratios, not the rates.");
    line(
        "A row whose foreign CPU (other programs, stolen time) is above %.0f %% says little.",
        FOREIGN_SHARE_MAX * PERCENT);
    line("");
    line("| | |");
    line("|---|---|");
    line("| Date | %s |", LocalDate.now(ZoneOffset.UTC));
    line("| Command | `%s` |", command);
    line("| Processor | %s |", machine.processor());
    line("| Kernel | %s |", machine.kernel());
    line("| JDK | %s |", machine.jdk());
    line(
        "| Disk | %s%s |",
        machine.disk(), machine.memoryDisk() ? " (**memory: flushes cost nothing**)" : "");
    line("| Gateway transport | %s |", options.transport().name().toLowerCase(Locale.ROOT));
    line("| HAProxy | %s |", content.haProxyVersion().orElse("not installed, skipped"));
    line(
        "| Load | %d connections, %d s measured after %d s of warm-up; a prompt of about 1 KiB |",
        options.connections(), options.measured().toSeconds(), options.warmUp().toSeconds());
    line("| One flush (fdatasync, 4 KiB), median | %.0f us |", content.baselines().flushMicros());
    line(
        "| One signature (SoftHSM, P-256), median | %.0f us |",
        content.baselines().signatureMicros());
    line("");
  }

  private void targets() {
    line("## Targets");
    line("");
    line("| Target | Measured | |");
    line("|---|---|---|");
    share(
        "sealed keeps at least %.0f %% of proxy-only throughput",
        SEALED_SHARE_MIN, Target.SEALED, Target.PROXY);
    share(
        "proxy-only reaches at least %.0f %% of HAProxy throughput",
        PROXY_SHARE_MIN, Target.PROXY, Target.HAPROXY);
    final Optional<Row> direct = content.row(Target.DIRECT);
    final Optional<Row> sealed = content.row(Target.SEALED);
    final double allowed =
        content.baselines().signatureMicros() + content.baselines().flushMicros() + OWN_MICROS_MAX;
    final String title =
        say(
            "everything adds at most one signature + one flush + 1 ms = %.0f us at %d calls/s, p50",
            allowed, content.options().rate());
    if (direct.isPresent() && sealed.isPresent()) {
      final double added = added(sealed.get(), direct.get(), 50);
      final boolean held = sealed.get().atRate().result().unanswered() == 0;
      line(
          "| %s | %.0f us | %s |",
          title,
          added,
          verdict(
              held && added <= allowed,
              Math.max(
                  direct.get().atRate().foreignShare(), sealed.get().atRate().foreignShare())));
    } else {
      line("| %s | not measured | |", title);
    }
    line("");
  }

  private void share(final String title, final double least, final Target of, final Target base) {
    final Optional<Row> one = content.row(of);
    final Optional<Row> other = content.row(base);
    final String said = say(title, least * PERCENT);
    if (one.isEmpty() || other.isEmpty()) {
      line("| %s | not measured | |", said);
      return;
    }
    final double share =
        one.get().saturation().result().callsPerSecond()
            / other.get().saturation().result().callsPerSecond();
    line(
        "| %s | %.0f %% | %s |",
        said,
        share * PERCENT,
        verdict(
            share >= least,
            Math.max(
                one.get().saturation().foreignShare(), other.get().saturation().foreignShare())));
  }

  private void saturation() {
    line("## Saturation");
    line("");
    line(
        "| | calls/s | of upstream alone | of HAProxy | of proxy-only | p50 us | p99 us |"
            + " p99.9 us | CPU us/call | of it signer | foreign CPU |");
    line("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (final Row row : content.rows()) {
      final LoadResult result = row.saturation().result();
      line(
          "| %s | %.0f | %s | %s | %s | %s | %s |",
          row.target().title(),
          result.callsPerSecond(),
          ratio(row, Target.DIRECT),
          ratio(row, Target.HAPROXY),
          ratio(row, Target.PROXY),
          percentiles(result),
          cpu(row, row.saturation()));
    }
    line("");
  }

  private void atRate() {
    line("## %d calls/s, on a fixed schedule", content.options().rate());
    line("");
    line("Latency counts from the moment a call was due. Added: less that of the upstream alone.");
    line("");
    line(
        "| | added p50 us | added p99 us | added p99.9 us | p50 us | p99 us | p99.9 us |"
            + " CPU us/call | of it signer | foreign CPU | unanswered |");
    line("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    final Optional<Row> direct = content.row(Target.DIRECT);
    for (final Row row : content.rows()) {
      final String added =
          direct
              .filter(base -> base != row)
              .map(
                  base ->
                      say(
                          "%.0f | %.0f | %.0f",
                          added(row, base, 50), added(row, base, 99), added(row, base, 99.9)))
              .orElse("- | - | -");
      line(
          "| %s | %s | %s | %s | %d |",
          row.target().title(),
          added,
          percentiles(row.atRate().result()),
          cpu(row, row.atRate()),
          row.atRate().result().unanswered());
    }
  }

  private String ratio(final Row row, final Target base) {
    return content
        .row(base)
        .filter(other -> row.target().compareTo(base) > 0)
        .map(
            other ->
                say(
                    "%.0f %%",
                    PERCENT
                        * row.saturation().result().callsPerSecond()
                        / other.saturation().result().callsPerSecond()))
        .orElse("-");
  }

  private static String percentiles(final LoadResult result) {
    return say("%.0f | %.0f | %.0f", result.micros(50), result.micros(99), result.micros(99.9));
  }

  private static String cpu(final Row row, final Row.Measured measured) {
    final long calls = measured.result().answeredInWindow();
    final String own =
        measured
            .cpu()
            .map(
                spent ->
                    say(
                        "%.0f | %s",
                        spent.microsPerCall(calls),
                        row.target().gateway()
                            ? say("%.0f", spent.signerMicrosPerCall(calls))
                            : "-"))
            .orElse("- | -");
    return own + say(" | %.0f %%", PERCENT * measured.foreignShare());
  }

  private static double added(final Row row, final Row direct, final double percentile) {
    return row.atRate().result().micros(percentile) - direct.atRate().result().micros(percentile);
  }

  private static String verdict(final boolean reached, final double foreignShare) {
    return (reached ? "reached" : "**missed**")
        + (foreignShare > FOREIGN_SHARE_MAX ? ", but the machine was not quiet" : "");
  }

  private void line(final String format, final Object... values) {
    out.append(values.length == 0 ? format : say(format, values)).append('\n');
  }

  private static String say(final String format, final Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
