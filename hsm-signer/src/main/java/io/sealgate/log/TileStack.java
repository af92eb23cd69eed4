package io.sealgate.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tiles that grow with the tree: the open one of each level, and those filled since the batch
 * began. Buffers are reused. One thread at a time.
 */
final class TileStack implements Frontier.Sink {
  /** 63 tree levels in tiles of eight. */
  static final int LEVELS = 8;

  static final int TILE_BYTES = TilePath.FULL * Merkle.HASH_BYTES;

  /** Spare buffers kept between batches. */
  private static final int SPARES_MAX = 16;

  private final OpenTile[] open = new OpenTile[LEVELS];
  private final List<FullTile> filled = new ArrayList<>();
  private final ArrayDeque<byte[]> spares = new ArrayDeque<>();

  record FullTile(int level, long n, byte[] hashes) {}

  /** The last tile of a level, with fewer than 256 hashes. */
  static final class OpenTile {
    private byte[] hashes = new byte[TILE_BYTES];
    private final byte[] savedHashes = new byte[TILE_BYTES];
    private long n;
    private int width;
    private long savedN;
    private int savedWidth;

    byte[] hashes() {
      return hashes;
    }

    long n() {
      return n;
    }

    int width() {
      return width;
    }

    boolean changed() {
      return n != savedN || width != savedWidth;
    }

    private void save() {
      System.arraycopy(hashes, 0, savedHashes, 0, width * Merkle.HASH_BYTES);
      savedN = n;
      savedWidth = width;
    }

    private void restore() {
      System.arraycopy(savedHashes, 0, hashes, 0, savedWidth * Merkle.HASH_BYTES);
      n = savedN;
      width = savedWidth;
    }
  }

  TileStack() {
    Arrays.setAll(open, _ -> new OpenTile());
  }

  /** Sets the open tile of a level, at start. */
  void load(int level, long n, byte[] hashes) {
    OpenTile tile = open[level];
    tile.n = n;
    tile.width = hashes.length / Merkle.HASH_BYTES;
    System.arraycopy(hashes, 0, tile.hashes, 0, hashes.length);
  }

  /** Remembers the state that {@link #restore} goes back to, and forgets filled tiles. */
  void save() {
    recycle();
    for (OpenTile tile : open) {
      tile.save();
    }
  }

  void restore() {
    recycle();
    for (OpenTile tile : open) {
      tile.restore();
    }
  }

  private void recycle() {
    for (FullTile tile : filled) {
      if (spares.size() < SPARES_MAX) {
        spares.push(tile.hashes());
      }
    }
    filled.clear();
  }

  @Override
  public void completed(int level, byte[] hash) {
    if (level % StoredTiles.TILE_LEVELS != 0) {
      return;
    }
    int tileLevel = level / StoredTiles.TILE_LEVELS;
    OpenTile tile = open[tileLevel];
    System.arraycopy(hash, 0, tile.hashes, tile.width * Merkle.HASH_BYTES, Merkle.HASH_BYTES);
    tile.width++;
    if (tile.width == TilePath.FULL) {
      filled.add(new FullTile(tileLevel, tile.n, tile.hashes));
      tile.hashes = spares.isEmpty() ? new byte[TILE_BYTES] : spares.pop();
      tile.n++;
      tile.width = 0;
    }
  }

  /** Tiles filled since {@link #save}. */
  List<FullTile> filled() {
    return filled;
  }

  OpenTile open(int level) {
    return open[level];
  }
}
