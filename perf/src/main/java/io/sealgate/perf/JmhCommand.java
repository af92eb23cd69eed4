package io.sealgate.perf;

import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code bench jmh}: its arguments are JMH's own. Forks run with this JVM's flags. */
@Command(
    name = "jmh",
    mixinStandardHelpOptions = true,
    description = "Runs JMH benchmarks, all or those whose names match.",
    sortOptions = false)
final class JmhCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "PATTERN|JMH-OPTION",
      description =
          "A regular expression over names; options of JMH follow after \"--\", such as"
              + " -- -f 1 -wi 3 -i 5 -prof gc, or -- -l for a list.")
  private List<String> arguments = List.of();

  @Override
  public Integer call() throws Exception {
    final CommandLineOptions options = new CommandLineOptions(arguments.toArray(String[]::new));
    final Runner runner = new Runner(options);
    if (options.shouldHelp()) {
      options.showHelp();
    } else if (options.shouldList()) {
      runner.list();
    } else {
      runner.run();
    }
    return 0;
  }
}
