package io.sealgate.gateway.cli;

import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.gateway.witness.WitnessKeyFile;
import io.sealgate.log.JcsWriter;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.witness.WitnessCoverage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Witnesses: others that cosign this log, and this appliance as one. */
@Command(
    name = "witness",
    description = "Say how far witnesses cosigned the log; print this appliance's witness key.",
    mixinStandardHelpOptions = true)
final class WitnessCommand {
  @Spec private CommandSpec spec;

  @Command(
      name = "key",
      description =
          "Print the verifier key that this appliance cosigns other logs with, for their"
              + " configuration (witnesses.ask); the key is made if there is none.",
      mixinStandardHelpOptions = true)
  int key(@Mixin final ConfigOptions options) throws GatewayException {
    final GatewayConfig config = options.load();
    new DataFolder(config.data()).create();
    return print(WitnessKeyFile.of(config).vkey().toString());
  }

  @Command(
      name = "status",
      description =
          "Say how many records a quorum of witnesses has cosigned; exit 1 when one has waited for"
              + " longer than witnesses.max-age-seconds.",
      mixinStandardHelpOptions = true)
  int status(
      @Mixin final ConfigOptions options,
      @Option(names = "--json", description = "Print it as JSON.") final boolean json)
      throws IOException {
    final GatewayConfig config = options.load();
    try (LogReader log = LogReader.openCosigned(config.data())) {
      final WitnessCoverage coverage = WitnessCoverage.of(log);
      print(json ? json(coverage) : text(coverage));
      return late(config, coverage) ? Main.EXIT_NO : 0;
    }
  }

  /** Whether a record has waited for longer than it may; never where no witness is asked. */
  static boolean late(final GatewayConfig config, final WitnessCoverage coverage) {
    return !config.witnesses().ask().isEmpty()
        && age(coverage).toSeconds() >= config.witnesses().maxAgeSeconds();
  }

  private static Duration age(final WitnessCoverage coverage) {
    final Instant since = coverage.uncoveredSince();
    return since == null ? Duration.ZERO : Duration.between(since, Instant.now());
  }

  static String text(final WitnessCoverage coverage) {
    return coverage.shard() == null
        ? "the log is not begun"
        : coverage.covered()
            + " of "
            + coverage.size()
            + " records of shard "
            + coverage.shard()
            + " are cosigned"
            + (coverage.uncoveredSince() == null
                ? ""
                : "; the oldest that is not has waited for " + age(coverage).toSeconds() + " s");
  }

  private static String json(final WitnessCoverage coverage) {
    final JcsWriter out = new JcsWriter().beginObject();
    out.name("covered").value(coverage.covered());
    out.name("shard");
    if (coverage.shard() == null) {
      out.nullValue();
    } else {
      out.value(coverage.shard());
    }
    out.name("size").value(coverage.size());
    out.name("uncoveredSeconds").value(age(coverage).toSeconds());
    return new String(out.endObject().toByteArray(), StandardCharsets.UTF_8);
  }

  private int print(final String text) {
    final PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
    return 0;
  }
}
