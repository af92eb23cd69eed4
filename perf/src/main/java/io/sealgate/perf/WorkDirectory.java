package io.sealgate.perf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A private directory for one suite, removed with all that is in it when it is closed and when this
 * process is told to end.
 */
final class WorkDirectory implements AutoCloseable {
  private final Path path;
  private final Thread hook =
      new Thread(
          () -> {
            // Whoever still writes here must have ended first.
            ChildProcess.closeAll();
            delete();
          },
          "remove-bench-directory");

  private WorkDirectory(final Path path) {
    this.path = path;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  static WorkDirectory in(final Path parent) throws IOException {
    Files.createDirectories(parent);
    return new WorkDirectory(Files.createTempDirectory(parent, "sealgate-bench-"));
  }

  Path path() {
    return path;
  }

  /** A new directory in it. */
  Path make(final String name) throws IOException {
    return Files.createDirectory(path.resolve(name));
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (final IllegalStateException ending) {
      // The hook is running and does the same.
      return;
    }
    delete();
  }

  private void delete() {
    try (Stream<Path> files = Files.walk(path)) {
      final List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (final Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (final NoSuchFileException gone) {
      // Nothing is left to remove.
    } catch (final IOException failed) {
      throw new UncheckedIOException("cannot remove " + path, failed);
    }
  }
}
