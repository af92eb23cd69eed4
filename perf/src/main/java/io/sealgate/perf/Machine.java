package io.sealgate.perf;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the numbers were measured on.
 *
 * @param memoryDisk whether the disk is no disk, so that flushes mean nothing
 */
record Machine(String processor, String kernel, String jdk, String disk, boolean memoryDisk) {
  static Machine of(final Path directory) throws IOException {
    final FileStore store = Files.getFileStore(directory);
    return new Machine(
        field(Path.of("/proc/cpuinfo"), "model name")
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " cores",
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor") + " " + Runtime.version(),
        store.type() + " on " + store.name(),
        store.type().equals("tmpfs") || store.type().equals("ramfs"));
  }

  private static String field(final Path file, final String name) throws IOException {
    for (final String line : Files.readAllLines(file)) {
      if (line.startsWith(name)) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return "unknown";
  }
}
