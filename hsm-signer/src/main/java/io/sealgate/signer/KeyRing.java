package io.sealgate.signer;

import io.sealgate.store.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The labels of the log's keys in its own token, one a line, the one to sign with first: two while
 * a rotation lasts. Without the file it is the configured key alone.
 */
final class KeyRing {
  private static final String FILE = "key-ring";

  private KeyRing() {}

  static List<String> read(SignerConfig config) throws IOException {
    Path file = file(config);
    if (!Files.exists(file)) {
      return List.of(config.keyLabel());
    }
    List<String> labels =
        Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
    if (labels.isEmpty()) {
      throw new IOException(
          file + " names no key; restore it, or delete it for the configured key");
    }
    return labels;
  }

  static void write(SignerConfig config, List<String> labels) throws IOException {
    WholeFile.write(file(config), String.join("\n", labels) + "\n");
  }

  private static Path file(SignerConfig config) {
    return config.logDir().resolve(FILE);
  }
}
