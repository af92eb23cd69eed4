package io.sealgate.gateway.cli;

import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.store.LegalHold;
import io.sealgate.log.store.LogReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Keeps shards beyond their retention. Runs as the log's owner, the signer's user. */
@Command(
    name = "hold",
    description =
        "Keep shards though their retention ends (legal hold), or release them; without --reason or"
            + " --release: say which are held. The act is sealed where the gateway runs.",
    mixinStandardHelpOptions = true)
final class LogHoldCommand implements Callable<Integer> {
  @Mixin private DataOption data;

  @Option(
      names = "--shard",
      description = "Shard, such as 2026q4; default every shard there is now.")
  private String shard;

  @ArgGroup private Act act;

  @Spec private CommandSpec spec;

  /** What is done. */
  private static final class Act {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Hold, for this reason.")
    private String reason;

    @Option(names = "--release", description = "Release.")
    private boolean release;
  }

  @Override
  public Integer call() throws IOException, GatewayException {
    final DataFolder folder = data.folder();
    final LegalHold holds = new LegalHold(folder.log());
    for (final String each : shards(folder)) {
      if (act == null) {
        final String reason = holds.reason(each);
        say(each + (reason == null ? "  not held" : "  held: " + reason));
      } else if (act.release) {
        if (holds.reason(each) != null) {
          final boolean sealed = seal(folder, each, null);
          holds.release(each);
          say(each + " is released" + (sealed ? "" : "; no gateway runs that could seal it"));
        } else {
          say(each + " was not held");
        }
      } else {
        LegalHold.requireReason(act.reason);
        final boolean sealed = seal(folder, each, act.reason);
        holds.place(each, act.reason);
        say(each + " is held" + (sealed ? "" : "; no gateway runs that could seal it"));
      }
    }
    return 0;
  }

  private List<String> shards(final DataFolder folder) throws IOException, GatewayException {
    try (LogReader reader = LogReader.open(folder.log())) {
      final List<String> all = reader.shards();
      if (all.isEmpty() || shard != null && !all.contains(shard)) {
        throw new GatewayException(
            "there is no shard "
                + (shard == null ? "" : shard + " ")
                + "in "
                + folder.log()
                + (all.isEmpty() ? "; name the data folder with --data" : ", only " + all));
      }
      return shard == null ? all : List.of(shard);
    }
  }

  /** Before it is done; answers whether there was a gateway to seal it. */
  private static boolean seal(final DataFolder folder, final String shard, final String reason)
      throws GatewayException {
    if (!Files.exists(folder.gatewayFile())) {
      return false;
    }
    final AdminClient.Answer answer =
        new AdminClient(folder)
            .send(
                "POST",
                "/log/holds?"
                    + AdminClient.parameter("shard", shard).substring(1)
                    + AdminClient.parameter("reason", reason),
                new byte[0]);
    if (!answer.ok()) {
      throw new GatewayException("the gateway did not seal it: " + answer.body().strip());
    }
    return true;
  }

  private void say(final String line) {
    final PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
