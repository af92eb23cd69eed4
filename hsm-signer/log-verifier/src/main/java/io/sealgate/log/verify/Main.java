package io.sealgate.log.verify;

import io.sealgate.log.NoteException;
import io.sealgate.log.TlogProof;
import io.sealgate.log.TrustPolicy;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The auditor's program. Exit statuses are those of {@link VerifyExit}. */
public final class Main {
  private static final String USAGE =
      """
      Usage: java -jar sealgate-verifier.jar [options] WHAT

      WHAT is one of
        DIR                 an export of a log
        URL                 the prefix of a log's tiles, http(s)://host/...
        FILE.tlog-proof     a proof of one record

      Options
        --trust FILE        whom to trust: C2SP tlog-policy, or verifier keys, one a line.
                            Default for an export: its own trust-policy, which shows only
                            that the export is whole
        --record FILE       the record of a proof (default FILE.tlog-proof.record)
        --checkpoint FILE   a checkpoint held elsewhere that the log must contain; repeatable
        --silence DURATION  longest time between records, such as PT2M; needs heartbeats
        --strict            gaps and records that are not canonical JSON fail, too
        --json              print the report as JSON

      Exit status
      """;

  private final List<Path> held = new ArrayList<>();
  private String what;
  private Path trust;
  private Path record;
  private Duration silence;
  private boolean strict;
  private boolean json;

  private Main() {}

  /** Verifies and exits. */
  public static void main(String[] arguments) {
    try (PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err)) {
      VerifyExit exit = run(arguments, out, err);
      out.flush();
      System.exit(exit.status());
    }
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** As {@link #main}, with the exit returned. */
  static VerifyExit run(String[] arguments, PrintStream out, PrintStream err) {
    try {
      Main main = new Main();
      if (!main.read(arguments)) {
        out.print(usage());
        return VerifyExit.VERIFIED;
      }
      VerifyReport report = main.verify();
      out.println(main.json ? report.toJson() : report.toText());
      return report.exit();
    } catch (NoteException e) {
      err.println("sealgate-verifier: " + e.getMessage());
      return VerifyExit.MALFORMED;
    } catch (IOException e) {
      err.println("sealgate-verifier: " + e.getMessage());
      return VerifyExit.MISSING;
    } catch (IllegalArgumentException e) {
      err.println("sealgate-verifier: " + e.getMessage() + "; --help shows how");
      return VerifyExit.USAGE;
    }
  }

  private static String usage() {
    StringBuilder usage = new StringBuilder(USAGE);
    for (VerifyExit exit : VerifyExit.values()) {
      usage.append("  %3d %s%n".formatted(exit.status(), exit));
    }
    return usage.toString();
  }

  /** Reads the command line; false if only help is wanted. */
  private boolean read(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      switch (argument) {
        case "--help", "-h" -> {
          return false;
        }
        case "--strict" -> strict = true;
        case "--json" -> json = true;
        case "--trust" -> trust = Path.of(value(arguments, ++i));
        case "--record" -> record = Path.of(value(arguments, ++i));
        case "--checkpoint" -> held.add(Path.of(value(arguments, ++i)));
        case "--silence" -> silence = duration(value(arguments, ++i));
        default -> {
          if (argument.startsWith("-") || what != null) {
            throw new IllegalArgumentException("unknown argument " + argument);
          }
          what = argument;
        }
      }
    }
    if (what == null) {
      throw new IllegalArgumentException("nothing to verify; name an export, a URL or a proof");
    }
    return true;
  }

  private static String value(String[] arguments, int at) {
    if (at == arguments.length) {
      throw new IllegalArgumentException(arguments[at - 1] + " needs a value");
    }
    return arguments[at];
  }

  private static Duration duration(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(text + " is no duration such as PT2M", e);
    }
  }

  private VerifyReport verify() throws IOException {
    if (what.startsWith("http://") || what.startsWith("https://")) {
      return LogVerifier.verifyUrl(URI.create(what), options(trust()));
    }
    Path path = Path.of(what);
    if (Files.isDirectory(path)) {
      return LogVerifier.verifyExport(
          path,
          options(
              trust == null ? TrustPolicy.read(path.resolve(LogVerifier.TRUST_FILE)) : trust()));
    }
    Path of = record == null ? VerifyFiles.recordBeside(path) : record;
    return LogVerifier.verifyProof(
        VerifyFiles.read(path, TlogProof.PROOF_BYTES_MAX),
        VerifyFiles.read(of, VerifyFiles.RECORD_BYTES_MAX),
        trust());
  }

  private TrustPolicy trust() throws IOException {
    if (trust == null) {
      throw new NoSuchFileException("--trust", null, "name the file with the keys to trust");
    }
    return TrustPolicy.read(trust);
  }

  private VerifyOptions options(TrustPolicy policy) throws IOException {
    return new VerifyOptions(policy, strict, silence, VerifyFiles.checkpoints(held));
  }
}
