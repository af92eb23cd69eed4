package io.sealgate.perf;

import static io.sealgate.perf.report.Markdown.number;

import io.sealgate.perf.jmh.ConditionBenchmark;
import io.sealgate.perf.policy.PublishTimes;
import io.sealgate.perf.report.JmhRun;
import io.sealgate.perf.report.LineChart;
import io.sealgate.perf.report.Markdown;
import io.sealgate.perf.report.Sample;
import java.util.Optional;

/** Says what conditions, decisions and publishes cost, beside what else could do the work. */
final class PolicyReport {
  private static final String COMPILED = "ConditionBenchmark.compiled";
  private static final String BY_HAND = "ConditionBenchmark.handWritten";
  private static final String PLANNED = "ConditionBenchmark.planned";
  private static final String INDEXED = "DecideBenchmark.indexed";
  private static final String INDEXED_MEAN = "DecideBenchmark.indexedMean";
  private static final String LINEAR = "DecideBenchmark.linear";
  private static final String DEV_CEL = "DecideElsewhereBenchmark.devCel";
  private static final String JCASBIN = "DecideElsewhereBenchmark.jCasbin";
  private static final int[] RULES = {10, 100, 1_000, 10_000, 100_000};
  private static final String MOST = "100000";

  private static final double PLANNER_TIMES_MIN = 13;
  private static final double BY_HAND_TIMES_MAX = 1.3;
  private static final double P50_NANOS_MAX = 4_000;
  private static final double P99_NANOS_MAX = 20_000;
  private static final double GROWTH_MAX = 5;
  private static final double COLD_MILLIS_MAX = 1_000;
  private static final double EDIT_MILLIS_MAX = 50;
  private static final double PAUSE_MILLIS_MAX = 1;
  private static final double MEGABYTE = 1 << 20;
  private static final double HEAP_MEGABYTES_MAX = 64;
  private static final double METASPACE_MEGABYTES_MAX = 16;
  private static final double NANOS_PER_MICRO = 1_000;

  /** Bytes a decision may seem to allocate by the profiler's own work. */
  private static final double ALLOCATION_NOISE_BYTES = 0.1;

  private final JmhRun run;
  private final PublishMeasures publish;
  private final Machine machine;

  PolicyReport(final JmhRun run, final PublishMeasures publish, final Machine machine) {
    this.run = run;
    this.publish = publish;
    this.machine = machine;
  }

  String markdown(final String command) throws BenchException {
    final Markdown out = new Markdown();
    out.line("# Policy report").line("");
    out.line("One core; read the ratios, which come from one run. A call has 20 candidates in an");
    out.line(
        "organisation of any size (9 of 10 rules), and all of them match. Calls come from all");
    out.line("teams in random order, and every rule has a condition. The linear scan is our own");
    out.line("engine without its index. dev.cel's planner evaluates scope and condition of each");
    out.line("rule as one expression; jCasbin matches team and model only, without conditions.");
    out.line("");
    out.facts(command)
        .row("Processor", machine.processor())
        .row("Kernel", machine.kernel())
        .row("JDK", machine.jdk());
    targets(out);
    conditions(out);
    decisions(out);
    publishes(out);
    return out.toString();
  }

  private void targets(final Markdown out) throws BenchException {
    out.heading("Targets").columns("Target", "Measured", "");
    double plannerTimes = Double.MAX_VALUE;
    double byHandTimes = 0;
    for (final ConditionBenchmark.Kind kind : ConditionBenchmark.Kind.values()) {
      plannerTimes = Math.min(plannerTimes, condition(PLANNED, kind) / condition(COMPILED, kind));
      byHandTimes = Math.max(byHandTimes, condition(COMPILED, kind) / condition(BY_HAND, kind));
    }
    out.target(
        "every condition at least 13 times as fast as dev.cel's planner",
        number(plannerTimes) + " times at least",
        plannerTimes >= PLANNER_TIMES_MIN);
    out.target(
        "every condition within 1.3 times the time of hand-written Java",
        number(byHandTimes) + " times at most",
        byHandTimes <= BY_HAND_TIMES_MAX);
    final Sample most = run.get(INDEXED, "rules", MOST);
    final double allocated = run.get(INDEXED_MEAN, "rules", MOST).allocatedBytes();
    final double growth = most.p50Nanos() / run.get(INDEXED, "rules", "1000").p50Nanos();
    out.target(
        "decision among 100,000 rules: p50 at most 4 us",
        micros(most.p50Nanos()),
        most.p50Nanos() <= P50_NANOS_MAX);
    out.target(
        "decision among 100,000 rules: p99 at most 20 us",
        micros(most.p99Nanos()),
        most.p99Nanos() <= P99_NANOS_MAX);
    out.target(
        "at most 5 times the cost among 1,000 rules",
        number(growth) + " times",
        growth <= GROWTH_MAX);
    out.target(
        "no allocation in a decision",
        number(allocated) + " B",
        allocated < ALLOCATION_NOISE_BYTES);
    millis(out, "10,000 rules published cold: at most 1 s", PublishTimes.COLD_MS, COLD_MILLIS_MAX);
    millis(
        out,
        "one rule of 10,000 edited: published in at most 50 ms (median)",
        PublishTimes.EDIT_P50_MS,
        EDIT_MILLIS_MAX);
    final double pause =
        publish.get(PublishTimes.GAP_PUBLISH_P50_MS) - publish.get(PublishTimes.GAP_QUIET_P50_MS);
    out.target(
        "a publish makes no call more than 1 ms longer (median of the longest in a window)",
        number(Math.max(0, pause)) + " ms",
        pause <= PAUSE_MILLIS_MAX);
    megabytes(
        out, "100,000 rules: at most 64 MB of heap", PublishTimes.HEAP_BYTES, HEAP_MEGABYTES_MAX);
    megabytes(
        out,
        "100,000 rules: at most 16 MB of metaspace",
        PublishTimes.METASPACE_BYTES,
        METASPACE_MEGABYTES_MAX);
  }

