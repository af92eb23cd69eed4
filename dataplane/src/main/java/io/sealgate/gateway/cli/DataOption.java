package io.sealgate.gateway.cli;

import io.sealgate.gateway.data.DataFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which data folder a command looks at. */
final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "./var",
      description = "Data folder (default: ${DEFAULT-VALUE}).")
  private Path data;

  DataFolder folder() {
    return new DataFolder(data);
  }
}
