package io.sealgate.gateway.cli;

import io.sealgate.gateway.config.GatewayConfig;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which configuration a process runs with. */
final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration; without it the defaults, see run --print-config.")
  private Path file;

  @Option(names = "--data", paramLabel = "DIR", description = "Data folder; overrides the file's.")
  private Path data;

  GatewayConfig load() {
    final GatewayConfig config = file == null ? GatewayConfig.defaults() : GatewayConfig.load(file);
    return data == null ? config : config.withData(data);
  }
}
