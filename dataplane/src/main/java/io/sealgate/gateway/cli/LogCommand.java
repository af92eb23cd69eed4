package io.sealgate.gateway.cli;

import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.TlogProof;
import io.sealgate.log.export.LogBackup;
import io.sealgate.log.export.LogExport;
import io.sealgate.log.export.LogProver;
import io.sealgate.log.export.TimeRange;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.verify.VerifyFiles;
import io.sealgate.log.verify.VerifyReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes the sealed log out for others, and keeps it. */
@Command(
    name = "log",
    description = "Export and back up the sealed log, prove its records, hold its shards.",
    mixinStandardHelpOptions = true,
    subcommands = LogHoldCommand.class)
final class LogCommand {
  @Spec private CommandSpec spec;

  @Command(
      name = "export",
      description = "Write the log as static files (C2SP tlog-tiles) that verify offline.",
      mixinStandardHelpOptions = true)
  int export(
      @Mixin final DataOption data,
      @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where to.")
          final Path out,
      @Option(
              names = "--from",
              paramLabel = "TIME",
              converter = MomentConverter.class,
              description = "First moment, 2026-11-01 (UTC) or 2026-11-01T00:00:00Z.")
          final Instant from,
      @Option(
              names = "--to",
              paramLabel = "TIME",
              converter = MomentConverter.class,
              description = "First moment after the export, written the same way.")
          final Instant to,
      @Option(
              names = "--uncosigned",
              description =
                  "Take in the newest records that witnesses have not cosigned yet; the export then"
                      + " does not verify by a policy that asks for witnesses.")
          final boolean uncosigned)
      throws IOException, GatewayException {
    final TimeRange range = new TimeRange(from, to);
    final List<LogExport.Exported> shards =
        LogExport.export(data.folder().root(), out, range, !uncosigned);
    if (shards.isEmpty()) {
      throw new GatewayException("no record is of that time; widen --from and --to");
    }
    print(
        "exported "
            + shards.stream().map(LogExport.Exported::shard).collect(Collectors.joining(", "))
            + " to "
            + out);
    for (final LogExport.Exported shard : shards) {
      if (shard.leftOut() > 0) {
        print(
            shard.leftOut()
                + " newer records of "
                + shard.shard()
                + " were left out, witnesses have not cosigned them yet (--uncosigned)");
      }
    }
    return 0;
  }

  @Command(
      name = "backup",
      description =
          "Copy the log while it is written, compacted, and verify the copy. The copy is a data"
              + " folder: verify --data DIR proves it again.",
      mixinStandardHelpOptions = true)
  int backup(
      @Mixin final DataOption data,
      @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where to.")
          final Path out)
      throws IOException {
    final List<String> shards = LogBackup.backup(data.folder().root(), out);
    print("copied " + String.join(", ", shards) + " to " + out);
    final VerifyReport report = DataVerifier.verify(out);
    print(report.toText());
    return report.exit().status();
  }

  @Command(
      name = "prove",
      description = "Write the proof (C2SP tlog-proof) that a record is in the log.",
      mixinStandardHelpOptions = true)
  int prove(
      @Mixin final DataOption data,
      @Parameters(paramLabel = "INDEX", description = "Index in the shard.") final long index,
      @Option(names = "--shard", description = "Shard, such as 2026q4; default the newest.")
          final String shard,
      @Option(
              names = "--out",
              paramLabel = "FILE",
              description =
                  "Write the proof here and the record beside it, for verify --proof; default:"
                      + " print the proof.")
          final Path out)
      throws IOException, GatewayException {
    try (LogReader reader = LogReader.openCosigned(data.folder().root())) {
      final String from = shard == null ? AuditCommand.newest(reader, data.folder().root()) : shard;
      final TlogProof proof = LogProver.prove(reader, from, index);
      if (out == null) {
        print(new String(proof.toBytes(), StandardCharsets.UTF_8).stripTrailing());
      } else {
        Files.write(out, proof.toBytes());
        Files.write(VerifyFiles.recordBeside(out), reader.record(from, index));
        print("wrote " + out + " and " + VerifyFiles.recordBeside(out));
      }
    }
    return 0;
  }

  private void print(final String text) {
    final PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
