package io.sealgate.perf;

import io.sealgate.gateway.call.Phases;
import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.gateway.run.Gateway;
import io.sealgate.log.JcsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Main of the gateway's process: the product, with as many phases as a suite asks for. */
final class BenchGateway {
  private BenchGateway() {}

  /**
   * Arguments: configuration file, name of the last phase, file that gets URL and API key as JSON.
   * Ends when standard input does.
   */
  public static void main(final String[] args) throws GatewayException, IOException {
    final GatewayConfig config = GatewayConfig.load(Path.of(args[0]));
    final Gateway gateway = Gateway.start(config, Phases.valueOf(args[1]));
    // An interrupt from the keyboard reaches this process too.
    Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "stop-gateway"));
    final JcsWriter json = new JcsWriter().beginObject();
    json.name("apiKey").value(gateway.apiKey());
    json.name("http").value(gateway.http().toString());
    ReadyFile.write(
        Path.of(args[2]), new String(json.endObject().toByteArray(), StandardCharsets.UTF_8));
    ReadyFile.awaitEndOfInput();
    System.exit(0);
  }
}
