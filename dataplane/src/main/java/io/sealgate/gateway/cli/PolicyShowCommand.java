package io.sealgate.gateway.cli;

import io.sealgate.gateway.data.GatewayException;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.PolicyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints a document as it was published. */
@Command(name = "show", description = "Print a published document.")
final class PolicyShowCommand extends OfflinePolicyCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help message and exit.")
  private boolean help;

  @Mixin private PolicyVersions versions;

  @Parameters(paramLabel = "NAME", description = "Name of the document.")
  private String name;

  @Option(
      names = "--version",
      paramLabel = "N",
      description = "Version, as in list --history (default: the one in force).")
  private Long number;

  @Override
  int run(final PrintWriter out) throws IOException, GatewayException, PolicyException {
    for (final PolicyDocument document : versions.version(number).documents()) {
      if (document.name().equals(name)) {
        out.print(new String(document.source(), StandardCharsets.UTF_8));
        return 0;
      }
    }
    return refuse("there is no document " + name + " in this version; see: sealgate policy list");
  }
}
