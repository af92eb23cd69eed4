package io.sealgate.gateway.cli;

import io.sealgate.gateway.bundle.ExemptionSigner;
import io.sealgate.gateway.bundle.PolicyKey;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.policy.PolicyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Approves an exemption. */
@Command(
    name = "sign",
    description = {
      "Approve an exemption: write your signature over it into its file. A gateway takes it if",
      "your key is in the file approver-keys of its data folder. Any later change voids it."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PolicySignCommand extends OfflinePolicyCommand {
  @Option(
      names = "--key",
      required = true,
      paramLabel = "KEYFILE",
      description = "The approver's key, as policy bundle keygen makes it.")
  private Path key;

  @Parameters(paramLabel = "FILE", description = "The exemption.")
  private Path file;

  @Override
  int run(final PrintWriter out) throws IOException, GatewayException, PolicyException {
    final PolicyKey signer = PolicyKey.read(key);
    Files.write(
        file,
        ExemptionSigner.sign(file.toString(), Files.readAllBytes(file), signer, PolicyFiles.TYPES));
    out.println(file + ": signed by " + signer.vkey().name());
    return 0;
  }
}
