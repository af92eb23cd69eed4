package io.sealgate.gateway.cli;

import io.sealgate.log.SignatureChecker;
import io.sealgate.log.TlogProof;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.verify.LogVerifier;
import io.sealgate.log.verify.VerifyExit;
import io.sealgate.log.verify.VerifyFiles;
import io.sealgate.log.verify.VerifyOptions;
import io.sealgate.log.verify.VerifyReport;
import io.sealgate.signer.HostSignatures;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Proves a sealed log with public keys only. Exit codes are those of {@link VerifyExit}. */
@Command(
    name = "verify",
    description = "Prove a log from its records up, or one record with its proof.",
    footer = {
      "",
      "Exit codes: 0 verified; 1 records, tiles or roots do not match; 2 wrong use; 3 something is"
          + " missing; 10 malformed; 11 signature; 12 key outside its sizes; 13 fork or cut tail;"
          + " 14 shard link; 15 too few witnesses; 16 proof of another record; with --strict 17"
          + " gap, 18 not canonical JSON."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  @Mixin private DataOption data;

  @ArgGroup private Subject subject;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "The record of a proof (default: the proof's name and .record).")
  private Path record;

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description =
          "Whom to trust, instead of the keys beside the log: a C2SP tlog-policy, or verifier keys,"
              + " one a line.")
  private Path trust;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "A checkpoint held elsewhere that the log must contain; repeatable.")
  private List<Path> held = List.of();

  @Option(
      names = "--silence",
      paramLabel = "DURATION",
      description = "Longest time between two records, such as PT2M.")
  private Duration silence;

  @Option(names = "--strict", description = "Fail on gaps and on records not canonical, too.")
  private boolean strict;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  /** What to verify, if not a data folder. */
  private static final class Subject {
    @Option(names = "--export", paramLabel = "DIR", description = "Verify an export.")
    private Path export;

    @Option(
        names = "--url",
        paramLabel = "URL",
        description = "Verify the log below a tiles prefix, such as https://host/log/2026q4.")
    private URI url;

    @Option(
        names = "--proof",
        paramLabel = "FILE",
        description = "Verify one record with its .tlog-proof.")
    private Path proof;
  }

  @Override
  public Integer call() throws IOException {
    final VerifyReport report;
    try (HostSignatures signatures = new HostSignatures()) {
      report = report(signatures);
    }
    final PrintWriter out = spec.commandLine().getOut();
    out.println(json ? report.toJson() : report.toText());
    out.flush();
    return report.exit().status();
  }

  private VerifyReport report(final SignatureChecker signatures) throws IOException {
    final Path folder = data.folder().root();
    if (subject != null && subject.export != null) {
      return LogVerifier.verifyExport(
          subject.export,
          options(
              () -> TrustPolicy.read(subject.export.resolve(LogVerifier.TRUST_FILE)), signatures));
    }
    if (subject != null && subject.url != null) {
      return LogVerifier.verifyUrl(
          subject.url, options(() -> DataVerifier.trust(folder), signatures));
    }
    if (subject != null && subject.proof != null) {
      return proof(subject.proof, options(() -> DataVerifier.trust(folder), signatures));
    }
    return DataVerifier.verify(folder, options(() -> DataVerifier.trust(folder), signatures));
  }

  private VerifyReport proof(final Path proof, final VerifyOptions options) throws IOException {
    final Path of = record == null ? VerifyFiles.recordBeside(proof) : record;
    return LogVerifier.verifyProof(
        VerifyFiles.read(proof, TlogProof.PROOF_BYTES_MAX),
        VerifyFiles.read(of, VerifyFiles.RECORD_BYTES_MAX),
        options.trust());
  }

  /** Reads a trust policy. */
  private interface TrustBeside {
    TrustPolicy read() throws IOException;
  }

  private VerifyOptions options(final TrustBeside beside, final SignatureChecker signatures)
      throws IOException {
    return new VerifyOptions(
        trust == null ? beside.read() : TrustPolicy.read(trust),
        strict,
        silence,
        VerifyFiles.checkpoints(held),
        signatures);
  }
}
