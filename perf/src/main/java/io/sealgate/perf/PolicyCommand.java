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

/** {@code bench policy}. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = {
      "Measures conditions, decisions and publishes beside other engines, in one run.",
      "Takes about (measured time x 1.5 + 3 s) for each of 35 rows, and half a minute."
    },
    sortOptions = false)
final class PolicyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--seconds",
      defaultValue = "4",
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
    final PolicyReport content;
    try {
      content =
          new PolicyReport(
              JmhRun.of("\\.(Condition|Decide)", seconds), PublishMeasures.run(), machine);
    } catch (final BenchException failed) {
      System.err.println("bench: " + failed.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    report.say(content.markdown(report.commandLine()), content.plot());
    return CommandLine.ExitCode.OK;
  }
}
