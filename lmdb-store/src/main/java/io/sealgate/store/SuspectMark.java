package io.sealgate.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Says that a flush of a directory failed. After that the page cache may show data that the disk
 * never got, so the environment is not used again by this process, and the mark on disk keeps the
 * next one from trusting it unseen.
 */
final class SuspectMark {
  /** Beside data.mdb; its text says what happened. */
  static final String FILE = "suspect";

  /** Environments lie two folders deep in a data folder. */
  private static final int DEPTH_MAX = 5;

  private static final Set<Path> FAILED_HERE = new HashSet<>();

  private SuspectMark() {}

  /**
   * Sets the mark. Where even that cannot be written, this process still knows it, and the error
   * says so.
   */
  static void set(Path dir, Throwable cause) {
    synchronized (FAILED_HERE) {
      FAILED_HERE.add(dir);
    }
    Path file = dir.resolve(FILE);
    try {
      Files.writeString(file, "a flush failed: " + cause.getMessage() + "\n");
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      try (FileChannel directory = FileChannel.open(dir, StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  static boolean failedHere(Path dir) {
    synchronized (FAILED_HERE) {
      return FAILED_HERE.contains(dir);
    }
  }

  static boolean isSet(Path dir) {
    return Files.exists(dir.resolve(FILE));
  }

  static List<Path> below(Path dir) throws StoreException {
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(dir, DEPTH_MAX)) {
      return files
          .filter(file -> file.getFileName().toString().equals(SharedEnv.DATA_FILE))
          .map(Path::getParent)
          .filter(SuspectMark::isSet)
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new StoreException("cannot look for failed flushes in " + dir + ": " + e, e);
    }
  }

  static void clear(Path dir) throws StoreException {
    try {
      if (Files.deleteIfExists(dir.resolve(FILE))) {
        try (FileChannel directory = FileChannel.open(dir, StandardOpenOption.READ)) {
          directory.force(true);
        }
      }
    } catch (IOException e) {
      throw new StoreException("cannot remove " + dir.resolve(FILE) + ": " + e, e);
    }
  }
}
