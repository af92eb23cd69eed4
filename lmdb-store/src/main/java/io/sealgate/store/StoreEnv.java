package io.sealgate.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.GetOp;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Meta;
import org.lmdbjava.Txn;

/**
 * One handle on an LMDB directory: ordered tables of bytes, many readers, one writer, default
 * synchronous commits only. Reading is safe from any thread; each call is one short read
 * transaction and answers copies. Use after {@link #close} throws {@link IllegalStateException}.
 * Handles of one process on one directory share the environment, so a reader may live beside the
 * writer in one JVM as well as in another process.
 */
public final class StoreEnv implements AutoCloseable {
  /** Longest key in bytes (LMDB's own bound). */
  public static final int KEY_BYTES_MAX = 511;

  private static final String WRITER_LOCK = "writer.lock";
  private static final int KEY_BUFFERS_MAX = 64;
  private static final int READ_ENTRIES = 256;
  private static final long READ_BYTES = 1L << 20;
  private static final ArrayBlockingQueue<ByteBuffer> KEY_BUFFERS =
      new ArrayBlockingQueue<>(KEY_BUFFERS_MAX);

  private final SharedEnv shared;
  private final DirectoryLock lock;
  private final DataFile dataFile;
  private volatile boolean closed;
  private volatile boolean suspect;
  private WriteTransaction writing;

  private StoreEnv(SharedEnv shared, DirectoryLock lock) {
    this.shared = shared;
    this.lock = lock;
    this.dataFile = new DataFile(shared.dataFile());
  }

  /** A key and its value, both owned by the caller. */
  public record Entry(byte[] key, byte[] value) {}

  /**
   * Opens a directory for writing, creating it (mode 0700, or 0750 where the group reads) if
   * absent.
   *
   * <p>Where an earlier flush failed, the directory is open but {@link #isSuspect}: it can be read
   * and checked, and is written to only after {@link #trust}.
   *
   * @throws StoreException if another handle or process has it open for writing, on disk trouble,
   *     on a volume that keeps no promise ({@link Volume}), or after a failed flush in this process
   */
  public static StoreEnv openWriter(Path dir, StoreOptions options) throws StoreException {
    try {
      Files.createDirectories(
          dir,
          PosixFilePermissions.asFileAttribute(
              PosixFilePermissions.fromString(options.groupReads() ? "rwxr-x---" : "rwx------")));
    } catch (IOException e) {
      throw new StoreException("cannot create " + dir + ": " + e, e);
    }
    Volume.of(dir).requireFit(Volume.accepted());
    DirectoryLock lock = DirectoryLock.acquire(dir.resolve(WRITER_LOCK));
    try {
      boolean marked = refuseOrCheckSuspect(dir);
      SharedEnv shared = SharedEnv.acquire(dir, true, options);
      StoreEnv opened = new StoreEnv(shared, lock);
      opened.suspect = marked;
      lock = null;
      return opened;
    } finally {
      if (lock != null) {
        lock.close();
      }
    }
  }

  private static boolean refuseOrCheckSuspect(Path dir) throws StoreException {
    Path data = dir.resolve(SharedEnv.DATA_FILE);
    if (!SuspectMark.isSet(dir) || !Files.exists(data)) {
      return false;
    }
    if (SuspectMark.failedHere(dir)) {
      throw new StoreException(
          "a flush of " + dir + " failed in this process; end it, check the disk, start again");
    }
    CacheCheck.requireSame(data);
    return true;
  }

  /**
   * Whether a flush of this directory failed in an earlier process and nobody has vouched for its
   * content since.
   */
  public boolean isSuspect() {
    return suspect;
  }

  /** The caller has verified the content of a suspect directory: it may be written to again. */
  public void trust() throws StoreException {
    enter();
    try {
      SuspectMark.clear(dir());
      suspect = false;
    } finally {
      leave();
    }
  }

  /** Called when a commit failed in a way that leaves unknown what the disk holds. */
  void flushFailed(Throwable cause) {
    suspect = true;
    SuspectMark.set(dir(), cause);
  }

  private void requireTrusted() throws StoreException {
    if (suspect) {
      throw new StoreException(
          "a flush of " + dir() + " failed; nothing is written until its content is verified");
    }
  }

