package io.sealgate.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** How a child says that it is ready, and how it learns that it should end. */
final class ReadyFile {
  private ReadyFile() {}

  /** Puts a file in place at once, readable by its owner only. */
  static void write(final Path file, final String content) throws IOException {
    final Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(part, content);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  static void awaitEndOfInput() throws IOException {
    while (System.in.read() >= 0) {
      // The parent writes nothing; only the end matters.
    }
  }
}
