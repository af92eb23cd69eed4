package io.sealgate.gateway.cli;

import static io.sealgate.gateway.cli.AdminClient.parameter;

import io.sealgate.gateway.bundle.Approvers;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.PolicyException;
import io.sealgate.policy.PolicyLint;
import io.sealgate.policy.PolicySet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes policies into the running gateway. */
@Command(
    name = "policy",
    description = "Check, test, publish and list policies.",
    mixinStandardHelpOptions = true,
    subcommands = {
      PolicyTestCommand.class,
      PolicyCoverageCommand.class,
      PolicyDecideCommand.class,
      PolicyExplainCommand.class,
      PolicyReplayCommand.class,
      PolicyShowCommand.class,
      PolicySignCommand.class,
      PolicyBundleCommand.class,
      PolicyDiffCommand.class,
      PolicyEvalCommand.class
    })
final class PolicyCommand {
  @Spec private CommandSpec spec;

  @Command(
      name = "check",
      description = {
        "Compile documents together without publishing them; warn of rules that can never match",
        "or that another rule makes superfluous. Exemptions must be signed."
      },
      mixinStandardHelpOptions = true)
  int check(
      @Mixin final PolicyFiles files,
      @Option(
              names = "--approvers",
              paramLabel = "FILE",
              description = "Keys of those who may approve exemptions: approver-keys.")
          final Path approvers)
      throws IOException, GatewayException {
    try {
      final PolicySet set = files.read();
      checkExemptions(set, approvers);
      for (final PolicyDocument document : set.documents()) {
        print(document.name() + ": " + document.ruleCount() + " rules");
      }
      final PrintWriter err = spec.commandLine().getErr();
      set.snapshot().notices().forEach(notice -> err.println("warning: " + notice));
      PolicyLint.warnings(set).forEach(warning -> err.println("warning: " + warning));
      err.flush();
      return 0;
    } catch (final PolicyException e) {
      return refuse(e.getMessage());
    }
  }

  private void checkExemptions(final PolicySet set, final Path file)
      throws PolicyException, GatewayException {
    if (file != null && !Files.exists(file)) {
      throw new GatewayException("there is no file " + file + "; correct the path");
    }
    for (final PolicyDocument document : set.documents()) {
      if (file != null) {
        Approvers.read(file).admit(set.org(), document, Instant.now());
      } else if (document.exemption().isPresent()) {
        Approvers.requireSigned(document, document.exemption().get());
        spec.commandLine()
            .getErr()
            .println(
                "warning: "
                    + document.fileName()
                    + ": the signature was not checked; give the approvers' keys as --approvers");
      }
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
  int list(
      @Mixin final DataOption data,
      @Option(names = "--history", description = "All versions of one organisation.")
          final boolean history,
      @Option(names = "--org", description = "Organisation, for the history.") final String org)
      throws GatewayException {
    return send(
        data,
        "GET",
        history ? "/policies/history?" + parameter("org", org) : "/policies",
        new byte[0]);
  }

  @Command(
      name = "rollback",
      description = "Publish an older version again, as a version of its own.",
      mixinStandardHelpOptions = true)
  int rollback(
      @Mixin final DataOption data,
      @Option(names = "--to", required = true, paramLabel = "N", description = "Version.")
          final long number,
      @Option(names = "--org", description = "Organisation.") final String org)
      throws GatewayException {
    return send(
        data,
        "POST",
        "/policies/rollback?" + parameter("to", Long.toString(number)) + parameter("org", org),
        new byte[0]);
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
