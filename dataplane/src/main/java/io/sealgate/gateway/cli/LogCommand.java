package io.sealgate.gateway.cli;

import io.sealgate.log.LogExport;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes the sealed log out for others. */
@Command(name = "log", description = "Export the sealed log.", mixinStandardHelpOptions = true)
final class LogCommand {
  @Spec private CommandSpec spec;

  @Command(
      name = "export",
      description = "Write the log as static files (C2SP tlog-tiles) that verify offline.",
      mixinStandardHelpOptions = true)
  int export(
      @Mixin final DataOption data,
      @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where to.")
          final Path out)
      throws IOException {
    LogExport.export(data.folder().root(), out);
    spec.commandLine().getOut().println("exported to " + out);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
