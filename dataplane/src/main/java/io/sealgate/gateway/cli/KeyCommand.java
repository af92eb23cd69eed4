package io.sealgate.gateway.cli;

import io.sealgate.gateway.run.SignerSettings;
import io.sealgate.log.JcsWriter;
import io.sealgate.log.Vkey;
import io.sealgate.signer.LogKeys;
import io.sealgate.signer.SignerConfig;
import io.sealgate.signer.SignerException;
import io.sealgate.signer.client.ContentKeyClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The signing keys of the log. What uses the token runs in this process as the signer's user, while
 * no signer runs: the gateway never sees a PIN.
 */
@Command(
    name = "key",
    description = "Make, list, rotate and retire the log's signing keys.",
    mixinStandardHelpOptions = true)
final class KeyCommand {
  @Spec private CommandSpec spec;

  @Command(
      name = "init",
      description = "Make the configured key in its token, unless it is there.",
      mixinStandardHelpOptions = true)
  int init(@Mixin final ConfigOptions config) throws SignerException {
    return say("verifier key: ", keys(config).init());
  }

  @Command(
      name = "list",
      description =
          "Print the keys that verify the log, by shard, and the key that the content store's keys"
              + " are wrapped with.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin final ConfigOptions config,
      @Option(names = "--json", description = "Print them as JSON.") final boolean json)
      throws SignerException {
    final List<LogKeys.Known> known = keys(config).list();
    final PrintWriter out = spec.commandLine().getOut();
    if (json) {
      final JcsWriter writer = new JcsWriter().beginArray();
      for (final LogKeys.Known key : known) {
        writer.beginObject().name("shard").value(key.shard());
        writer.name("signing").value(key.signing());
        writer.name("type").value(key.vkey().type().name());
        writer.name("vkey").value(key.vkey().toString()).endObject();
      }
      out.println(new String(writer.endArray().toByteArray(), StandardCharsets.UTF_8));
    } else {
      for (final LogKeys.Known key : known) {
        out.println(
            key.shard() + "  " + (key.signing() ? "signing  " : "verifying") + "  " + key.vkey());
      }
      if (known.isEmpty()) {
        out.println("the log has no key yet; the first start, or 'key init', makes it");
      }
      final SignerConfig signer = SignerSettings.of(config.load(), false);
      out.println(
          "content store  wrapping   AES-256 '"
              + signer.contentKeyLabel()
              + "': "
              + contentKey(signer).orElse("usable"));
    }
    out.flush();
    return 0;
  }

  @Command(
      name = "status",
      description = "Say which keys sign now and at the next start; exit 1 when none does.",
      mixinStandardHelpOptions = true)
  int status(
      @Mixin final ConfigOptions config,
      @Option(names = "--json", description = "Print it as JSON.") final boolean json)
      throws SignerException {
    final LogKeys keys = keys(config);
    final List<String> signing =
        keys.list().stream()
            .filter(LogKeys.Known::signing)
            .map(key -> key.vkey().toString())
            .toList();
    final List<String> ring = keys.ring();
    final PrintWriter out = spec.commandLine().getOut();
    if (json) {
      final JcsWriter writer = new JcsWriter().beginObject().name("ring").beginArray();
      ring.forEach(writer::value);
      writer.endArray().name("signing").beginArray();
      signing.forEach(writer::value);
      final SignerConfig signer = SignerSettings.of(config.load(), false);
      writer.endArray().name("wrapping").beginObject();
      writer.name("label").value(signer.contentKeyLabel());
      writer.name("trouble").value(contentKey(signer).orElse(""));
      out.println(new String(writer.endObject().endObject().toByteArray(), StandardCharsets.UTF_8));
    } else {
      signing.forEach(key -> out.println("newest head signed by  " + key));
      ring.forEach(label -> out.println("next start signs with  " + label));
      if (ring.size() > 1) {
        out.println("a rotation is under way; end it with: key retire " + ring.getLast());
      }
    }
    out.flush();
    return signing.isEmpty() ? Main.EXIT_NO : 0;
  }

  @Command(
      name = "rotate",
      description =
          "Make a new key and announce it in the log under the old one. From the next start on both"
              + " sign, until the old one is retired. The signer must not run.",
      mixinStandardHelpOptions = true)
  int rotate(
      @Mixin final ConfigOptions config,
      @Parameters(paramLabel = "LABEL", description = "Label of the new key in the token.")
          final String label)
      throws SignerException {
    return say("announced, give it to verifiers: ", keys(config).rotate(label));
  }

  @Command(
      name = "retire",
      description =
          "Say in the log that a key signs no more; it stays in its token. The signer must not"
              + " run.",
      mixinStandardHelpOptions = true)
  int retire(
      @Mixin final ConfigOptions config,
      @Parameters(paramLabel = "LABEL", description = "Label of the key in the token.")
          final String label)
      throws SignerException {
    return say("retired: ", keys(config).retire(label));
  }

  @Command(
      name = "attest",
      description =
          "Keep the token maker's attestation of the key beside the log and seal its hash. The"
              + " signer must not run.",
      mixinStandardHelpOptions = true)
  int attest(
      @Mixin final ConfigOptions config,
      @Parameters(paramLabel = "FILE", description = "The attestation, opaque here.")
          final Path file)
      throws SignerException, IOException {
    return say("sealed, kept in ", keys(config).sealAttestation(Files.readAllBytes(file)));
  }

  @Command(
      name = "ceremony",
      description =
          "Walk two people through making the log's key; what they confirm is sealed. The signer"
              + " must not run.",
      mixinStandardHelpOptions = true)
  int ceremony(@Mixin final ConfigOptions config) throws SignerException, IOException {
    return new KeyCeremony(
                spec.commandLine().getOut(), System.in, SignerSettings.of(config.load(), false))
            .hold()
        ? 0
        : Main.EXIT_NO;
  }

  /** Why the running signer cannot use the wrapping key; empty where it can. */
  private static Optional<String> contentKey(final SignerConfig signer) {
    try {
      new ContentKeyClient(signer.dataDir()).prove();
      return Optional.empty();
    } catch (final IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static LogKeys keys(final ConfigOptions config) {
    return new LogKeys(SignerSettings.of(config.load(), false));
  }

  private int say(final String what, final Object value) {
    spec.commandLine()
        .getOut()
        .println(what + (value instanceof Vkey key ? key.toString() : value));
    spec.commandLine().getOut().flush();
    return 0;
  }
}
