package io.sealgate.gateway.cli;

import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.gateway.run.SignerSettings;
import io.sealgate.log.JcsReader;
import io.sealgate.log.export.DecisionView;
import io.sealgate.log.export.LogProver;
import io.sealgate.log.export.OcsfView;
import io.sealgate.log.store.LogReader;
import io.sealgate.signer.RecordSigner;
import io.sealgate.signer.SignerException;
import io.sealgate.store.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks into the sealed log. */
@Command(
    name = "audit",
    description = "Read records of the sealed log.",
    mixinStandardHelpOptions = true,
    subcommands = AuditSearchCommand.class)
final class AuditCommand {
  @Spec private CommandSpec spec;

  /** Ways to look at a record. */
  private enum View {
    RECORD,
    DECISION,
    OCSF,
    DSSE,
    COSE
  }

  @Command(
      name = "tail",
      description = "Print the newest records, one a line.",
      mixinStandardHelpOptions = true)
  int tail(
      @Mixin final DataOption data,
      @Option(names = "-n", defaultValue = "10", description = "How many (default 10).")
          final int count,
      @Option(names = "--json", description = "Print the records as they are sealed.")
          final boolean json)
      throws IOException, GatewayException {
    try (LogReader reader = LogReader.open(data.folder().log())) {
      final String shard = newest(reader, data.folder().root());
      final long size = reader.size(shard);
      final PrintWriter out = spec.commandLine().getOut();
      reader.forEachRecord(
          shard,
          Math.max(0, size - count),
          size,
          (index, record) -> {
            final String text = new String(record, StandardCharsets.UTF_8);
            out.println(json ? text : line(index, record));
            return true;
          });
      out.flush();
    }
    return 0;
  }

  @Command(name = "show", description = "Print one record.", mixinStandardHelpOptions = true)
  int show(
      @Mixin final ConfigOptions options,
      @Parameters(paramLabel = "INDEX", description = "Index in the log.") final long index,
      @Option(names = "--shard", description = "Shard, such as 2026q4; default the newest.")
          final String shard,
      @Option(names = "--json", description = "Print the record as it is sealed.")
          final boolean json,
      @Option(
              names = "--view",
              defaultValue = "record",
              description =
                  "record (default); decision, the compact view; ocsf, an OCSF 1.9 event with the"
                      + " record's proof; dsse, a signed envelope; cose, a receipt (RFC 9942) in"
                      + " base64. The last two are signed anew by the log's key, so they need the"
                      + " configuration and the PIN of its token.")
          final View view,
      @Option(
              names = "--out",
              paramLabel = "FILE",
              description = "Write what is shown there; a receipt in its binary form (CBOR).")
          final Path file)
      throws IOException, GatewayException, SignerException {
    final GatewayConfig config = options.load();
    final RecordSigner signer = new RecordSigner(SignerSettings.of(config, false));
    try (LogReader reader = LogReader.openCosigned(config.data())) {
      final String from = shard == null ? newest(reader, config.data()) : shard;
      if (index < 0 || index >= reader.size(from)) {
        throw new GatewayException(
            "there is no record "
                + index
                + "; shard "
                + from
                + " has 0.."
                + (reader.size(from) - 1));
      }
      final byte[] record = reader.record(from, index);
      final byte[] shown =
          switch (view) {
            case DECISION -> utf8(DecisionView.of(record));
            case OCSF ->
                utf8(
                    OcsfView.of(
                        record, reader.origin(from), index, LogProver.prove(reader, from, index)));
            case RECORD -> json ? record : utf8(pretty(JcsReader.parse(record), ""));
            case DSSE -> signer.dsse(reader, from, index);
            case COSE -> signer.cose(reader, from, index);
          };
      if (file == null) {
        final PrintWriter out = spec.commandLine().getOut();
        out.println(
            view == View.COSE
                ? Base64.getEncoder().encodeToString(shown)
                : new String(shown, StandardCharsets.UTF_8));
        out.flush();
      } else {
        Files.write(file, shown);
      }
    }
    return 0;
  }

