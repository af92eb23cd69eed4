package io.sealgate.log.store;

import io.sealgate.log.NodeSource;
import io.sealgate.log.TileNodes;
import io.sealgate.store.StoreEnv;
import io.sealgate.store.StoreException;
import java.io.IOException;

/** Tiles of a shard, and the tree nodes that follow from them. Safe for any thread. */
final class StoredTiles implements NodeSource {
  private final StoreEnv env;

  StoredTiles(StoreEnv env) {
    this.env = env;
  }

  /** The hashes a tile has by now, or null if it has none. */
  byte[] tile(int level, long n) throws StoreException {
    return env.get(LogTables.TILES, LogTables.tileKey(level, n));
  }

  @Override
  public byte[] node(int level, long index) throws StoreException {
    try {
      return TileNodes.node(this::tile, level, index);
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw new StoreException(env.dir() + ": " + e.getMessage() + "; restore the shard", e);
    }
  }
}
