package io.sealgate.log;

import io.sealgate.store.StoreEnv;
import io.sealgate.store.StoreException;
import java.util.Arrays;

/** Tiles of a shard, and the tree nodes that follow from them. Safe for any thread. */
final class StoredTiles implements NodeSource {
  /** Tree levels that one tile spans. */
  static final int TILE_LEVELS = 8;

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
    int above = level % TILE_LEVELS;
    long first = index << above;
    long n = first >> TILE_LEVELS;
    byte[] tile = tile(level / TILE_LEVELS, n);
    int from = (int) (first & (TilePath.FULL - 1)) * Merkle.HASH_BYTES;
    int to = from + (Merkle.HASH_BYTES << above);
    if (tile == null || tile.length < to) {
      throw new StoreException(
          "tile "
              + level / TILE_LEVELS
              + "/"
              + n
              + " in "
              + env.dir()
              + " lacks hashes; restore the shard");
    }
    return subtree(Arrays.copyOfRange(tile, from, to));
  }

  private static byte[] subtree(byte[] hashes) {
    TreeHasher hasher = new TreeHasher();
    for (int count = hashes.length / Merkle.HASH_BYTES; count > 1; count /= 2) {
      for (int i = 0; i < count; i += 2) {
        int left = i * Merkle.HASH_BYTES;
        hasher.node(hashes, left, hashes, left + Merkle.HASH_BYTES, hashes, left / 2);
      }
    }
    return Arrays.copyOf(hashes, Merkle.HASH_BYTES);
  }
}
