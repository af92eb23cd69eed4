package io.sealgate.store;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Small durable state in named tables of bytes, on one LMDB environment. Safe for any thread. A
 * write is atomic and on disk when it returns. Use after {@link #close} throws {@link
 * IllegalStateException}.
 */
public final class StateStore implements AutoCloseable {
  /** Most tables in one store. */
  public static final int TABLES_MAX = 32;

  /** Longest table name: lower-case letters, digits, '-' and '_', beginning with a letter. */
  public static final int TABLE_NAME_LENGTH_MAX = 32;

  private static final Pattern TABLE_NAME = Pattern.compile("[a-z][a-z0-9_-]{0,31}");

  /** Far above what small state needs; address space only, the file grows as it is used. */
  private static final long MAP_BYTES = 64L << 30;

  /** Free space below which nothing is written, so that no commit meets a full disk half way. */
  private static final long RESERVE_BYTES = 4L << 20;

  /** Threads that may read at once; a slot takes 64 bytes of the lock file. */
  private static final int READERS_MAX = 512;

  /** One snapshot of a scan: bounded so that no read transaction pins pages for long. */
  private static final int SCAN_ENTRIES_MAX = 256;

  private static final long SCAN_BYTES_MAX = 1L << 20;

  private final StoreEnv env;
  private final ReentrantLock writer = new ReentrantLock();

  private StateStore(StoreEnv env) {
    this.env = env;
  }

  /**
   * Opens the store in {@code dir}, created with mode 0700 if absent.
   *
   * @throws StoreException if another process or handle has it open, or on disk trouble
   */
  public static StateStore open(Path dir) throws StoreException {
    return open(dir, MAP_BYTES);
  }

  static StateStore open(Path dir, long mapBytes) throws StoreException {
    StoreEnv env =
        StoreEnv.openWriter(dir, new StoreOptions(mapBytes, READERS_MAX, TABLES_MAX, false));
    StoreEnv unowned = env;
    try {
      if (env.isSuspect()) {
        // The state has no hashes to check; that every page can be read is what can be known.
        env.readAll();
        env.trust();
      }
      unowned = null;
      return new StateStore(env);
    } finally {
      if (unowned != null) {
        unowned.close();
      }
    }
  }

  /**
   * The value of a key, or null if there is none; the array is the caller's.
   *
   * @throws UncheckedIOException with a {@link StoreException} if the store cannot be read
   */
  public byte[] get(String table, byte[] key) {
    checkTable(table);
    try {
      return env.get(table, key);
    } catch (StoreException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Applies what {@code work} puts into the batch as one durable transaction; an empty batch
   * touches no disk. Writers take turns for the whole call, so {@code work} may read the store and
   * base its changes on what it read; it sees none of its own changes. If {@code work} throws,
   * nothing is written.
   *
   * @throws StoreException if nothing was written: disk trouble or a full store
   * @throws IllegalStateException after close, or when called from within {@code work}
   */
  public void write(Consumer<Batch> work) throws StoreException {
    if (writer.isHeldByCurrentThread()) {
      throw new IllegalStateException("a write inside a write; put all changes into one batch");
    }
    writer.lock();
    try {
      Batch batch = new Batch();
      work.accept(batch);
      if (!batch.changes().isEmpty()) {
        apply(batch.changes());
      }
    } finally {
      writer.unlock();
    }
  }

  private void apply(List<Batch.Change> changes) throws StoreException {
    long usable = env.usableVolumeBytes();
    if (usable < RESERVE_BYTES) {
      throw new StoreException(
          "the volume of "
              + env.dir()
              + " has "
              + usable
              + " bytes left, below the reserve of "
              + RESERVE_BYTES
              + "; free space or grow the volume");
    }
    int valueBytesMax = 0;
    for (Batch.Change change : changes) {
      env.createTables(change.table());
      if (change.value() != null) {
        valueBytesMax = Math.max(valueBytesMax, change.value().length);
      }
    }
    ByteBuffer key = ByteBuffer.allocateDirect(StoreEnv.KEY_BYTES_MAX);
    ByteBuffer value = ByteBuffer.allocateDirect(valueBytesMax);
    WriteTransaction transaction = env.beginWrite();
    try {
      for (Batch.Change change : changes) {
        key.clear().put(change.key()).flip();
        if (change.value() == null) {
          transaction.delete(change.table(), key);
        } else {
          value.clear().put(change.value()).flip();
          transaction.put(change.table(), key, value);
        }
      }
      transaction.commit();
    } finally {
      transaction.abort();
    }
  }

  /**
   * Visits entries in ascending order of unsigned key bytes until the visitor answers false. An
   * empty start key means the first entry. Entries are read in small groups, each one snapshot; the
   * visitor runs outside any transaction and may use the store.
   *
   * @throws UncheckedIOException with a {@link StoreException} if the store cannot be read
   */
  public void scan(String table, byte[] fromKeyInclusive, BiPredicate<byte[], byte[]> visitor) {
    checkTable(table);
    byte[] from = fromKeyInclusive;
    boolean inclusive = true;
    while (true) {
      List<StoreEnv.Entry> page;
      try {
        page = env.page(table, from, inclusive, SCAN_ENTRIES_MAX, SCAN_BYTES_MAX);
      } catch (StoreException e) {
        throw new UncheckedIOException(e);
      }
      if (page.isEmpty()) {
        return;
      }
      for (StoreEnv.Entry entry : page) {
        // The last key is kept apart from what the visitor gets, which it may change.
        from = entry.key().clone();
        if (!visitor.test(entry.key(), entry.value())) {
          return;
        }
      }
      inclusive = false;
    }
  }

  /** Waits for running calls, then closes. Idempotent. Not to be called from within a write. */
  @Override
  public void close() throws StoreException {
    if (writer.isHeldByCurrentThread()) {
      throw new IllegalStateException("close inside a write");
    }
    writer.lock();
    try {
      env.close();
    } finally {
      writer.unlock();
    }
  }

  static void checkTable(String table) {
    if (!TABLE_NAME.matcher(table).matches()) {
      throw new IllegalArgumentException("not a table name: " + table);
    }
  }
}
