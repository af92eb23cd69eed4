package io.sealgate.gateway.cli;

import io.sealgate.log.JcsWriter;
import io.sealgate.log.LogVerifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Proves a sealed log with public keys only. */
@Command(
    name = "verify",
    description = "Prove every record and checkpoint of a log; exit 1 names the first bad index.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  @Mixin private DataOption data;

  @Option(
      names = "--export",
      paramLabel = "DIR",
      description = "Verify an export instead of a data folder.")
  private Path export;

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description = "Verifier keys to trust, one a line, instead of those beside the log.")
  private Path trust;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    final LogVerifier.Report report = report();
    final PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(report));
    } else if (report.ok()) {
      out.println(
          "verified: "
              + report.records()
              + " records and "
              + report.checkpoints()
              + " checkpoints in "
              + report.shards()
              + (report.shards() == 1 ? " shard" : " shards"));
    } else {
      out.println(
          "NOT verified: "
              + report.problem()
              + " (shard "
              + report.shard()
              + ", first bad index "
              + report.firstBadIndex()
              + ")");
    }
    out.flush();
    return report.ok() ? 0 : Main.EXIT_NO;
  }

  private LogVerifier.Report report() throws IOException {
    if (export != null) {
      return trust == null
          ? LogVerifier.verifyExport(export)
          : LogVerifier.verifyExport(export, trust);
    }
    final Path folder = data.folder().root();
    return trust == null ? LogVerifier.verifyData(folder) : LogVerifier.verifyData(folder, trust);
  }

  private static String json(final LogVerifier.Report report) {
    final JcsWriter out = new JcsWriter().reset().beginObject();
    out.name("checkpoints").value(report.checkpoints());
    out.name("firstBadIndex").value(report.firstBadIndex());
    out.name("notCanonical").value(report.notCanonical());
    out.name("ok").value(report.ok());
    out.name("problem");
    if (report.problem() == null) {
      out.nullValue();
    } else {
      out.value(report.problem());
    }
    out.name("records").value(report.records());
    out.name("shards").value(report.shards());
    out.endObject();
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }
}
