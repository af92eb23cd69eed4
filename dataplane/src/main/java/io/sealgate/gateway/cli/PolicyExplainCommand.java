package io.sealgate.gateway.cli;

import io.sealgate.gateway.data.GatewayException;
import io.sealgate.policy.CallCase;
import io.sealgate.policy.DecisionInputs;
import io.sealgate.policy.Explanation;
import io.sealgate.policy.PolicyException;
import io.sealgate.policy.PolicySet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says why a call is decided as it is. */
@Command(
    name = "explain",
    description = {
      "Decide one call again with CEL's reference interpreter, show each term of each rule in",
      "whose scope it lies, and fail unless the compiled rules come to the same verdict."
    },
    mixinStandardHelpOptions = true)
final class PolicyExplainCommand extends OfflinePolicyCommand {
  @Option(names = "--facts", paramLabel = "FILE", description = "The call, as for decide.")
  private Path facts;

  @Option(
      names = "--record",
      paramLabel = "INDEX",
      description = "A recorded call in place of --facts, by its index in the log.")
  private Long index;

  @Option(names = "--shard", description = "Shard, such as 2026q4; default the newest.")
  private String shard;

  @Mixin private DataOption data;

  @Parameters(
      paramLabel = "FILE|DIR",
      description = "Policies; for a record by default those that decided it.")
  private List<Path> policies = List.of();

  @Option(names = "--org", description = "Organisation, if the documents name none.")
  private String org;

  @Override
  int run(final PrintWriter out) throws IOException, GatewayException, PolicyException {
    if ((facts == null) == (index == null) || facts != null && policies.isEmpty()) {
      throw new GatewayException("give --facts FILE and policies, or --record INDEX");
    }
    if (facts != null) {
      final CallCase call =
          CallCase.parse(facts.toString(), Files.readAllBytes(facts), PolicyFiles.TYPES);
      return print(Explanation.of(PolicyFiles.read(policies, org), call), out);
    }
    final RecordedDecision record = RecordedDecision.read(data.folder(), shard, index);
    try {
      final DecisionInputs inputs = record.inputs();
      return print(Explanation.of(policies(record, inputs), inputs), out);
    } catch (final DecisionInputs.NotReplayableException | RecordedDecision.NoInputsException e) {
      return refuse("record " + index + " cannot be explained: " + e.getMessage());
    }
  }

  private PolicySet policies(final RecordedDecision record, final DecisionInputs inputs)
      throws IOException, GatewayException, PolicyException {
    if (!policies.isEmpty()) {
      return PolicyFiles.read(policies, record.org());
    }
    return PolicyVersions.bySnapshot(data.folder(), record.org(), inputs.snapshotId())
        .orElseThrow(
            () ->
                new GatewayException(
                    "no published version has the snapshot "
                        + inputs.snapshotId()
                        + "; give the policies as files"));
  }

  private int print(final Explanation explanation, final PrintWriter out) {
    explanation.lines().forEach(out::println);
    if (explanation.isSame()) {
      out.println("The reference interpreter comes to the same verdict.");
      return 0;
    }
    out.println("compiled:  " + explanation.compiled());
    out.println("reference: " + explanation.reference());
    return refuse("the reference interpreter comes to another verdict; report this as a defect");
  }
}
