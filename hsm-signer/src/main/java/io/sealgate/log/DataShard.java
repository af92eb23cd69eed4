package io.sealgate.log;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A shard in its LMDB environment. */
final class DataShard implements ShardSource {
  private static final int CHECKPOINTS_AT_ONCE = 256;

  private final LogReader reader;
  private final String shard;
  private final Deque<StoredCheckpoint> ahead = new ArrayDeque<>();
  private long nextSize;

  DataShard(LogReader reader, String shard) {
    this.reader = reader;
    this.shard = shard;
  }

  @Override
  public String shard() {
    return shard;
  }

  @Override
  public List<byte[]> records(long n, int width) throws IOException {
    long from = n * TilePath.FULL;
    List<byte[]> records = new ArrayList<>(width);
    reader.forEachRecord(
        shard,
        from,
        from + width,
        (index, record) -> index == from + records.size() && records.add(record));
    return records;
  }

  @Override
  public byte[] tile(int level, long n, int width) throws IOException {
    return reader.tile(shard, level, n, width);
  }

  @Override
  public StoredCheckpoint nextCheckpoint() throws IOException {
    if (ahead.isEmpty()) {
      reader.forEachCheckpoint(
          shard,
          nextSize,
          Long.MAX_VALUE,
          (size, note) -> {
            ahead.add(new StoredCheckpoint(size, note));
            nextSize = size + 1;
            return ahead.size() < CHECKPOINTS_AT_ONCE;
          });
    }
    return ahead.poll();
  }
}
