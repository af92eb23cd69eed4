package io.sealgate.gateway.cli;

import io.sealgate.gateway.data.GatewayException;
import io.sealgate.policy.PolicyDiff;
import io.sealgate.policy.PolicyException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Names what differs between two versions or files. */
@Command(
    name = "diff",
    description = {
      "Name the rules added (+), removed (-) and changed (~) from A to B, each the number of a",
      "published version, a file or a folder."
    },
    mixinStandardHelpOptions = true)
final class PolicyDiffCommand extends OfflinePolicyCommand {
  @Mixin private PolicyVersions versions;

  @Parameters(index = "0", paramLabel = "A", description = "Before.")
  private String before;

  @Parameters(index = "1", paramLabel = "B", description = "After.")
  private String after;

  @Override
  int run(final PrintWriter out) throws IOException, GatewayException, PolicyException {
    PolicyDiff.lines(versions.side(before), versions.side(after)).forEach(out::println);
    return 0;
  }
}
