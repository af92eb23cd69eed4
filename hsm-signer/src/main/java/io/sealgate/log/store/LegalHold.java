package io.sealgate.log.store;

import io.sealgate.log.LogOrigin;
import io.sealgate.store.StoreException;
import io.sealgate.store.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Shards that are kept though their retention is over: those whose directory has the file {@code
 * legal-hold}, which says why in UTF-8. Any thread; placed and released by the log's owner.
 */
public final class LegalHold {
  /** Longest reason, in characters; what is longer in a file is cut. */
  public static final int REASON_MAX = 500;

  private static final String FILE = "legal-hold";

  private final Path logDir;

  /** The holds on a log's shards. */
  public LegalHold(Path logDir) {
    this.logDir = logDir;
  }

  /**
   * Why a shard is held, or null when it is not.
   *
   * @throws StoreException if that cannot be known; then the shard is to be kept
   */
  public String reason(String shard) throws StoreException {
    Path file = file(shard);
    try {
      if (!Files.exists(file)) {
        return null;
      }
      String reason = Files.readString(file).strip();
      return reason.substring(0, Math.min(reason.length(), REASON_MAX));
    } catch (IOException e) {
      // Unreadable is not absent: the shard stays.
      throw new StoreException("cannot read " + file + ": " + e + "; the shard is kept", e);
    }
  }

  /**
   * Holds a shard from now on, or for another reason than before.
   *
   * @throws IllegalArgumentException as {@link #requireReason}
   */
  public void place(String shard, String reason) throws IOException {
    requireReason(reason);
    WholeFile.write(file(shard), reason.strip() + "\n");
  }

  /**
   * Refuses what is no reason.
   *
   * @throws IllegalArgumentException if it is empty, too long or not one line
   */
  public static void requireReason(String reason) {
    if (reason.isBlank()
        || reason.length() > REASON_MAX
        || reason.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a hold has a reason of one line, 1 to " + REASON_MAX + " characters");
    }
  }

  /** Lets retention take its course again; answers whether the shard was held. */
  public boolean release(String shard) throws IOException {
    return Files.deleteIfExists(file(shard));
  }

  private Path file(String shard) {
    if (!LogOrigin.isShard(shard)) {
      throw new IllegalArgumentException("'" + shard + "' is not the name of a shard");
    }
    return logDir.resolve(shard).resolve(FILE);
  }
}
