package io.sealgate.gateway.cli;

import io.sealgate.gateway.run.SignerSettings;
import io.sealgate.signer.SignerException;
import io.sealgate.signer.SignerProcess;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the signer process. */
@Command(
    name = "signer",
    description = "Run the signer by itself, under a service manager.",
    mixinStandardHelpOptions = true)
final class SignerCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config;

  @Option(
      names = "--stop-on-stdin-eof",
      description = "Stop when standard input ends: the parent process is gone.")
  private boolean stopOnStdinEof;

  @Override
  public Integer call() throws SignerException {
    SignerProcess.run(SignerSettings.of(config.load(), stopOnStdinEof));
    return 0;
  }
}
