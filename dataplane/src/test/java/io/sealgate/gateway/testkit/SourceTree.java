package io.sealgate.gateway.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that tests run in. */
public final class SourceTree {
  private SourceTree() {}

  /** Its top folder. */
  public static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
