package io.sealgate.gateway.cli;

import io.sealgate.policy.cel.BadCaseException;
import io.sealgate.policy.cel.Cases;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs cases of CEL's conformance suite through the compiler of conditions, one line each. */
@Command(
    name = "eval",
    description = {
      "Evaluate CEL cases, one JSON object a line, with the compiler that conditions are compiled"
          + " with.",
      "Writes one JSON line for each: status is value, error or refused (outside the profile)."
    },
    mixinStandardHelpOptions = true)
final class PolicyEvalCommand implements Callable<Integer> {
  /** Bound of a line, in UTF-16 units, so that memory has one too. */
  private static final int LINE_LENGTH_MAX = 4 << 20;

  @Spec private CommandSpec spec;

  @Option(names = "--cases", required = true, paramLabel = "FILE", description = "Cases to run.")
  private Path file;

  @Override
  public Integer call() throws IOException {
    final PrintWriter out = spec.commandLine().getOut();
    long number = 0;
    try (Reader reader =
        new BufferedReader(
            new InputStreamReader(
                Files.newInputStream(file), StandardCharsets.UTF_8.newDecoder()))) {
      final Cases cases = new Cases();
      final StringBuilder line = new StringBuilder();
      while (true) {
        number++;
        if (!readLine(reader, line)) {
          break;
        }
        if (!line.toString().isBlank()) {
          out.println(cases.evaluate(line.toString()));
        }
      }
    } catch (final BadCaseException e) {
      return refuse(out, number, e.getMessage(), "write one case as a JSON object on the line");
    } catch (final CharacterCodingException e) {
      return refuse(out, number, "the text is not UTF-8", "convert the file");
    }
    out.flush();
    return ExitCode.OK;
  }

  /** False at the end of the file. */
  private static boolean readLine(final Reader reader, final StringBuilder line)
      throws IOException, BadCaseException {
    line.setLength(0);
    int c = reader.read();
    if (c < 0) {
      return false;
    }
    for (; c >= 0 && c != '\n'; c = reader.read()) {
      if (line.length() == LINE_LENGTH_MAX) {
        throw new BadCaseException("the line is longer than " + LINE_LENGTH_MAX + " characters");
      }
      line.append((char) c);
    }
    return true;
  }

  private int refuse(
      final PrintWriter out, final long number, final String problem, final String fix) {
    out.flush();
    spec.commandLine()
        .getErr()
        .println("sealgate: " + file + ":" + number + ": " + problem + "; " + fix);
    spec.commandLine().getErr().flush();
    return ExitCode.USAGE;
  }
}
