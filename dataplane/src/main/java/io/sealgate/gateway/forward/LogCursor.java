package io.sealgate.gateway.forward;

import io.sealgate.store.StateStore;
import io.sealgate.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A place in the log: the next record to be read.
 *
 * @param shard name of the shard; empty before the first
 * @param index index there
 */
record LogCursor(String shard, long index) {
  static final LogCursor START = new LogCursor("", 0);

  private static final String TABLE = "forwarded";

  /** The place that was kept under a name, else the log's start. */
  static LogCursor load(final StateStore store, final String name) {
    final byte[] kept = store.get(TABLE, name.getBytes(StandardCharsets.UTF_8));
    if (kept == null) {
      return START;
    }
    final ByteBuffer in = ByteBuffer.wrap(kept);
    final long index = in.getLong();
    return new LogCursor(StandardCharsets.UTF_8.decode(in).toString(), index);
  }

  /** Keeps the place durably under a name. */
  void save(final StateStore store, final String name) throws StoreException {
    final byte[] text = shard.getBytes(StandardCharsets.UTF_8);
    final byte[] value =
        ByteBuffer.allocate(Long.BYTES + text.length).putLong(index).put(text).array();
    store.write(batch -> batch.put(TABLE, name.getBytes(StandardCharsets.UTF_8), value));
  }
}
