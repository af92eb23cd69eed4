package io.sealgate.gateway.admin;

import io.sealgate.log.TilePath;
import io.sealgate.log.store.LogReader;
import io.sealgate.store.StoreException;
import java.nio.file.Path;
import java.util.List;

/**
 * The log's static resources (C2SP tlog-tiles): {@code checkpoint} and {@code tile/...} of the
 * newest shard, or of any shard behind its name. Where witnesses are asked, the checkpoint is the
 * newest that a quorum cosigned.
 */
final class LogTiles implements AutoCloseable {
  private final LogReader reader;

  LogTiles(final Path dataDir) {
    reader = LogReader.openCosigned(dataDir);
  }

  /** The resource, or null when there is none. */
  byte[] read(final String path) throws StoreException {
    final List<String> shards = reader.shards();
    if (shards.isEmpty()) {
      return null;
    }
    final int slash = path.indexOf('/');
    final String first = slash < 0 ? path : path.substring(0, slash);
    return shards.contains(first) && slash > 0
        ? resource(first, path.substring(slash + 1))
        : resource(shards.getLast(), path);
  }

  private byte[] resource(final String shard, final String path) throws StoreException {
    if (path.equals("checkpoint")) {
      return reader.publicCheckpoint(shard);
    }
    if (!path.startsWith("tile/")) {
      return null;
    }
    try {
      return reader.tile(shard, TilePath.parse(path));
    } catch (final IllegalArgumentException e) {
      // Not a path of the specification, so there is nothing there.
      return null;
    }
  }

  @Override
  public void close() throws StoreException {
    reader.close();
  }
}
