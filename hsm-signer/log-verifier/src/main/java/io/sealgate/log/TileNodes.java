package io.sealgate.log;

import java.io.IOException;
import java.util.Arrays;

/** Tree nodes read out of hash tiles (C2SP tlog-tiles). Pure functions. */
public final class TileNodes {
  private TileNodes() {}

  /** Hash tiles, from wherever they are kept. */
  @FunctionalInterface
  public interface Tiles {
    /** The hashes a tile has, or null if it has none. The caller does not change them. */
    byte[] tile(int level, long n) throws IOException;
  }

  /**
   * The hash over the records {@code [index << level, (index + 1) << level)}.
   *
   * @throws IOException if the tile that holds it lacks hashes
   */
  public static byte[] node(Tiles tiles, int level, long index) throws IOException {
    int above = level % TilePath.HEIGHT;
    long first = index << above;
    long n = first >> TilePath.HEIGHT;
    byte[] tile = tiles.tile(level / TilePath.HEIGHT, n);
    int from = (int) (first & (TilePath.FULL - 1)) * Merkle.HASH_BYTES;
    int to = from + (Merkle.HASH_BYTES << above);
    if (tile == null || tile.length < to) {
      throw new IOException("tile " + level / TilePath.HEIGHT + "/" + n + " lacks hashes");
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
