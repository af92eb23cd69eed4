package io.sealgate.log;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Recomputes one shard from its records alone: leaf hashes, every tile, and the root at the size of
 * every checkpoint, whose signature and origin are checked too. Checkpoints that all match one tree
 * are consistent with each other.
 */
final class ShardVerifier {
  private final ShardSource source;
  private final NoteVerifier keys;
  private final String origin;
  private final Frontier frontier = new Frontier();
  private final TileStack tiles = new TileStack();
  private final byte[] leaf = new byte[Merkle.HASH_BYTES];
  private ShardSource.StoredCheckpoint next;
  private long lastSize;
  private long checkpoints;
  private long notCanonical;
  private long firstNotCanonical = -1;

  ShardVerifier(ShardSource source, NoteVerifier keys, String origin) {
    this.source = source;
    this.keys = keys;
    this.origin = origin;
  }

  /** Verifies the first {@code size} records and all checkpoints up to there. */
  void verify(long size) throws IOException, LogProblem {
    next = source.nextCheckpoint();
    checkpointsHere();
    for (long n = 0; n * TilePath.FULL < size; n++) {
      verifyBundle(n, (int) Math.min(TilePath.FULL, size - n * TilePath.FULL));
    }
    for (int level = 0; level < TileStack.LEVELS; level++) {
      TileStack.OpenTile tile = tiles.open(level);
      if (tile.width() > 0) {
        checkTile(level, tile.n(), tile.hashes(), tile.width());
      }
    }
    if (size > 0 && lastSize != size) {
      throw new LogProblem(lastSize, "no checkpoint covers the records from " + lastSize + " on");
    }
  }

  private void verifyBundle(long n, int width) throws IOException, LogProblem {
    long first = n * TilePath.FULL;
    List<byte[]> records = source.records(n, width);
    byte[] leaves = source.tile(0, n, width);
    if (records.isEmpty()) {
      throw new LogProblem(first, "record " + first + " is missing");
    }
    if (leaves == null) {
      throw new LogProblem(first, "hash tile 0/" + n + " is missing or cut off");
    }
    for (int i = 0; i < records.size(); i++) {
      byte[] record = records.get(i);
      lint(first + i, record);
      frontier.append(
          record,
          0,
          record.length,
          (level, hash) -> {
            if (level == 0) {
              System.arraycopy(hash, 0, leaf, 0, Merkle.HASH_BYTES);
            }
            tiles.completed(level, hash);
          });
      int at = i * Merkle.HASH_BYTES;
      if (!Arrays.equals(leaf, 0, Merkle.HASH_BYTES, leaves, at, at + Merkle.HASH_BYTES)) {
        throw new LogProblem(
            first + i, "record " + (first + i) + " does not match its stored leaf hash");
      }
      checkpointsHere();
    }
    if (records.size() < width) {
      long missing = first + records.size();
      throw new LogProblem(missing, "record " + missing + " is missing or cut off");
    }
    for (TileStack.FullTile tile : tiles.filled()) {
      checkTile(tile.level(), tile.n(), tile.hashes(), TilePath.FULL);
    }
    tiles.save();
  }

  private void checkTile(int level, long n, byte[] hashes, int width)
      throws IOException, LogProblem {
    byte[] stored = source.tile(level, n, width);
    int bytes = width * Merkle.HASH_BYTES;
    if (stored == null || !Arrays.equals(stored, 0, bytes, hashes, 0, bytes)) {
      throw new LogProblem(
          (n << StoredTiles.TILE_LEVELS) << level * StoredTiles.TILE_LEVELS,
          "hash tile " + level + "/" + n + " does not match the records");
    }
  }

  private void checkpointsHere() throws IOException, LogProblem {
    while (next != null && next.size() == frontier.size()) {
      checkCheckpoint();
      checkpoints++;
      lastSize = next.size();
      next = source.nextCheckpoint();
    }
  }

  private void checkCheckpoint() throws LogProblem {
    String name = "the checkpoint of size " + next.size();
    Checkpoint checkpoint;
    try {
      checkpoint = keys.checkpoint(next.note());
    } catch (NoteException e) {
      throw new LogProblem(lastSize, name + " is not valid: " + e.getMessage());
    }
    if (!checkpoint.origin().equals(origin)) {
      throw new LogProblem(lastSize, name + " is of another log");
    }
    if (checkpoint.size() != next.size()) {
      throw new LogProblem(lastSize, name + " says another size");
    }
    if (!Arrays.equals(checkpoint.root(), frontier.root())) {
      throw new LogProblem(
          lastSize,
          name + " does not match the records; the first bad one is from " + lastSize + " on");
    }
  }

  private void lint(long index, byte[] record) {
    try {
      JcsReader.parse(record);
    } catch (JcsException _) {
      // The bytes are evidence whatever their form, so it is counted, not an error.
      if (notCanonical++ == 0) {
        firstNotCanonical = index;
      }
    }
  }

  byte[] root() {
    return frontier.root();
  }

  long records() {
    return frontier.size();
  }

  long checkpoints() {
    return checkpoints;
  }

  long notCanonical() {
    return notCanonical;
  }

  long firstNotCanonical() {
    return firstNotCanonical;
  }
}
