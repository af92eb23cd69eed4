package io.sealgate.perf;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program behind {@code sealgate bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Runs benchmarks and load suites; all traffic stays on 127.0.0.1.",
    subcommands = {
      GatewayCommand.class,
      ClassifierCommand.class,
      PolicyCommand.class,
      LogCommand.class,
      JmhCommand.class,
      CommandLine.HelpCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything ran; whether targets were reached is in the report",
      "1:a benchmark could not be run, or a call was answered wrongly",
      "2:wrong usage"
    })
public final class Bench implements Runnable {
  private final CommandLine commands = new CommandLine(this);

  private Bench() {}

  /** Runs the command in the arguments and exits with its code. */
  public static void main(final String[] args) {
    System.exit(new Bench().commands.execute(args));
  }

  /** Without a command: says what there is. */
  @Override
  public void run() {
    commands.usage(System.out);
  }
}
