package io.sealgate.gateway.cli;

import io.sealgate.gateway.data.GatewayException;
import io.sealgate.policy.PolicyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command over policies that needs no running gateway. */
abstract class OfflinePolicyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** Does the work and returns the exit code; a refused document ends with {@link Main#EXIT_NO}. */
  abstract int run(PrintWriter out) throws IOException, GatewayException, PolicyException;

  @Override
  public final Integer call() throws IOException, GatewayException {
    final PrintWriter out = spec.commandLine().getOut();
    try {
      return run(out);
    } catch (final PolicyException e) {
      out.flush();
      return refuse(e.getMessage());
    } finally {
      out.flush();
    }
  }

  final int refuse(final String why) {
    spec.commandLine().getErr().println("sealgate: " + why);
    spec.commandLine().getErr().flush();
    return Main.EXIT_NO;
  }
}
