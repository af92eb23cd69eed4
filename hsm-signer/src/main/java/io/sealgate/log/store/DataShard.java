package io.sealgate.log.store;

import io.sealgate.log.TilePath;
import io.sealgate.log.verify.ShardSource;
import io.sealgate.log.verify.VerifyExit;
import io.sealgate.log.verify.VerifyFailure;
import io.sealgate.store.StoreException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** A shard in its LMDB environment. What cannot be read there is wrong, not just out of reach. */
final class DataShard implements ShardSource {
  private static final int CHECKPOINTS_AT_ONCE = 256;

  private final LogReader reader;
  private final String shard;
  private final String origin;
  private final TreeHead head;
  private final Deque<StoredCheckpoint> ahead = new ArrayDeque<>();
  private long nextSize;

  private DataShard(LogReader reader, String shard, String origin, TreeHead head) {
    this.reader = reader;
    this.shard = shard;
    this.origin = origin;
    this.head = head;
  }

  /**
   * Checks that the shard's tables agree about how much there is.
   *
   * @return null for a shard that is only just being made
   */
  static DataShard open(LogReader reader, String shard) throws StoreException, VerifyFailure {
    // Read before the head: in a sound log that is being written, the head can only be ahead of it.
    long stored = reader.storedRecords(shard);
    long covered = reader.storedCheckpointSize(shard);
    TreeHead head = reader.head(shard);
    if (head == null) {
      if (stored > 0 || covered > 0) {
        throw wrong(0, "there are records or checkpoints but no tree head");
      }
      return null;
    }
    long size = head.size();
    if (stored > size) {
      throw wrong(size, "records from " + size + " on are not sealed");
    }
    if (covered > size) {
      throw wrong(size, "records from " + size + " on were removed");
    }
    return new DataShard(reader, shard, reader.origin(shard), head);
  }

  private static VerifyFailure wrong(long index, String problem) {
    return new VerifyFailure(VerifyExit.TREE, index, problem);
  }

  @Override
  public String shard() {
    return shard;
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public long size() {
    return head.size();
  }

  @Override
  public List<byte[]> records(long n, int width) throws VerifyFailure {
    long from = n * TilePath.FULL;
    List<byte[]> records = new ArrayList<>(width);
    try {
      reader.forEachRecord(
          shard,
          from,
          from + width,
          (index, record) -> index == from + records.size() && records.add(record));
    } catch (IOException e) {
      throw wrong(-1, e.getMessage());
    }
    return records;
  }

  @Override
  public byte[] tile(int level, long n, int width) throws VerifyFailure {
    try {
      return reader.tile(shard, level, n, width);
    } catch (StoreException e) {
      throw wrong(-1, e.getMessage());
    }
  }

  @Override
  public void finish(byte[] root) throws VerifyFailure {
    if (!Arrays.equals(root, head.root()) || !Arrays.equals(head.frontier().root(), head.root())) {
      throw wrong(Math.max(0, head.size() - 1), "the stored tree head does not match the records");
    }
  }

  @Override
  public StoredCheckpoint nextCheckpoint() throws VerifyFailure {
    if (ahead.isEmpty()) {
      try {
        reader.forEachCheckpoint(
            shard,
            nextSize,
            Long.MAX_VALUE,
            (size, note) -> {
              ahead.add(new StoredCheckpoint(size, note));
              nextSize = size + 1;
              return ahead.size() < CHECKPOINTS_AT_ONCE;
            });
      } catch (IOException e) {
        throw wrong(-1, e.getMessage());
      }
    }
    return ahead.poll();
  }
}
