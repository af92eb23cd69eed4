package io.sealgate.gateway.run;

import io.sealgate.gateway.config.ConfigReference;
import io.sealgate.gateway.config.GatewayConfig;
import io.sealgate.gateway.config.ModelPattern;
import io.sealgate.gateway.data.DataFolder;
import io.sealgate.gateway.data.GatewayException;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.store.DataVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What others may know of a gateway that accepts calls: the ready file, and the run file. */
public final class ReadyState {
  private final Map<String, Object> members = new LinkedHashMap<>();

  /** Reads the state of a running gateway. */
  public ReadyState(final Gateway gateway) {
    members.put("http", text(gateway.http()));
    members.put("https", text(gateway.https()));
    members.put("admin", text(gateway.admin()));
    members.put("apiKey", gateway.apiKey());
    members.put(
        "model",
        gateway.config().loopback().enabled()
            ? gateway.config().loopback().models().stream()
                .filter(ModelPattern::isName)
                .map(ModelPattern::text)
                .findFirst()
                .orElse(null)
            : null);
    members.put("gatewayPid", ProcessHandle.current().pid());
    members.put("signerPid", gateway.signerPid());
    members.put("logVkey", vkey(gateway.data()));
    members.put("data", gateway.data().root().toString());
  }

  private static String text(final Object value) {
    return value == null ? null : value.toString();
  }

  /** The newest key of the trust file, which signs now. */
  private static String vkey(final DataFolder data) {
    try {
      final List<TrustPolicy.Log> logs =
          TrustPolicy.read(DataVerifier.trustFile(data.root())).logs();
      return logs.isEmpty() ? null : logs.getLast().key().toString();
    } catch (final IOException e) {
      // The signer writes the file before it accepts records; without it there is no key to name.
      return null;
    }
  }

  /** The state as JSON. */
  public String json() {
    final StringBuilder out = new StringBuilder("{");
    members.forEach(
        (name, value) -> {
          out.append(out.length() > 1 ? "," : "").append('"').append(name).append("\":");
          if (value instanceof String string) {
            out.append('"').append(string.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
          } else {
            out.append(value);
          }
        });
    return out.append("}\n").toString();
  }

  /** Writes the file whole or not at all, readable by its owner only: it holds the API key. */
  public void write(final Path file) throws GatewayException {
    if (file.toAbsolutePath().getParent() == null) {
      throw new GatewayException("cannot write " + file);
    }
    DataFolder.writeOwnerOnly(file.toAbsolutePath(), json().strip());
  }

  /**
   * Writes the effective configuration where the signer process will read it.
   *
   * @return the arguments of the {@code signer} command
   */
  static List<String> signerArguments(final GatewayConfig config, final DataFolder data) {
    final Path file = data.run().resolve("signer.yaml");
    try {
      final Path temporary = Files.createTempFile(data.run(), ".signer", ".yaml");
      Files.write(temporary, ConfigReference.print(config).getBytes(StandardCharsets.UTF_8));
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (final IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    return List.of("--config", file.toString(), "--stop-on-stdin-eof");
  }
}
