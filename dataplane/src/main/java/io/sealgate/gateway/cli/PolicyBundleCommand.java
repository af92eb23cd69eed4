package io.sealgate.gateway.cli;

import io.sealgate.gateway.bundle.PolicyBundle;
import io.sealgate.gateway.bundle.PolicyBundle.BundleFile;
import io.sealgate.gateway.bundle.PolicyKey;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.Vkey;
import io.sealgate.policy.PolicyException;
import io.sealgate.policy.PolicySet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Signed bundles: all policies of an organisation in one file. */
@Command(
    name = "bundle",
    description = "Build, verify and publish signed bundles of policies.",
    mixinStandardHelpOptions = true)
final class PolicyBundleCommand {
  /** The keys that sign policies, as options name them. */
  enum KeyType {
    ED25519(Vkey.Type.ED25519),
    P256(Vkey.Type.ECDSA_P256);

    private final Vkey.Type noteType;

    KeyType(final Vkey.Type noteType) {
      this.noteType = noteType;
    }
  }

  @Spec private CommandSpec spec;

  @Command(
      name = "keygen",
      description = {
        "Make a key that signs bundles or exemptions and, beside it as .pub, its verifier key."
      },
      mixinStandardHelpOptions = true)
  int keygen(
      @Option(names = "--name", required = true, description = "Name of the key.")
          final String name,
      @Option(
              names = "--type",
              defaultValue = "ed25519",
              description = "ed25519 (default) or p256.")
          final KeyType type,
      @Parameters(paramLabel = "KEYFILE", description = "Where to write it.") final Path file)
      throws GatewayException {
    print(PolicyKey.make(file, name, type.noteType).vkey().toString());
    return 0;
  }

  @Command(
      name = "build",
      description = "Compile policies together, then sign them as a bundle.",
      mixinStandardHelpOptions = true)
  int build(
      @Option(names = "--key", required = true, paramLabel = "KEYFILE", description = "Signs.")
          final Path key,
      @Option(names = "--number", required = true, description = "Version; counts up.")
          final long number,
      @Option(
              names = "--expires",
              required = true,
              paramLabel = "TIME",
              description = "Such as 2027-01-31T00:00:00Z.")
          final String expires,
      @Option(
              names = "--out",
              required = true,
              paramLabel = "BUNDLE",
              description = "File to write.")
          final Path out,
      @Option(names = "--org", description = "Organisation, if the documents name none.")
          final String org,
      @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "Policies.")
          final List<Path> paths)
      throws IOException, GatewayException {
    final PolicySet set;
    try {
      set = PolicyFiles.read(paths, org);
    } catch (final PolicyException e) {
      return refuse(e.getMessage());
    }
    if (org == null && set.documents().stream().allMatch(d -> d.org().isEmpty())) {
      return refuse("the documents name no organisation; give it with --org");
    }
    final List<BundleFile> files = new ArrayList<>();
    set.documents().forEach(d -> files.add(new BundleFile(d.fileName(), d.source())));
    final PolicyKey signer = PolicyKey.read(key);
    final byte[] bundle = PolicyBundle.build(set.org(), number, moment(expires), files, signer);
    Files.write(out, bundle);
    print(out + ": version " + number + " of " + set.org() + ", " + files.size() + " files");
    return 0;
  }

  private static Instant moment(final String text) throws GatewayException {
    try {
      return Instant.parse(text);
    } catch (final DateTimeException e) {
      throw new GatewayException("'" + text + "' is no time; write 2027-01-31T00:00:00Z (UTC)", e);
    }
  }

  @Command(
      name = "verify",
      description = "Check a bundle's signature, expiry and files with trusted keys.",
      mixinStandardHelpOptions = true)
  int verify(
      @Option(
              names = "--keys",
              required = true,
              paramLabel = "FILE",
              description = "Verifier keys that are trusted, one a line.")
          final Path keys,
      @Parameters(paramLabel = "BUNDLE") final Path file)
      throws IOException, GatewayException {
    final PolicyBundle bundle;
    try {
      bundle =
          PolicyBundle.verify(Files.readAllBytes(file), PolicyKey.trusted(keys), Instant.now());
    } catch (final GatewayException e) {
      return refuse(e.getMessage());
    }
    print(
        "version "
            + bundle.version()
            + " of "
            + bundle.org()
            + ", signed by "
            + String.join(", ", bundle.signers())
            + ", expires "
            + bundle.expires());
    bundle.files().forEach(f -> print(f.name() + " (" + f.content().length + " bytes)"));
    return 0;
  }

  @Command(
      name = "apply",
      description = {
        "Publish a bundle in place of all policies of its organisation. The gateway trusts the",
        "keys in the file policy-keys of its data folder and takes no version twice."
      },
      mixinStandardHelpOptions = true)
  int apply(@Mixin final DataOption data, @Parameters(paramLabel = "BUNDLE") final Path file)
      throws IOException, GatewayException {
    final AdminClient.Answer answer =
        new AdminClient(data.folder()).send("POST", "/policies/bundle", Files.readAllBytes(file));
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
