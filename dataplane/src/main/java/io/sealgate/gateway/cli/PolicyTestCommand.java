package io.sealgate.gateway.cli;

import io.sealgate.gateway.data.GatewayException;
import io.sealgate.policy.PolicyException;
import io.sealgate.policy.PolicySet;
import io.sealgate.policy.PolicyTests;
import io.sealgate.policy.RuleHits;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the tests of policies. */
@Command(
    name = "test",
    description = {
      "Run the tests that lie beside policies: files with a list 'tests', each with a name, what",
      "is given (a call as in decide --facts) and what to expect."
    },
    mixinStandardHelpOptions = true)
final class PolicyTestCommand extends OfflinePolicyCommand {
  @Mixin private PolicyFiles files;

  @Override
  int run(final PrintWriter out) throws IOException, GatewayException, PolicyException {
    final PolicySet set = files.read();
    final RuleHits hits = new RuleHits();
    int failed = 0;
    int run = 0;
    for (final PolicyTests tests : set.tests()) {
      for (final PolicyTests.Result result : tests.run(set)) {
        run++;
        hits.add(result.verdict());
        if (result.failure().isPresent()) {
          failed++;
          out.println(result.place() + ": FAILED " + result.name() + ": " + result.failure().get());
        }
      }
    }
    if (run == 0) {
      return refuse("there are no tests in these files; add a file with a list 'tests'");
    }
    out.println((run - failed) + " of " + run + " tests passed; " + hits.summary(set.snapshot()));
    return failed == 0 ? 0 : Main.EXIT_NO;
  }
}
