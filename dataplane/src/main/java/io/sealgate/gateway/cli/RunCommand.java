package io.sealgate.gateway.cli;

import io.sealgate.gateway.call.Phases;
import io.sealgate.gateway.config.ConfigReference;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.gateway.run.Gateway;
import io.sealgate.gateway.run.ReadyState;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a gateway, and its signer, until it is told to stop. */
@Command(
    name = "run",
    description = "Run a gateway; without options a complete local one with a built-in model.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config;

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      description = "Write URLs, API key and process ids here as JSON once calls are accepted.")
  private Path readyFile;

  @Option(names = "--print-config", description = "Print every key with its default, and exit.")
  private boolean printConfig;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws GatewayException, InterruptedException {
    final PrintWriter out = spec.commandLine().getOut();
    if (printConfig) {
      out.print(ConfigReference.print(config.load()));
      out.flush();
      return 0;
    }
    final CountDownLatch stopped = new CountDownLatch(1);
    final Gateway gateway = Gateway.start(config.load(), Phases.SEALED);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  gateway.close();
                  stopped.countDown();
                },
                "sealgate-stop"));
    if (readyFile != null) {
      new ReadyState(gateway).write(readyFile);
    }
    greet(out, gateway);
    stopped.await();
    return 0;
  }

  private static void greet(final PrintWriter out, final Gateway gateway) {
    out.println("Sealgate accepts calls.");
    if (gateway.http() != null) {
      out.println("  http   " + gateway.http());
    }
    if (gateway.https() != null) {
      out.println("  https  " + gateway.https());
    }
    out.println("  admin  " + gateway.admin());
    out.println("  data   " + gateway.data().root());
    if (gateway.apiKey() != null && gateway.http() != null && gateway.loopback() != null) {
      out.println("  key    " + gateway.apiKey());
      out.println();
      out.println("Try it:");
      out.println(
          "  curl -s "
              + gateway.http()
              + "/v1/chat/completions -H 'Authorization: Bearer "
              + gateway.apiKey()
              + "' -H 'Content-Type: application/json' -d '{\"model\":\"loopback-1\","
              + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'");
    }
    out.println();
    out.println("Ctrl-C stops it.");
    out.flush();
  }
}
