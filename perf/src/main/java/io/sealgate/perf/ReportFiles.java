package io.sealgate.perf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** Where reports go: to the standard output, and into files when asked for. */
final class ReportFiles {
  private ReportFiles() {}

  /** The command as a reader would give it again. */
  static String commandLine(final CommandSpec spec) {
    final List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    return "./sealgate bench " + String.join(" ", arguments);
  }

  /** Prints a report; writes it, and its plot beside it, where a file is named. */
  static void say(final String markdown, final String plot, final Optional<Path> report)
      throws IOException {
    System.out.print(markdown);
    if (report.isPresent()) {
      final Path file = report.get().toAbsolutePath();
      final String name = file.getFileName().toString();
      final int dot = name.lastIndexOf('.');
      Files.createDirectories(file.getParent());
      Files.writeString(file, markdown, StandardCharsets.UTF_8);
      Files.writeString(
          file.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".svg"),
          plot,
          StandardCharsets.UTF_8);
    }
  }
}
