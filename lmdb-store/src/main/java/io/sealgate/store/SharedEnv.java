package io.sealgate.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/**
 * The one LMDB environment this process has for a directory, shared by all its holders. LMDB
 * forbids opening a directory twice in a process, and touching a closed environment kills the JVM;
 * so every use holds the read side of {@link #guard} and closing takes the write side.
 *
 * <p>A directory first opened by readers is reopened for writing when a writer comes; the readers
 * do not notice.
 */
final class SharedEnv {
  static final String DATA_FILE = "data.mdb";

  private static final Map<Path, SharedEnv> OPEN = new HashMap<>();

  final ReentrantReadWriteLock guard = new ReentrantReadWriteLock();

  private final Path dir;
  private final Map<String, Dbi<ByteBuffer>> tables = new ConcurrentHashMap<>();
  private final Object tableOpening = new Object();
  private StoreOptions options;
  private Env<ByteBuffer> env;
  private boolean writable;
  private boolean hasWriter;
  private int holders;
  private long pageBytes;

  private SharedEnv(Path dir, StoreOptions options) {
    this.dir = dir;
    this.options = options;
  }

  static SharedEnv acquire(Path dir, boolean write, StoreOptions options) throws StoreException {
    synchronized (OPEN) {
      Path key;
      try {
        key = dir.toRealPath();
      } catch (IOException e) {
        throw new StoreException("cannot open " + dir + ": " + e, e);
      }
      SharedEnv shared = OPEN.get(key);
      if (shared == null) {
        shared = new SharedEnv(key, options);
        shared.open(write);
        OPEN.put(key, shared);
      } else if (write) {
        if (shared.hasWriter) {
          throw new StoreException(dir + " is already open for writing in this process");
        }
        shared.makeWritable(options);
      }
      shared.holders++;
      shared.hasWriter |= write;
      return shared;
    }
  }

  void release(boolean writer) {
    synchronized (OPEN) {
      if (writer) {
        hasWriter = false;
      }
      if (--holders == 0) {
        OPEN.remove(dir);
        guard.writeLock().lock();
        try {
          closeEnv();
        } finally {
          guard.writeLock().unlock();
        }
      }
    }
  }

  private void makeWritable(StoreOptions wanted) throws StoreException {
    guard.writeLock().lock();
    try {
      if (!writable) {
        reopenForWriting(wanted);
      }
    } finally {
      guard.writeLock().unlock();
    }
  }

  private void reopenForWriting(StoreOptions wanted) throws StoreException {
    StoreOptions before = options;
    closeEnv();
    options = wanted;
    try {
      open(true);
    } catch (StoreException e) {
      options = before;
      try {
        open(false);
      } catch (StoreException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private void closeEnv() {
    tables.clear();
    if (env != null) {
      env.close();
      env = null;
    }
  }

  private void open(boolean write) throws StoreException {
    EnvFlags[] flags =
        write
            ? new EnvFlags[] {EnvFlags.MDB_NOTLS}
            : new EnvFlags[] {EnvFlags.MDB_NOTLS, EnvFlags.MDB_RDONLY_ENV};
    Env<ByteBuffer> opened = null;
    try {
      opened =
          Env.create()
              .setMapSize(options.mapBytes())
              .setMaxDbs(options.tablesMax())
              .setMaxReaders(options.readersMax())
              .open(dir.toFile(), 0600, flags);
      pageBytes = opened.stat().pageSize;
      checkNotTruncated(opened);
      if (write) {
        // Slots of readers that were killed pin old pages until someone clears them.
        opened.readerCheck();
        setModes();
      }
      for (byte[] name : opened.getDbiNames()) {
        tables.put(new String(name, US_ASCII), existing(opened, name));
      }
      env = opened;
      writable = write;
      opened = null;
    } catch (LmdbException e) {
      throw StoreErrors.of(dir, "open", e);
    } catch (IOException e) {
      throw new StoreException("cannot open " + dir + ": " + e.getMessage(), e);
    } finally {
      if (opened != null) {
        tables.clear();
        opened.close();
      }
    }
  }

  /** Reading a page that the file does not hold would be a SIGBUS, not an exception. */
  private void checkNotTruncated(Env<ByteBuffer> opened) throws IOException {
    long usedBytes = (opened.info().lastPageNumber + 1) * pageBytes;
    long fileBytes = Files.size(dataFile());
    // LMDB counts its two meta pages as used before a new file holds them.
    if (fileBytes > 0 && fileBytes < usedBytes) {
      throw new StoreException(
          dataFile()
              + " is truncated: "
              + fileBytes
              + " bytes, but "
              + usedBytes
              + " are in use; restore it from a copy");
    }
  }

  private void setModes() throws IOException {
    String data = options.groupReads() ? "rw-r-----" : "rw-------";
    // A reader of another user registers itself in the lock file.
    String lock = options.groupReads() ? "rw-rw----" : "rw-------";
    setMode(dataFile(), PosixFilePermissions.fromString(data));
    setMode(dir.resolve("lock.mdb"), PosixFilePermissions.fromString(lock));
  }

  private static void setMode(Path file, Set<PosixFilePermission> mode) throws IOException {
    if (!Files.getPosixFilePermissions(file).equals(mode)) {
      Files.setPosixFilePermissions(file, mode);
    }
  }

  Path dir() {
    return dir;
  }

  Path dataFile() {
    return dir.resolve(DATA_FILE);
  }

  /** The environment. Only to be used while {@link #guard} is held. */
  Env<ByteBuffer> env() {
    if (env == null) {
      throw new IllegalStateException(dir + " could not be reopened; open it again");
    }
    return env;
  }

  long mapBytes() {
    return options.mapBytes();
  }

  long usedBytes() {
    return (env().info().lastPageNumber + 1) * pageBytes;
  }

  /** Names of the tables open by now. */
  Set<String> tableNames() {
    return Set.copyOf(tables.keySet());
  }

  /** The table of that name if it is open by now, else null. Only under {@link #guard}. */
  Dbi<ByteBuffer> openTable(String name) {
    return tables.get(name);
  }

  /**
   * The table of that name, or null where there is none yet and {@code create} is false. Only under
   * {@link #guard}, and outside any transaction of the caller: a transaction does not know tables
   * opened after it began, and creating one would wait for the caller's own write to end.
   */
  Dbi<ByteBuffer> table(String name, boolean create) throws StoreException {
    Dbi<ByteBuffer> table = tables.get(name);
    if (table != null) {
      return table;
    }
    // LMDB allows one thread at a time to open tables.
    synchronized (tableOpening) {
      table = tables.get(name);
      if (table != null) {
        return table;
      }
      byte[] bytes = name.getBytes(US_ASCII);
      try {
        table = create ? env().openDbi(bytes, DbiFlags.MDB_CREATE) : existing(env(), bytes);
      } catch (Dbi.KeyNotFoundException _) {
        return null;
      } catch (LmdbException e) {
        if (create && StoreErrors.isFlushFailure(e)) {
          SuspectMark.set(dir, e);
        }
        throw StoreErrors.of(dir, "open table " + name, e);
      }
      tables.put(name, table);
      return table;
    }
  }

  /** Opens a table in a read transaction, which waits for no writer. */
  private static Dbi<ByteBuffer> existing(Env<ByteBuffer> env, byte[] name) {
    try (Txn<ByteBuffer> txn = env.txnRead()) {
      Dbi<ByteBuffer> table = env.openDbi(txn, name, null, false);
      // The handle outlives the transaction only if that is committed.
      txn.commit();
      return table;
    }
  }
}
