package io.sealgate.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The changes of one {@link StateStore#write} in the order they were asked for. Arrays are not
 * copied; the caller leaves them alone until the write returns. Valid only inside that call, on its
 * thread.
 */
public final class Batch {
  /** Most changes in one write. */
  public static final int CHANGES_MAX = 1 << 16;

  /** Most key and value bytes in one write. */
  public static final long BYTES_MAX = 64L << 20;

  private final List<Change> changes = new ArrayList<>();
  private long bytes;

  record Change(String table, byte[] key, byte[] value) {}

  Batch() {}

  /** Sets the value of a key; the table comes into being with its first key. */
  public void put(String table, byte[] key, byte[] value) {
    add(new Change(table, key, Objects.requireNonNull(value, "value")));
  }

  /** Removes a key; nothing happens if it is absent. */
  public void delete(String table, byte[] key) {
    add(new Change(table, key, null));
  }

  private void add(Change change) {
    StateStore.checkTable(change.table());
    StoreEnv.checkKey(change.key().length);
    bytes += change.key().length + (change.value() == null ? 0 : change.value().length);
    if (changes.size() == CHANGES_MAX || bytes > BYTES_MAX) {
      throw new IllegalArgumentException(
          "one write holds at most "
              + CHANGES_MAX
              + " changes and "
              + BYTES_MAX
              + " bytes; split it");
    }
    changes.add(change);
  }

  List<Change> changes() {
    return changes;
  }
}
