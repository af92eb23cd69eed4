package io.sealgate.perf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code --report FILE}: a report goes to the standard output, and into files when asked for. */
final class ReportOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Also write the report here, and its plot, if it has one, beside it with the suffix"
              + " .svg.")
  private Optional<Path> report;

  /** The command as a reader would give it again. */
  String commandLine() {
    final List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    return "./sealgate bench " + String.join(" ", arguments);
  }

  /** Prints a report and writes it where a file is named. */
  void say(final String markdown) throws IOException {
    System.out.print(markdown);
    if (report.isPresent()) {
      final Path file = report.get().toAbsolutePath();
      Files.createDirectories(file.getParent());
      Files.writeString(file, markdown, StandardCharsets.UTF_8);
    }
  }

  /** The same with a plot. */
  void say(final String markdown, final String plot) throws IOException {
    say(markdown);
    if (report.isPresent()) {
      final Path file = report.get().toAbsolutePath();
      final String name = file.getFileName().toString();
      final int dot = name.lastIndexOf('.');
      Files.writeString(
          file.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".svg"),
          plot,
          StandardCharsets.UTF_8);
    }
  }
}
