package io.sealgate.gateway.cli;

import static io.sealgate.gateway.cli.AdminClient.parameter;

import io.sealgate.gateway.data.GatewayException;
import io.sealgate.gateway.run.ClassifierTypes;
import io.sealgate.policy.PolicyCompiler;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.PolicyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes policies into the running gateway. */
@Command(
    name = "policy",
    description = "Check, publish and list policies.",
    mixinStandardHelpOptions = true)
final class PolicyCommand {
  @Spec private CommandSpec spec;

  @Command(
      name = "check",
      description = "Compile a document without publishing it.",
      mixinStandardHelpOptions = true)
  int check(@Parameters(paramLabel = "FILE") final Path file) throws IOException {
    try {
      final ClassifierTypes types = new ClassifierTypes();
      final PolicyDocument document =
          PolicyDocument.parse(file.toString(), Files.readAllBytes(file), types);
      PolicyCompiler.compile(document.org().orElse("check"), List.of(document), types);
      print(document.name() + ": " + document.ruleCount() + " rules");
      return 0;
    } catch (final PolicyException e) {
      return refuse(e.getMessage());
    }
  }

  @Command(
      name = "apply",
      description = "Publish a document: it replaces the one of the same name.",
      mixinStandardHelpOptions = true)
  int apply(
      @Mixin final DataOption data,
      @Parameters(paramLabel = "FILE") final Path file,
      @Option(names = "--org", description = "Organisation, if the document names none.")
          final String org)
      throws IOException, GatewayException {
    return send(
        data,
        "POST",
        "/policies?" + parameter("file", file.toString()) + parameter("org", org),
        Files.readAllBytes(file));
  }

  @Command(
      name = "remove",
      description = "Take a document out of force.",
      mixinStandardHelpOptions = true)
  int remove(
      @Mixin final DataOption data,
      @Parameters(paramLabel = "NAME") final String name,
      @Option(names = "--org", description = "Organisation.") final String org)
      throws GatewayException {
    return send(
        data,
        "DELETE",
        "/policies?" + parameter("name", name) + parameter("org", org),
        new byte[0]);
  }

  @Command(
      name = "list",
      description = "Print the versions in force as JSON.",
      mixinStandardHelpOptions = true)
  int list(@Mixin final DataOption data) throws GatewayException {
    return send(data, "GET", "/policies", new byte[0]);
  }

  private int send(final DataOption data, final String method, final String path, final byte[] body)
      throws GatewayException {
    final AdminClient.Answer answer = new AdminClient(data.folder()).send(method, path, body);
    if (!answer.ok()) {
      return refuse(answer.body().strip());
    }
    print(answer.body().strip());
    return 0;
  }

  private void print(final String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }

  private int refuse(final String why) {
    spec.commandLine().getErr().println("sealgate: " + why);
    spec.commandLine().getErr().flush();
    return Main.EXIT_NO;
  }
}
