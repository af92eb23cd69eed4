package io.sealgate.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tiles that grow with the tree: the open one of each level, and those filled since the batch
 * began. Buffers are reused. One thread at a time.
 */
public final class TileStack implements Frontier.Sink {
  /** 63 tree levels in tiles of eight. */
  public static final int LEVELS = 8;

  /** Bytes of a full hash tile. */
  public static final int TILE_BYTES = TilePath.FULL * Merkle.HASH_BYTES;

  /** Spare buffers kept between batches. */
  private static final int SPARES_MAX = 16;

  private final OpenTile[] open = new OpenTile[LEVELS];
  private final List<FullTile> filled = new ArrayList<>();
  private final ArrayDeque<byte[]> spares = new ArrayDeque<>();

  /**
   * A tile that was filled.
   *
   * @param hashes {@link #TILE_BYTES} bytes, valid until the next {@link #save} or {@link #restore}
   */
  public record FullTile(int level, long n, byte[] hashes) {}

  /** The last tile of a level, with fewer than 256 hashes. */
  public static final class OpenTile {
    private byte[] hashes = new byte[TILE_BYTES];
    private final byte[] savedHashes = new byte[TILE_BYTES];
    private long n;
    private int width;
    private long savedN;
    private int savedWidth;

    private OpenTile() {}

    /** The buffer with the hashes; the first {@link #width} of them count. */
    public byte[] hashes() {
      return hashes;
    }

    /** The tile's number in its level. */
    public long n() {
      return n;
    }

    /** Hashes it has. */
    public int width() {
      return width;
    }

    /** Whether it differs from what {@link TileStack#save} remembered. */
    public boolean changed() {
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

  /** The tiles of an empty tree. */
  public TileStack() {
    Arrays.setAll(open, _ -> new OpenTile());
  }

  /** Sets the open tile of a level, at start. */
  public void load(int level, long n, byte[] hashes) {
    OpenTile tile = open[level];
    tile.n = n;
    tile.width = hashes.length / Merkle.HASH_BYTES;
    System.arraycopy(hashes, 0, tile.hashes, 0, hashes.length);
  }

  /** Remembers the state that {@link #restore} goes back to, and forgets filled tiles. */
  public void save() {
    recycle();
    for (OpenTile tile : open) {
      tile.save();
    }
  }

  /** Goes back to what {@link #save} remembered. */
  public void restore() {
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
    if (level % TilePath.HEIGHT != 0) {
      return;
    }
    int tileLevel = level / TilePath.HEIGHT;
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
  public List<FullTile> filled() {
    return filled;
  }

  /** The last tile of a level. */
  public OpenTile open(int level) {
    return open[level];
  }
}
