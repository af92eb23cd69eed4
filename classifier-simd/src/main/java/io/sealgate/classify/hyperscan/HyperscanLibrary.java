package io.sealgate.classify.hyperscan;

import io.sealgate.classify.finding.ClassifierException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Takes Hyperscan's shared library out of its jar and loads it for the life of the JVM. */
public final class HyperscanLibrary {
  private static final String RESOURCE =
      "/com/gliwka/hyperscan/jni/linux-x86_64/libjnihyperscan.so";

  private HyperscanLibrary() {}

  /**
   * The library's symbols. The file lies in a directory of the owner only and is deleted once
   * mapped.
   */
  public static SymbolLookup load() throws ClassifierException {
    final Path directory;
    try {
      directory =
          Files.createTempDirectory(
              "sealgate-hyperscan-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (final IOException | UnsupportedOperationException e) {
      throw new ClassifierException(
          "no directory can be made under "
              + System.getProperty("java.io.tmpdir")
              + " for Hyperscan's library; make it writable or set -Djava.io.tmpdir",
          e);
    }
    final Path file = directory.resolve("libhyperscan.so");
    try {
      extract(file);
      return SymbolLookup.libraryLookup(file, Arena.global());
    } catch (final IOException e) {
      throw new ClassifierException("Hyperscan's library cannot be written to " + file, e);
    } catch (final IllegalArgumentException e) {
      throw new ClassifierException(
          "Hyperscan's library cannot be loaded from "
              + file
              + "; it needs Linux on x86-64 with libstdc++ and a java.io.tmpdir that is not mounted"
              + " noexec (set -Djava.io.tmpdir to another directory)",
          e);
    } finally {
      delete(file);
      delete(directory);
    }
  }

  private static void extract(final Path file) throws IOException {
    try (InputStream in = HyperscanLibrary.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new FileNotFoundException(
            "class path entry " + RESOURCE + "; add com.gliwka.hyperscan:native for linux-x86_64");
      }
      Files.copy(in, file);
    }
  }

  private static void delete(final Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (final IOException e) {
      // A mapped library works whether or not its file can go; leave it to the exit of the JVM.
      path.toFile().deleteOnExit();
    }
  }
}
