package io.sealgate.perf;

import io.sealgate.perf.seal.SealResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench log}. */
@Command(
    name = "log",
    mixinStandardHelpOptions = true,
    description = {
      "Measures sealing on a disk and in memory, beside its parts by themselves.",
      "Takes about four minutes with the defaults."
    },
    sortOptions = false)
final class LogCommand implements Callable<Integer> {
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  @Spec private CommandSpec spec;

  @Option(
      names = "--seconds",
      defaultValue = "8",
      paramLabel = "N",
      description = "Measured time of each load (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--search",
      paramLabel = "RECORDS",
      description =
          "Also search a log of so many records, such as 10000000, which takes minutes and"
              + " gigabytes.")
  private Optional<Long> searched;

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
    if (seconds < 1 || seconds > 600) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--seconds must be 1..600, not " + seconds);
    }
    final LogSuite.Options options =
        new LogSuite.Options(Duration.ofSeconds(seconds), 1_000, 20_000);
    final List<LogSuite.Volume> volumes = new ArrayList<>();
    final Optional<SealResult> slow;
    Optional<SearchSuite.Result> search = Optional.empty();
    try {
      final Path disk = directory.orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
      volumes.add(LogSuite.run("disk", disk, options, System.err::println));
      volumes.add(LogSuite.run("memory", SHARED_MEMORY, options, System.err::println));
      slow = LogSuite.runSlowToken(SHARED_MEMORY, options, System.err::println);
      if (searched.isPresent()) {
        search = Optional.of(SearchSuite.run(disk, searched.get(), System.err::println));
      }
    } catch (final BenchException failed) {
      System.err.println("bench: " + failed.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    final LogReport content = new LogReport(options, volumes, slow, search);
    report.say(content.markdown(report.commandLine()), content.plot());
    return CommandLine.ExitCode.OK;
  }
}
