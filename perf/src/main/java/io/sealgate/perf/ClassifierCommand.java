package io.sealgate.perf;

import io.sealgate.perf.report.JmhRun;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench classifier}. */
@Command(
    name = "classifier",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the classifier beside regular expressions and memory bandwidth, in one run.",
      "Takes about (measured time x 1.5 + 2 s) for each of some 30 rows."
    },
    sortOptions = false)
final class ClassifierCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      paramLabel = "N",
      description = "Measured time of each row (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Mixin private ReportOption report;

  @Override
  public Integer call() throws Exception {
    if (seconds < 1 || seconds > 600) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--seconds must be 1..600, not " + seconds);
    }
    final Machine machine = Machine.of(Path.of(System.getProperty("java.io.tmpdir")));
    final ClassifierReport content =
        new ClassifierReport(JmhRun.of("\\.Classify", seconds), CompileTime.measure(), machine);
    report.say(content.markdown(report.commandLine()), content.plot());
    return CommandLine.ExitCode.OK;
  }
}
