package io.sealgate.perf;

import static io.sealgate.perf.report.Markdown.number;

import io.sealgate.perf.jmh.ClassifyBenchmark.Text;
import io.sealgate.perf.report.BarChart;
import io.sealgate.perf.report.JmhRun;
import io.sealgate.perf.report.Markdown;
import io.sealgate.perf.report.Sample;
import java.util.Map;

/** Says how fast the classifier is, beside what else could do its work. */
final class ClassifierReport {
  private static final String OURS = "ClassifyBenchmark.classify";
  private static final String JAVA_REGEX = "ClassifyBenchmark.regularExpressions";
  private static final String HYPERSCAN = "ClassifyBenchmark.hyperscanExpressions";
  private static final String MEMORY = "ClassifyBenchmark.memoryPass";
  private static final String STREAM = "ClassifyStreamBenchmark.push";

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double PROMPT_NANOS_MAX = 1_000;
  private static final double DELTA_NANOS_MAX = 300;
  private static final double COLD_NANOS_MAX = 2e9;
  private static final double CACHED_NANOS_MAX = 100e6;

  /** Bytes an operation may seem to allocate by the profiler's own work. */
  private static final double ALLOCATION_NOISE_BYTES = 1;

  private static final Map<Text, Double> GIGABYTES_MIN =
      Map.of(
          Text.PROSE_16_KIB, 2.0,
          Text.CODE_16_KIB, 1.0,
          Text.JSON_16_KIB, 1.0,
          Text.ADDRESSES_16_KIB, 0.5);

  private final JmhRun run;
  private final CompileTime compile;
  private final Machine machine;

  ClassifierReport(final JmhRun run, final CompileTime compile, final Machine machine) {
    this.run = run;
    this.compile = compile;
    this.machine = machine;
  }

  String markdown(final String command) {
    final Markdown out = new Markdown();
    out.line("# Classifier report").line("");
    out.line("All recognisers are on. Rates are of one core; read the ratios, which come from one");
    out.line("run. The regular expressions find shapes only: they validate nothing.").line("");
    out.facts(command)
        .row("Processor", machine.processor())
        .row("Kernel", machine.kernel())
        .row("JDK", machine.jdk());
    targets(out);
    throughput(out);
    return out.toString();
  }

  private void targets(final Markdown out) {
    out.heading("Targets").columns("Target", "Measured", "");
    for (final Text text : Text.values()) {
      final Double min = GIGABYTES_MIN.get(text);
      if (min != null) {
        final double rate = rate(OURS, text);
        out.target(text + ": at least " + min + " GB/s", number(rate) + " GB/s", rate >= min);
      }
    }
    final double prompt = sample(OURS, Text.PROMPT_1_KIB).nanos();
    out.target("1 KiB prompt: at most 1 us", number(prompt) + " ns", prompt <= PROMPT_NANOS_MAX);
    for (final Text text : new Text[] {Text.PROSE_16_KIB, Text.CODE_16_KIB}) {
      final double nanos = sample(STREAM, text).nanos();
      out.target(
          "stream of " + text + ", delta of 8 bytes: at most 300 ns",
          number(nanos) + " ns",
          nanos <= DELTA_NANOS_MAX);
    }
    final double allocated = sample(OURS, Text.PROSE_16_KIB).allocatedBytes();
    out.target(
        "no allocation without findings",
        number(allocated) + " B a scan",
        allocated < ALLOCATION_NOISE_BYTES);
    out.target(
        "built-in packs read and compiled by a new JVM: at most 2 s",
        number(compile.coldNanos() / NANOS_PER_MILLI) + " ms",
        compile.coldNanos() <= COLD_NANOS_MAX);
    out.target(
        "the same with cached databases: at most 100 ms",
        number(compile.cachedNanos() / NANOS_PER_MILLI) + " ms",
        compile.cachedNanos() <= CACHED_NANOS_MAX);
  }

  private void throughput(final Markdown out) {
    out.heading("One text, from bytes to findings")
        .columns(
            "Text",
            "GB/s",
            "ns",
            "+- ns",
            "B allocated",
            "times Java regex",
            "times Hyperscan regex",
            "of memory bandwidth");
    for (final Text text : Text.values()) {
      final Sample ours = sample(OURS, text);
      out.row(
          text,
          number(rate(OURS, text)),
          number(ours.nanos()),
          number(ours.errorNanos()),
          number(ours.allocatedBytes()),
          number(sample(JAVA_REGEX, text).nanos() / ours.nanos()),
          number(sample(HYPERSCAN, text).nanos() / ours.nanos()),
          number(100 * sample(MEMORY, text).nanos() / ours.nanos()) + " %");
    }
  }

  String plot() {
    final BarChart chart = new BarChart("Classifying one text on one core", "GB/s");
    for (final Text text : Text.values()) {
      chart.bar("Sealgate, " + text, rate(OURS, text), true);
    }
    for (final Text text : new Text[] {Text.PROSE_16_KIB, Text.JSON_16_KIB}) {
      chart.bar("Hyperscan regexes, " + text, rate(HYPERSCAN, text), false);
      chart.bar("java.util.regex, " + text, rate(JAVA_REGEX, text), false);
    }
    chart.bar("memory bandwidth, 16 KiB", rate(MEMORY, Text.PROSE_16_KIB), false);
    return chart.svg();
  }

  private Sample sample(final String name, final Text text) {
    return run.get(name, "text", text.name());
  }

  private double rate(final String name, final Text text) {
    return sample(name, text).gigabytesPerSecond(text.bytes());
  }
}
