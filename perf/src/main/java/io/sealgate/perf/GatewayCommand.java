package io.sealgate.perf;

import io.sealgate.gateway.config.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench gateway}. */
@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    description = {
      "Drives a gateway at a fixed arrival rate and at saturation, with its phases added one after"
          + " the other, beside the upstream alone and a plain HAProxy.",
      "Takes about six times (warm-up + twice the measured time + 6 s)."
    },
    sortOptions = false)
final class GatewayCommand implements Callable<Integer> {
  private static final int SECONDS_MAX = 600;
  private static final int CONNECTIONS_MAX = 1_024;
  private static final int RATE_MAX = 100_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      paramLabel = "N",
      description = "Measured time of each run (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "30",
      paramLabel = "N",
      description =
          "Seconds at saturation before a target is measured: the JVM's compilers need about as"
              + " long (default: ${DEFAULT-VALUE}).")
  private int warmUpSeconds;

  @Option(
      names = "--rate",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Calls a second for latencies (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--connections",
      defaultValue = "128",
      paramLabel = "N",
      description = "Connections of the load generator (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--transport",
      defaultValue = "IO_URING",
      paramLabel = "NAME",
      description = "The gateway's transport: ${COMPLETION-CANDIDATES} (default: IO_URING).")
  private Transport transport;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Directory on the disk to be measured; what is made there is removed (default: the"
              + " system's directory for temporary files).")
  private Optional<Path> directory;

  @Mixin private ReportOption report;

  @Override
  public Integer call() throws Exception {
    require(seconds, SECONDS_MAX, "--seconds");
    require(warmUpSeconds, SECONDS_MAX, "--warm-up");
    require(rate, RATE_MAX, "--rate");
    require(connections, CONNECTIONS_MAX, "--connections");
    final GatewaySuite.Options options =
        new GatewaySuite.Options(
            Duration.ofSeconds(warmUpSeconds),
            Duration.ofSeconds(seconds),
            rate,
            connections,
            transport,
            directory.orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"))));
    final GatewayReport.Content content;
    try {
      content = GatewaySuite.run(options, System.err::println);
    } catch (final BenchException failed) {
      System.err.println("bench: " + failed.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    report.say(GatewayReport.markdown(content, report.commandLine()));
    return CommandLine.ExitCode.OK;
  }

  private void require(final int value, final int max, final String option) {
    if (value < 1 || value > max) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), option + " must be 1.." + max + ", not " + value);
    }
  }
}
