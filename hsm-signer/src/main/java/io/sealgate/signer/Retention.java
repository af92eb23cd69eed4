package io.sealgate.signer;

import io.sealgate.log.LogOrigin;
import io.sealgate.log.store.LogReader;
import io.sealgate.store.StoreException;
import io.sealgate.store.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which shards are past their time, and how one is deleted: its last checkpoint is put aside first,
 * so that proofs of its records that someone holds stay verifiable; then its directory goes, which
 * gives the disk back at once.
 */
final class Retention {
  /** Beside the shards: the last checkpoints of those that were deleted. */
  static final String CLOSED_DIR = "closed";

  private final Path logDir;
  private final LogLife life;

  Retention(Path logDir, LogLife life) {
    this.logDir = logDir;
    this.life = life;
  }

  /** Shards whose retention is over, oldest first. The newest shard is never among them. */
  List<LogOrigin> expired(String base, Instant now) throws StoreException {
    List<String> shards;
    try (LogReader reader = LogReader.open(logDir)) {
      shards = reader.shards();
    }
    List<LogOrigin> expired = new ArrayList<>();
    for (String shard : shards.subList(0, Math.max(0, shards.size() - 1))) {
      LogOrigin origin = LogOrigin.parse(base + "/audit/" + shard);
      if (origin.quarterEnd().plus(life.retentionDays(), ChronoUnit.DAYS).isBefore(now)) {
        expired.add(origin);
      }
    }
    return expired;
  }

  /** Keeps the last checkpoint of a shard where {@link #delete} does not reach it. */
  void keepCheckpoint(LogOrigin origin, byte[] note) throws StoreException {
    Path dir = logDir.resolve(CLOSED_DIR);
    try {
      Files.createDirectories(dir);
      WholeFile.write(
          dir.resolve(origin.shard() + ".checkpoint"), new String(note, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new StoreException("cannot keep the last checkpoint of " + origin + ": " + e, e);
    }
  }

  /** Deletes a shard's directory; what a crash leaves of it is deleted by the next call. */
  void delete(LogOrigin origin) throws StoreException {
    Path dir = logDir.resolve(origin.shard());
    try (Stream<Path> files = Files.list(dir)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(dir);
    } catch (IOException e) {
      throw new StoreException("cannot delete shard " + dir + ": " + e, e);
    }
  }
}
