package io.sealgate.store;

import java.nio.ByteBuffer;
import org.lmdbjava.Dbi;
import org.lmdbjava.LmdbException;
import org.lmdbjava.PutFlags;
import org.lmdbjava.Txn;

/**
 * The one open write transaction of a {@link StoreEnv}. Only the thread that began it may call it.
 * Keys and values are direct buffers, read from position to limit; their bytes are copied before a
 * call returns.
 */
public final class WriteTransaction {
  private final StoreEnv env;
  private final SharedEnv shared;
  private final Txn<ByteBuffer> txn;
  private final Thread owner = Thread.currentThread();
  private boolean ended;

  WriteTransaction(StoreEnv env, SharedEnv shared, Txn<ByteBuffer> txn) {
    this.env = env;
    this.shared = shared;
    this.txn = txn;
  }

  /** Puts or replaces. */
  public void put(String table, ByteBuffer key, ByteBuffer value) throws StoreException {
    put(table, key, value, false);
  }

  /** Puts a key that is greater than all others of the table. */
  public void append(String table, ByteBuffer key, ByteBuffer value) throws StoreException {
    put(table, key, value, true);
  }

  private void put(String table, ByteBuffer key, ByteBuffer value, boolean append)
      throws StoreException {
    checkOpen();
    StoreEnv.checkKey(key.remaining());
    try {
      Dbi<ByteBuffer> dbi = existing(table);
      boolean stored =
          append ? dbi.put(txn, key, value, PutFlags.MDB_APPEND) : dbi.put(txn, key, value);
      if (!stored) {
        throw new StoreException("cannot write in " + env.dir() + ": the key is not the greatest");
      }
    } catch (LmdbException e) {
      throw StoreErrors.of(env.dir(), "write", e);
    }
  }

  /** Deletes a key; false if there was none. */
  public boolean delete(String table, ByteBuffer key) throws StoreException {
    checkOpen();
    StoreEnv.checkKey(key.remaining());
    try {
      return existing(table).delete(txn, key);
    } catch (LmdbException e) {
      throw StoreErrors.of(env.dir(), "delete", e);
    }
  }

  private Dbi<ByteBuffer> existing(String table) {
    Dbi<ByteBuffer> dbi = shared.openTable(table);
    if (dbi == null) {
      throw new IllegalStateException("table " + table + " does not exist; create it first");
    }
    return dbi;
  }

  /**
   * Makes all writes durable: returns only after the disk has confirmed the flush. On an exception
   * nothing of the transaction is visible in this environment, but what the disk holds may be
   * unknown: then the directory is marked suspect and this process writes to it no more.
   */
  public void commit() throws StoreException {
    checkOpen();
    ended = true;
    try {
      txn.commit();
    } catch (LmdbException e) {
      if (StoreErrors.isFlushFailure(e)) {
        env.flushFailed(e);
      }
      throw StoreErrors.of(env.dir(), "commit", e);
    } finally {
      end();
    }
  }

  /** Drops all writes. Does nothing after commit or abort. */
  public void abort() {
    if (!ended) {
      checkOpen();
      ended = true;
      end();
    }
  }

  private void end() {
    try {
      txn.close();
    } finally {
      env.ended(this);
    }
  }

  private void checkOpen() {
    if (ended) {
      throw new IllegalStateException("the write transaction has ended");
    }
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException("the write transaction belongs to thread " + owner.getName());
    }
  }
}
