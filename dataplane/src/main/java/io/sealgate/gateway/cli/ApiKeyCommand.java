package io.sealgate.gateway.cli;

import static io.sealgate.gateway.cli.AdminClient.parameter;

import io.sealgate.gateway.data.GatewayException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Issues and revokes callers' API keys in the running gateway. */
@Command(
    name = "apikey",
    description = "Issue, list and revoke callers' API keys.",
    mixinStandardHelpOptions = true)
final class ApiKeyCommand {
  @Spec private CommandSpec spec;

  @Command(
      name = "create",
      description = "Issue a key; it is printed once and stored nowhere.",
      mixinStandardHelpOptions = true)
  int create(
      @Mixin final DataOption data,
      @Option(names = "--org") final String org,
      @Option(names = "--team") final String team,
      @Option(names = "--user") final String user,
      @Option(names = "--environment") final String environment,
      @Option(names = "--use-case") final String useCase)
      throws GatewayException {
    return send(
        data,
        "POST",
        "/api-keys?"
            + parameter("org", org)
            + parameter("team", team)
            + parameter("user", user)
            + parameter("environment", environment)
            + parameter("use-case", useCase));
  }

  @Command(
      name = "list",
      description = "Print all keys as JSON, without their secrets.",
      mixinStandardHelpOptions = true)
  int list(@Mixin final DataOption data) throws GatewayException {
    return send(data, "GET", "/api-keys");
  }

  @Command(
      name = "revoke",
      description = "Revoke a key; its next call is refused.",
      mixinStandardHelpOptions = true)
  int revoke(
      @Mixin final DataOption data,
      @Parameters(paramLabel = "ID", description = "The key's id, see list.") final String id)
      throws GatewayException {
    return send(data, "POST", "/api-keys/revoke?" + parameter("id", id));
  }

  private int send(final DataOption data, final String method, final String path)
      throws GatewayException {
    final AdminClient.Answer answer =
        new AdminClient(data.folder()).send(method, path, new byte[0]);
    (answer.ok() ? spec.commandLine().getOut() : spec.commandLine().getErr())
        .println(answer.body().strip());
    return answer.ok() ? 0 : Main.EXIT_NO;
  }
}
