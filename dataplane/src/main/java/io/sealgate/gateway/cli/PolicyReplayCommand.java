package io.sealgate.gateway.cli;

import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.store.LogReader;
import io.sealgate.policy.DecisionInputs;
import io.sealgate.policy.DecisionInputs.NotReplayableException;
import io.sealgate.policy.PolicyException;
import io.sealgate.policy.Snapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Decides recorded calls again. */
@Command(
    name = "replay",
    description = {
      "Decide recorded calls again, from nothing but their records, with the policies of then or",
      "with others; count and list what comes out differently and what cannot be replayed."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PolicyReplayCommand extends OfflinePolicyCommand {
  @Option(
      names = "--records",
      paramLabel = "FILE",
      description = "Records, one a line, as audit tail --json prints them.")
  private Path records;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "./var",
      description = "Data folder with the log and the published versions (default: ./var).")
  private Path data;

  @Option(
      names = "--against",
      paramLabel = "SNAPSHOT|N",
      description = "Published version to decide with (default: each record's own).")
  private String against;

  @Option(
      names = "--policies",
      paramLabel = "FILE|DIR",
      arity = "1..*",
      description = "Policies to decide with in place of published ones.")
  private List<Path> policies;

  private final Map<String, Optional<Snapshot>> snapshots = new HashMap<>();
  private long same;
  private long different;
  private long notReplayable;

  @Override
  int run(final PrintWriter out) throws IOException, GatewayException, PolicyException {
    if (records != null) {
      replayLines(out);
    } else {
      replayLog(out);
    }
    out.println(same + " same, " + different + " different, " + notReplayable + " not replayable");
    return different == 0 ? 0 : Main.EXIT_NO;
  }

  private void replayLines(final PrintWriter out)
      throws IOException, GatewayException, PolicyException {
    try (BufferedReader lines = Files.newBufferedReader(records)) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          replay(records + ":" + number, line.strip().getBytes(StandardCharsets.UTF_8), out);
        }
      }
    }
  }

  private void replayLog(final PrintWriter out)
      throws IOException, GatewayException, PolicyException {
    try (LogReader log = LogReader.open(new DataFolder(data).log())) {
      for (final String shard : log.shards()) {
        final long size = log.size(shard);
        for (long index = 0; index < size; index++) {
          replay(shard + "/" + index, log.record(shard, index), out);
        }
      }
    }
  }

  private void replay(final String place, final byte[] bytes, final PrintWriter out)
      throws IOException, GatewayException, PolicyException {
    final Optional<RecordedDecision> found;
    try {
      found = RecordedDecision.of(bytes);
    } catch (final IOException e) {
      throw new UncheckedIOException(
          place + " is not canonical JSON; give records as audit tail --json prints them", e);
    }
    if (found.isEmpty()) {
      return;
    }
    final RecordedDecision record = found.get();
    try {
      final DecisionInputs inputs = record.inputs();
      final List<String> differences =
          record.differences(inputs, snapshot(record.org(), inputs.snapshotId()));
      if (differences.isEmpty()) {
        same++;
      } else {
        different++;
        out.println(place + ": different: " + String.join("; ", differences));
      }
    } catch (final NotReplayableException | RecordedDecision.NoInputsException e) {
      notReplayable++;
      out.println(place + ": not replayable: " + e.getMessage());
    }
  }

  private Snapshot snapshot(final String org, final String recorded)
      throws IOException, GatewayException, PolicyException, RecordedDecision.NoInputsException {
    final String wanted = against == null ? recorded : against;
    final String key = org + " " + (policies == null ? wanted : "files");
    Optional<Snapshot> found = snapshots.get(key);
    if (found == null) {
      found = policies == null ? published(org, wanted) : fromFiles(org);
      snapshots.put(key, found);
    }
    return found.orElseThrow(
        () ->
            new RecordedDecision.NoInputsException(
                policies == null
                    ? "no published version of " + org + " has the snapshot " + wanted
                    : "the policies are not for organisation " + org));
  }

  private Optional<Snapshot> fromFiles(final String org)
      throws IOException, GatewayException, PolicyException {
    return Optional.of(PolicyFiles.read(policies, org))
        .filter(set -> set.org().equals(org))
        .map(set -> set.snapshot());
  }

  private Optional<Snapshot> published(final String org, final String wanted)
      throws IOException, GatewayException, PolicyException {
    final DataFolder folder = new DataFolder(data);
    return wanted.matches("[0-9]{1,18}")
        ? Optional.of(PolicyVersions.version(folder, org, Long.valueOf(wanted)).snapshot())
        : PolicyVersions.bySnapshot(folder, org, wanted).map(set -> set.snapshot());
  }
}
