package io.sealgate.gateway.cli;

import io.sealgate.gateway.data.GatewayException;
import io.sealgate.policy.CallCase;
import io.sealgate.policy.PolicyException;
import io.sealgate.policy.PolicySet;
import io.sealgate.policy.VerdictReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Decides one call offline. */
@Command(
    name = "decide",
    description = "Decide one call offline and print the verdict as JSON.",
    mixinStandardHelpOptions = true)
final class PolicyDecideCommand extends OfflinePolicyCommand {
  @Option(
      names = "--facts",
      required = true,
      paramLabel = "FILE",
      description = {
        "The call as JSON or YAML: groups call, caller, agent and tool with the names that",
        "conditions use, findings by type, patterns, time, counters by policy/rule."
      })
  private Path facts;

  @Mixin private PolicyFiles files;

  @Override
  int run(final PrintWriter out) throws IOException, GatewayException, PolicyException {
    final PolicySet set = files.read();
    final CallCase call =
        CallCase.parse(facts.toString(), Files.readAllBytes(facts), PolicyFiles.TYPES);
    out.println(VerdictReport.json(call.decide(set), set.snapshot()));
    return 0;
  }
}
