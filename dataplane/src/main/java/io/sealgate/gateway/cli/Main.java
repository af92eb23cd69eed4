package io.sealgate.gateway.cli;

import io.sealgate.gateway.config.ConfigException;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.signer.SignerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The one program behind {@code ./sealgate}. Exit codes: 0 done; 1 the answer is no (a log that
 * does not verify, a policy that is refused); 2 wrong use; 3 something that is needed is missing or
 * unreachable; the signer's own are in {@link io.sealgate.signer.ExitCode}.
 */
@Command(
    name = "sealgate",
    description = "An inline gateway that judges, seals and proves every AI call.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      RunCommand.class,
      SignerCommand.class,
      VerifyCommand.class,
      AuditCommand.class,
      LogCommand.class,
      PolicyCommand.class,
      ApiKeyCommand.class,
      ClassifyCommand.class,
      KeyCommand.class,
      WitnessCommand.class,
      DoctorCommand.class
    })
public final class Main implements Runnable {
  /** The answer is no. */
  static final int EXIT_NO = 1;

  /** Something that is needed is missing or unreachable. */
  static final int EXIT_MISSING = 3;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs a command and exits with its code. */
  public static void main(final String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    final CommandLine commands = new CommandLine(new Main());
    return commands
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command));
  }

  /** One line: the cause and the way out. A stack trace helps no user. */
  private static int report(final Exception failure, final CommandLine command) throws Exception {
    if (failure instanceof SignerException signer) {
      command.getErr().println("sealgate: " + signer.getMessage());
      return signer.exitCode().status();
    }
    if (failure instanceof GatewayException
        || failure instanceof ConfigException
        || failure instanceof IOException
        || failure instanceof UncheckedIOException
        || failure instanceof IllegalArgumentException) {
      command.getErr().println("sealgate: " + failure.getMessage());
      return EXIT_MISSING;
    }
    throw failure;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
