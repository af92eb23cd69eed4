package io.sealgate.log.export;

import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.store.LogReader;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Copies a log while it is written: each shard as of one moment, compacted, and the small files
 * beside them. The copy is a data folder that verifies, with which a signer can go on.
 */
public final class LogBackup {
  /** A shard's own files that are not copied: LMDB's data is copied by LMDB, the rest is of now. */
  private static final Set<String> NOT_COPIED =
      Set.of("data.mdb", "lock.mdb", "writer.lock", "suspect");

  private LogBackup() {}

  /**
   * Copies the log.
   *
   * @param out absent or an empty directory, on another disk for good reason
   * @return the shards copied
   * @throws IOException if there is no log, {@code out} is not empty, or a disk fails; what was
   *     written stays
   */
  public static List<String> backup(Path dataDir, Path out) throws IOException {
    Path logDir = dataDir.resolve("log");
    if (!Files.isRegularFile(DataVerifier.trustFile(dataDir))) {
      throw new IOException(dataDir + " holds no log; name the data folder with --data");
    }
    Files.createDirectories(out);
    try (Stream<Path> entries = Files.list(out)) {
      if (entries.findAny().isPresent()) {
        throw new IOException(out + " is not empty; name a new directory");
      }
    }
    // Heads before the log that must contain them; keys after the shards that they signed.
    copyFiles(dataDir.resolve("cosigned"), out.resolve("cosigned"));
    List<String> shards;
    try (LogReader reader = LogReader.open(logDir)) {
      shards = reader.shards();
      for (String shard : shards) {
        reader.backup(shard, out.resolve("log").resolve(shard));
      }
    }
    copyFiles(logDir, out.resolve("log"));
    return shards;
  }

  /** Copies plain files, those of folders within among them. */
  private static void copyFiles(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(dir)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = file.getFileName().toString();
            if (!NOT_COPIED.contains(name) && !name.endsWith(".new")) {
              Files.copy(file, to.resolve(from.relativize(file)));
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