  private void millis(final Markdown out, final String target, final String name, final double max)
      throws BenchException {
    out.target(target, number(publish.get(name)) + " ms", publish.get(name) <= max);
  }

  private void megabytes(
      final Markdown out, final String target, final String name, final double max)
      throws BenchException {
    final double megabytes = publish.get(name) / MEGABYTE;
    out.target(target, number(megabytes) + " MB", megabytes <= max);
  }

  private void conditions(final Markdown out) {
    out.heading("One condition, ns")
        .columns("", "compiled", "by hand", "dev.cel planner", "planner / compiled", "B allocated");
    for (final ConditionBenchmark.Kind kind : ConditionBenchmark.Kind.values()) {
      final double compiled = condition(COMPILED, kind);
      out.row(
          kind,
          number(compiled),
          number(condition(BY_HAND, kind)),
          number(condition(PLANNED, kind)),
          number(condition(PLANNED, kind) / compiled),
          number(run.get(COMPILED, "condition", kind.name()).allocatedBytes()));
    }
  }

  private double condition(final String name, final ConditionBenchmark.Kind kind) {
    return run.get(name, "condition", kind.name()).nanos();
  }

  private void decisions(final Markdown out) {
    out.heading("One decision, us")
        .columns(
            "rules",
            "p50",
            "p99",
            "B allocated",
            "linear p50",
            "linear p99",
            "dev.cel p50",
            "jCasbin p50");
    for (final int rules : RULES) {
      final Sample indexed = sample(INDEXED, rules).orElseThrow();
      out.row(
          rules,
          number(indexed.p50Nanos() / NANOS_PER_MICRO),
          number(indexed.p99Nanos() / NANOS_PER_MICRO),
          number(sample(INDEXED_MEAN, rules).orElseThrow().allocatedBytes()),
          p50(LINEAR, rules),
          number(sample(LINEAR, rules).orElseThrow().p99Nanos() / NANOS_PER_MICRO),
          p50(DEV_CEL, rules),
          p50(JCASBIN, rules));
    }
  }

  private String p50(final String name, final int rules) {
    return sample(name, rules)
        .map(sample -> number(sample.p50Nanos() / NANOS_PER_MICRO))
        .orElse("-");
  }

  private Optional<Sample> sample(final String name, final int rules) {
    return run.find(name, "rules", Integer.toString(rules));
  }

  private void publishes(final Markdown out) throws BenchException {
    out.heading("Publishing, from text to snapshot").columns("", "ms");
    out.row(
        "10,000 rules, the first publish of the process",
        number(publish.get(PublishTimes.FIRST_MS)));
    out.row(
        "10,000 rules, none of whose shapes was published before",
        number(publish.get(PublishTimes.COLD_MS)));
    out.row("one rule of 10,000 edited, p50", number(publish.get(PublishTimes.EDIT_P50_MS)));
    out.row("one rule of 10,000 edited, longest", number(publish.get(PublishTimes.EDIT_MAX_MS)));
    out.row("100,000 rules", number(publish.get(PublishTimes.LARGE_MS)));
    out.heading("Calls beside publishes, the longest of a window")
        .columns("", "median, ms", "of all windows, ms");
    out.row(
        "windows with a publish of one edited rule",
        number(publish.get(PublishTimes.GAP_PUBLISH_P50_MS)),
        number(publish.get(PublishTimes.GAP_PUBLISH_MAX_MS)));
    out.row(
        "windows as long between them, without",
        number(publish.get(PublishTimes.GAP_QUIET_P50_MS)),
        number(publish.get(PublishTimes.GAP_QUIET_MAX_MS)));
  }

  private static String micros(final double nanos) {
    return number(nanos / NANOS_PER_MICRO) + " us";
  }

  String plot() {
    final LineChart chart =
        new LineChart("One decision with 20 candidates on one core", "rules", "us");
    for (final int rules : RULES) {
      final Sample indexed = sample(INDEXED, rules).orElseThrow();
      chart.point("Sealgate, p50", rules, indexed.p50Nanos() / NANOS_PER_MICRO);
      chart.point("Sealgate, p99", rules, indexed.p99Nanos() / NANOS_PER_MICRO);
      point(chart, "linear scan, p50", LINEAR, rules);
      point(chart, "dev.cel planner, p50", DEV_CEL, rules);
      point(chart, "jCasbin, p50", JCASBIN, rules);
    }
    return chart.svg();
  }

  private void point(final LineChart chart, final String line, final String name, final int rules) {
    sample(name, rules)
        .ifPresent(sample -> chart.point(line, rules, sample.p50Nanos() / NANOS_PER_MICRO));
  }
}