  /**
   * Copies the directory's data as of one moment into {@code target}, without its unused pages,
   * while reading and writing go on. A long copy keeps old pages from being used again, so the data
   * file may grow meanwhile.
   *
   * @param target a directory that does not exist or is empty; it holds data.mdb when this returns,
   *     and nothing when it throws
   */
  public void backup(Path target) throws StoreException {
    enter();
    try {
      Backup.copy(shared.env(), dir(), target);
    } finally {
      leave();
    }
  }

  /**
   * Opens an existing directory for reading.
   *
   * @throws StoreException if it holds no data, is damaged or may not be read
   */
  public static StoreEnv openReader(Path dir, StoreOptions options) throws StoreException {
    if (!Files.exists(dir.resolve(SharedEnv.DATA_FILE))) {
      throw new StoreException(dir + " holds no data.mdb; check the path");
    }
    return new StoreEnv(SharedEnv.acquire(dir, false, options), null);
  }

  /** The version of LMDB in use. */
  public static String lmdbVersion() {
    Meta.Version version = Meta.version();
    return version.major + "." + version.minor + "." + version.patch;
  }

  /** Directories below one that saw a flush fail and were not verified since. */
  public static List<Path> suspectsBelow(Path dir) throws StoreException {
    return SuspectMark.below(dir);
  }

  /** The directory. */
  public Path dir() {
    return shared.dir();
  }

  /** Bytes of the data file in use, counted from its start. */
  public long usedBytes() {
    enter();
    try {
      return shared.usedBytes();
    } finally {
      leave();
    }
  }

  /** Bytes of address space reserved for the data file. */
  public long mapBytes() {
    return shared.mapBytes();
  }

  /** Bytes that may still be written on the volume by this user. */
  public long usableVolumeBytes() throws StoreException {
    return dataFile.usableVolumeBytes();
  }

  /**
   * Writes {@code stepBytes} zeros past the end of the data file and flushes them, if fewer than
   * {@code aheadBytes} of it are unused. Later commits then need not grow the file. Writer thread
   * only, outside a write transaction.
   *
   * @return bytes added, 0 when enough are ahead
   */
  public long prefill(long aheadBytes, int stepBytes) throws StoreException {
    enter();
    try {
      if (lock == null || writing != null) {
        throw new IllegalStateException("only the writer may prefill, outside a transaction");
      }
      requireTrusted();
      return dataFile.prefill(shared.usedBytes(), aheadBytes, stepBytes, shared.mapBytes());
    } finally {
      leave();
    }
  }

  /** Makes sure the tables exist. Writer only, outside a write transaction. */
  public void createTables(String... names) throws StoreException {
    enter();
    try {
      if (lock == null || writing != null) {
        throw new IllegalStateException("only the writer may create tables, outside a transaction");
      }
      requireTrusted();
      for (String name : names) {
        shared.table(name, true);
      }
    } finally {
      leave();
    }
  }

  /** The value of a key, or null if there is none. */
  public byte[] get(String table, byte[] key) throws StoreException {
    ByteBuffer direct = keyBuffer(key);
    enter();
    try {
      Dbi<ByteBuffer> dbi = shared.table(table, false);
      if (dbi == null) {
        return null;
      }
      try (Txn<ByteBuffer> txn = shared.env().txnRead()) {
        ByteBuffer value = dbi.get(txn, direct);
        return value == null ? null : copy(value);
      }
    } catch (LmdbException e) {
      throw StoreErrors.of(dir(), "read", e);
    } finally {
      leave();
      KEY_BUFFERS.offer(direct);
    }
  }

  /** The entry with the greatest key, or null in an empty table. */
  public Entry last(String table) throws StoreException {
    enter();
    try {
      Dbi<ByteBuffer> dbi = shared.table(table, false);
      if (dbi == null) {
        return null;
      }
      try (Txn<ByteBuffer> txn = shared.env().txnRead();
          Cursor<ByteBuffer> cursor = dbi.openCursor(txn)) {
        return cursor.last() ? new Entry(copy(cursor.key()), copy(cursor.val())) : null;
      }
    } catch (LmdbException e) {
      throw StoreErrors.of(dir(), "read", e);
    } finally {
      leave();
    }
  }

