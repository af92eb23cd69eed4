package io.sealgate.classify.hyperscan;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sealgate.classify.finding.ClassifierException;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.zip.CRC32;

/** Takes Hyperscan's shared library out of its jar and loads it for the life of the JVM. */
public final class HyperscanLibrary {
  private static final String RESOURCE =
      "/com/gliwka/hyperscan/jni/linux-x86_64/libjnihyperscan.so";

  /**
   * How every function of at most three integers or pointers is called. A shape of its own would
   * take each of them milliseconds of a start to link. On x86-64 a function leaves registers alone
   * that it has no parameters for, and of a result of 32 bits the lower half counts.
   */
  static final FunctionDescriptor FEW =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final int READ_BYTES = 64 * 1024;

  private static volatile Optional<Path> folder = Optional.empty();

  private HyperscanLibrary() {}

  // Threads by classes of their own here: the first lambda of a JVM takes it milliseconds.

  /**
   * Begins to wake the linker of native functions, if nobody has, while the caller does something
   * else: the first handle takes the JVM as long as all that a classifier does beside it.
   */
  public static void startLinking() {
    start(
        new Thread("sealgate-linker") {
          @Override
          public void run() {
            Linker.nativeLinker().downcallHandle(FEW);
          }
        });
  }

  /**
   * Begins to load the library, if nobody has, while the caller does something else.
   *
   * @param privateFolder of this user alone, where the library is kept for the next start
   */
  public static void startLoading(final Optional<Path> privateFolder) {
    folder = privateFolder;
    start(
        new Thread("sealgate-hyperscan") {
          @Override
          public void run() {
            Hyperscan.load();
          }
        });
  }

  private static void start(final Thread thread) {
    thread.setDaemon(true);
    thread.start();
  }

  /** The library's symbols, for the folder that {@link #startLoading} named, if it did. */
  static SymbolLookup load() throws ClassifierException {
    return load(folder);
  }

  /** The library's symbols, from the file in the folder or else from one that is deleted. */
  static SymbolLookup load(final Optional<Path> folder) throws ClassifierException {
    if (folder.isPresent()) {
      try {
        return SymbolLookup.libraryLookup(kept(folder.get()), Arena.global());
      } catch (final IOException | IllegalArgumentException e) {
        warn("Hyperscan''s library is not kept: {0}", e.toString());
      }
    }
    return loadOnce();
  }

  /** The library in the folder, written where it is missing or not what the jar holds. */
  private static Path kept(final Path folder) throws IOException {
    final URL url = HyperscanLibrary.class.getResource(RESOURCE);
    if (url == null || !(url.openConnection() instanceof JarURLConnection jar)) {
      throw new FileNotFoundException("no jar on the class path holds " + RESOURCE);
    }
    final long crc = jar.getJarEntry().getCrc();
    final Path file = folder.resolve("libhyperscan-".concat(Long.toHexString(crc)).concat(".so"));
    if (!Files.exists(file) || crc(file) != crc) {
      final Path draft = Files.createTempFile(folder, "library-", ".tmp");
      try {
        extract(draft);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    }
    return file;
  }

  private static long crc(final Path file) throws IOException {
    final CRC32 crc = new CRC32();
    final byte[] some = new byte[READ_BYTES];
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      for (int read = in.read(some); read > 0; read = in.read(some)) {
        crc.update(some, 0, read);
      }
    }
    return crc.getValue();
  }

  /** The file lies in a directory of the owner only and is deleted once mapped. */
  private static SymbolLookup loadOnce() throws ClassifierException {
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
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
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

  /** Asked for when there is something to say: finding the logger would slow every start. */
  private static void warn(final String message, final String detail) {
    System.getLogger(HyperscanLibrary.class.getName())
        .log(System.Logger.Level.WARNING, message, detail);
  }
}
