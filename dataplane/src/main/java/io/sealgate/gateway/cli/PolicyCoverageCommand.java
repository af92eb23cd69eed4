package io.sealgate.gateway.cli;

import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.JcsReader;
import io.sealgate.log.store.LogReader;
import io.sealgate.policy.PolicyException;
import io.sealgate.policy.PolicySet;
import io.sealgate.policy.PolicyTests;
import io.sealgate.policy.RuleHits;
import io.sealgate.policy.RuleRef;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Names the rules that nothing matches. */
@Command(
    name = "coverage",
    description = {
      "Name the rules that no test matches or, with --data, that no record of the log names, and",
      "the exemptions that were used.",
      "A record names the first 32 rules that matched."
    },
    mixinStandardHelpOptions = true)
final class PolicyCoverageCommand extends OfflinePolicyCommand {
  @Mixin private PolicyFiles files;

  @Option(names = "--data", paramLabel = "DIR", description = "Data folder with the log.")
  private Path data;

  @Override
  int run(final PrintWriter out) throws IOException, GatewayException, PolicyException {
    final PolicySet set = files.read();
    final RuleHits hits = new RuleHits();
    if (data == null) {
      for (final PolicyTests tests : set.tests()) {
        tests.run(set).forEach(result -> hits.add(result.verdict()));
      }
    } else {
      countRecords(new DataFolder(data), set.org(), hits);
    }
    final List<RuleRef> missed = hits.missed(set.snapshot());
    for (final RuleRef rule : missed) {
      out.println(set.place(rule) + ": " + rule + " never matched");
    }
    hits.exemptions().forEach(out::println);
    out.println(hits.summary(set.snapshot()));
    return missed.isEmpty() ? 0 : Main.EXIT_NO;
  }

  private static void countRecords(final DataFolder data, final String org, final RuleHits hits)
      throws IOException {
    try (LogReader log = LogReader.open(data.log())) {
      for (final String shard : log.shards()) {
        log.forEachRecord(
            shard,
            0,
            log.size(shard),
            (_, record) -> {
              countRecord(record, org, hits);
              return true;
            });
      }
    }
  }

  private static void countRecord(final byte[] record, final String org, final RuleHits hits) {
    try {
      if (JcsReader.parse(record) instanceof Map<?, ?> members
          && members.get("caller") instanceof Map<?, ?> caller
          && org.equals(caller.get("org"))
          && members.get("policy") instanceof Map<?, ?> policy
          && policy.get("matched") instanceof List<?> matched) {
        matched.forEach(rule -> hits.add((String) rule));
        if (policy.get("exempted") instanceof List<?> exempted) {
          exempted.forEach(rule -> hits.addExempted((String) rule));
        }
      }
    } catch (final IOException e) {
      throw new UncheckedIOException("a record is not canonical JSON; run sealgate verify", e);
    }
  }
}
