package io.sealgate.log.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Static resources in a folder. */
record FolderResources(Path folder) implements StaticShard.Resources {
  @Override
  public byte[] read(String path, int bytesMax) throws IOException {
    Path file = folder.resolve(path);
    if (!Files.isRegularFile(file) || Files.size(file) > bytesMax) {
      return null;
    }
    return Files.readAllBytes(file);
  }
}