  private static byte[] utf8(final String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Command(
      name = "content",
      description =
          "Print what was said in a call, where a policy had it kept. The running gateway seals"
              + " that it is read, and why, before it answers.",
      mixinStandardHelpOptions = true)
  int content(
      @Mixin final DataOption data,
      @Parameters(paramLabel = "INDEX", description = "Index of the call's decision record.")
          final long index,
      @Option(names = "--shard", description = "Shard, such as 2026q4; default the newest.")
          final String shard,
      @Option(names = "--reason", required = true, description = "Why it is read; sealed.")
          final String reason,
      @Option(names = "--json", description = "Print it as JSON.") final boolean json)
      throws IOException, GatewayException {
    final String body =
        admin(
            data,
            "/content/read?index="
                + index
                + AdminClient.parameter("shard", shard)
                + AdminClient.parameter("reason", reason));
    final PrintWriter out = spec.commandLine().getOut();
    out.println(
        json
            ? body.strip()
            : pretty(JcsReader.parse(body.strip().getBytes(StandardCharsets.UTF_8)), ""));
    out.flush();
    return 0;
  }

  @Command(
      name = "erase",
      description =
          "Erase all prompts and answers kept of one user: the keys first, so that no copy can be"
              + " read. Records and proofs stay as they are. The running gateway seals the act.",
      mixinStandardHelpOptions = true)
  int erase(
      @Mixin final DataOption data,
      @Option(names = "--subject", required = true, description = "The user.") final String user,
      @Option(names = "--org", description = "The organisation; default the first one's name.")
          final String org,
      @Option(names = "--reason", required = true, description = "Why; sealed in the log.")
          final String reason)
      throws IOException, GatewayException {
    final String body =
        admin(
            data,
            "/content/erase?"
                + AdminClient.parameter("subject", user).substring(1)
                + AdminClient.parameter("org", org)
                + AdminClient.parameter("reason", reason));
    final Map<?, ?> done =
        (Map<?, ?>) JcsReader.parse(body.strip().getBytes(StandardCharsets.UTF_8));
    spec.commandLine().getOut().println("erased " + done.get("erased") + " prompts and answers");
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static String admin(final DataOption data, final String path) throws GatewayException {
    final AdminClient.Answer answer =
        new AdminClient(data.folder()).send("POST", path, new byte[0]);
    if (!answer.ok()) {
      throw new GatewayException(answer.body().strip());
    }
    return answer.body();
  }

  static String newest(final LogReader reader, final Path data)
      throws StoreException, GatewayException {
    final List<String> shards = reader.shards();
    if (shards.isEmpty()) {
      throw new GatewayException(
          "there is no log in " + data + "; name the data folder with --data");
    }
    return shards.getLast();
  }

  /** One line that a person can skim. */
  static String line(final long index, final byte[] record) {
    try {
      final Map<?, ?> members = (Map<?, ?>) JcsReader.parse(record);
      final Map<?, ?> caller = members.get("caller") instanceof Map<?, ?> map ? map : Map.of();
      final Map<?, ?> call = members.get("call") instanceof Map<?, ?> map ? map : Map.of();
      final Map<?, ?> policy = members.get("policy") instanceof Map<?, ?> map ? map : Map.of();
      return String.join(
          "  ",
          Long.toString(index),
          text(members.get("time")),
          text(members.get("kind")),
          text(first(members.get("done"), members.get("result"), members.get("event"))),
          text(first(caller.get("user"), members.get("subject"))),
          text(call.get("model")),
          text(policy.get("rule")),
          text(members.get("request_id")));
    } catch (final IOException e) {
      return index + "  (not canonical JSON; see verify)";
    }
  }

  private static Object first(final Object... candidates) {
    for (final Object candidate : candidates) {
      if (candidate != null) {
        return candidate;
      }
    }
    return null;
  }

  private static String text(final Object value) {
    return value == null ? "-" : value.toString();
  }

  private static String pretty(final Object value, final String indent) {
    return switch (value) {
      case Map<?, ?> map when !map.isEmpty() -> {
        final StringBuilder out = new StringBuilder();
        map.forEach(
            (name, member) -> {
              final boolean nested = member instanceof Map<?, ?> inner && !inner.isEmpty();
              out.append(out.isEmpty() ? "" : "\n").append(indent).append(name).append(":");
              out.append(nested ? "\n" : " ").append(pretty(member, nested ? indent + "  " : ""));
            });
        yield out.toString();
      }
      case null -> "-";
      default -> value.toString();
    };
  }
}
