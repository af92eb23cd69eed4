package io.sealgate.gateway.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** A command of the design that this version does not have: it says so. */
@Command(description = "Not built yet.", hidden = true)
final class NotBuiltCommand implements Callable<Integer> {
  static final List<String> NAMES = List.of("classify", "key", "doctor");

  @Unmatched private List<String> ignored;

  @Parameters(hidden = true, arity = "0..*")
  private List<String> arguments;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine()
        .getErr()
        .println("sealgate: '" + spec.name() + "' is not built yet; README.md says what is");
    spec.commandLine().getErr().flush();
    return Main.EXIT_MISSING;
  }
}