  /**
   * Entries in ascending key order from {@code from} on, all of one snapshot.
   *
   * @param inclusive whether an entry with exactly the key {@code from} is part of the answer
   * @param entriesMax most entries to answer
   * @param bytesMax stops after the entry that reaches this sum of value bytes
   */
  public List<Entry> page(
      String table, byte[] from, boolean inclusive, int entriesMax, long bytesMax)
      throws StoreException {
    List<Entry> page = new ArrayList<>();
    // LMDB has no empty key; the smallest one is a single zero byte.
    ByteBuffer direct = keyBuffer(from.length == 0 ? new byte[1] : from);
    enter();
    try {
      Dbi<ByteBuffer> dbi = shared.table(table, false);
      if (dbi == null) {
        return page;
      }
      try (Txn<ByteBuffer> txn = shared.env().txnRead();
          Cursor<ByteBuffer> cursor = dbi.openCursor(txn)) {
        long bytes = 0;
        boolean found = cursor.get(direct, GetOp.MDB_SET_RANGE);
        while (found && page.size() < entriesMax && bytes < bytesMax) {
          byte[] key = copy(cursor.key());
          if (inclusive || !java.util.Arrays.equals(key, from)) {
            byte[] value = copy(cursor.val());
            page.add(new Entry(key, value));
            bytes += value.length;
          }
          found = cursor.next();
        }
      }
      return page;
    } catch (LmdbException e) {
      throw StoreErrors.of(dir(), "read", e);
    } finally {
      leave();
      KEY_BUFFERS.offer(direct);
    }
  }

  /** Reads every entry once and keeps none: throws where a page cannot be read. */
  void readAll() throws StoreException {
    for (String table : shared.tableNames()) {
      byte[] from = new byte[0];
      boolean inclusive = true;
      while (from != null) {
        List<Entry> page = page(table, from, inclusive, READ_ENTRIES, READ_BYTES);
        from = page.isEmpty() ? null : page.getLast().key();
        inclusive = false;
      }
    }
  }

  /**
   * Begins the write transaction. The calling thread owns it and must end it with commit or abort;
   * it has to be a platform thread, or one that does not block in between.
   */
  public WriteTransaction beginWrite() throws StoreException {
    enter();
    boolean begun = false;
    try {
      if (lock == null) {
        throw new IllegalStateException(dir() + " is open for reading only");
      }
      if (writing != null) {
        throw new IllegalStateException("a write transaction is already open");
      }
      requireTrusted();
      writing = new WriteTransaction(this, shared, shared.env().txnWrite());
      begun = true;
      return writing;
    } catch (LmdbException e) {
      throw StoreErrors.of(dir(), "begin a write", e);
    } finally {
      if (!begun) {
        leave();
      }
    }
  }

  void ended(WriteTransaction transaction) {
    if (writing == transaction) {
      writing = null;
      leave();
    }
  }

  /**
   * Aborts an open write transaction of this thread, waits for running reads and releases the
   * directory. Idempotent.
   */
  @Override
  public synchronized void close() throws StoreException {
    if (closed) {
      return;
    }
    WriteTransaction open = writing;
    if (open != null) {
      open.abort();
    }
    closed = true;
    shared.release(lock != null);
    if (lock != null) {
      lock.close();
    }
  }

  private void enter() {
    shared.guard.readLock().lock();
    if (closed) {
      shared.guard.readLock().unlock();
      throw new IllegalStateException(dir() + " is closed");
    }
  }

  private void leave() {
    shared.guard.readLock().unlock();
  }

  private static ByteBuffer keyBuffer(byte[] key) {
    checkKey(key.length);
    ByteBuffer direct = KEY_BUFFERS.poll();
    if (direct == null) {
      direct = ByteBuffer.allocateDirect(KEY_BYTES_MAX);
    }
    return direct.clear().put(key).flip();
  }

  static void checkKey(int length) {
    if (length < 1 || length > KEY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a key has 1 to " + KEY_BYTES_MAX + " bytes, not " + length);
    }
  }

  private static byte[] copy(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }
}
