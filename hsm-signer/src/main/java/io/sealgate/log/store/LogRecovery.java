package io.sealgate.log.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.Frontier;
import io.sealgate.log.LogOrigin;
import io.sealgate.log.Merkle;
import io.sealgate.log.NoteException;
import io.sealgate.log.NoteVerifier;
import io.sealgate.log.TilePath;
import io.sealgate.log.TileStack;
import io.sealgate.store.StoreEnv;
import io.sealgate.store.StoreException;
import io.sealgate.store.WriteTransaction;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Brings a shard up: makes a new one, or checks that what is stored is one signed tree. */
final class LogRecovery {
  private final StoreEnv env;
  private final LogOrigin origin;
  private final NoteVerifier keys;
  private final StoredTiles tiles;

  LogRecovery(StoreEnv env, LogOrigin origin, NoteVerifier keys) {
    this.env = env;
    this.origin = origin;
    this.keys = keys;
    this.tiles = new StoredTiles(env);
  }

  /** The frontier of the sealed tree. */
  Frontier recover(int tailRecords) throws StoreException {
    env.createTables(LogTables.RECORDS, LogTables.TILES, LogTables.CHECKPOINTS, LogTables.STATE);
    TreeHead head = TreeHead.read(env);
    if (head == null) {
      if (env.last(LogTables.RECORDS) != null || env.last(LogTables.CHECKPOINTS) != null) {
        throw damaged("records without a tree head");
      }
      return createShard();
    }
    checkIdentity();
    checkTree(head);
    checkCheckpoint(head);
    checkTail(head.size(), tailRecords);
    return head.frontier();
  }

  /**
   * Recomputes every leaf hash and tile from the records, and the root the last checkpoint signs,
   * without writing: what {@link #recover} checks of the tail, for all of the shard.
   */
  void verifyWhole() throws StoreException {
    TreeHead head = TreeHead.read(env);
    if (head == null) {
      if (env.last(LogTables.RECORDS) != null) {
        throw damaged("records without a tree head");
      }
      return;
    }
    checkIdentity();
    checkTree(head);
    checkCheckpoint(head);
    Frontier frontier = new Frontier();
    TileStack stack = new TileStack();
    for (long index = 0; index < head.size(); index++) {
      byte[] record = env.get(LogTables.RECORDS, LogTables.indexKey(index));
      if (record == null) {
        throw damaged("record " + index + " is missing");
      }
      frontier.append(record, 0, record.length, stack);
      for (TileStack.FullTile tile : stack.filled()) {
        checkTile(tile.level(), tile.n(), tile.hashes(), TilePath.FULL);
      }
      stack.save();
    }
    for (int level = 0; level < TileStack.LEVELS; level++) {
      TileStack.OpenTile tile = stack.open(level);
      if (tile.width() > 0) {
        checkTile(level, tile.n(), tile.hashes(), tile.width());
      }
    }
    if (!Arrays.equals(frontier.root(), head.root())) {
      throw damaged("the records do not give the stored root");
    }
  }

  private void checkTile(int level, long n, byte[] hashes, int width) throws StoreException {
    byte[] stored = tiles.tile(level, n);
    int bytes = width * Merkle.HASH_BYTES;
    if (stored == null
        || stored.length < bytes
        || !Arrays.equals(stored, 0, bytes, hashes, 0, bytes)) {
      throw damaged("tile " + level + "/" + n + " does not match the records");
    }
  }

  private Frontier createShard() throws StoreException {
    Frontier empty = new Frontier();
    ByteBuffer head = ByteBuffer.allocate(TreeHead.BYTES_MAX);
    TreeHead.encode(empty, empty.root(), head);
    WriteTransaction transaction = env.beginWrite();
    try {
      put(transaction, LogTables.STATE_FORMAT, new byte[] {LogTables.FORMAT});
      put(transaction, LogTables.STATE_ORIGIN, origin.name().getBytes(UTF_8));
      put(transaction, LogTables.STATE_HEAD, Arrays.copyOf(head.array(), head.position()));
      transaction.commit();
    } finally {
      transaction.abort();
    }
    return empty;
  }

  private static void put(WriteTransaction transaction, byte[] key, byte[] value)
      throws StoreException {
    transaction.put(LogTables.STATE, direct(key), direct(value));
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private void checkIdentity() throws StoreException {
    byte[] format = env.get(LogTables.STATE, LogTables.STATE_FORMAT);
    if (format == null || format.length != 1 || format[0] != LogTables.FORMAT) {
      throw new StoreException(
          env.dir() + " has a layout this version does not know; use the version that wrote it");
    }
    byte[] stored = env.get(LogTables.STATE, LogTables.STATE_ORIGIN);
    if (stored == null || !Arrays.equals(stored, origin.name().getBytes(UTF_8))) {
      throw new StoreException(
          env.dir()
              + " is a shard of another log, not of "
              + origin.name()
              + "; check the log name in the configuration");
    }
  }

  private void checkTree(TreeHead head) throws StoreException {
    long size = head.size();
    if (!Arrays.equals(head.frontier().root(), head.root())) {
      throw damaged("the frontier does not give the stored root");
    }
    StoreEnv.Entry last = env.last(LogTables.RECORDS);
    long records = last == null ? 0 : LogTables.index(last.key()) + 1;
    if (records != size) {
      throw damaged("the tree has " + size + " records but " + records + " are stored");
    }
    byte[] hashes = head.frontier().hashes();
    int at = 0;
    for (int level = Long.SIZE - 2; level >= 0; level--) {
      if ((size >>> level & 1) == 1) {
        byte[] node = tiles.node(level, (size >>> level) - 1);
        if (!Arrays.equals(node, Arrays.copyOfRange(hashes, at, at + Merkle.HASH_BYTES))) {
          throw damaged("the tiles do not give the stored frontier");
        }
        at += Merkle.HASH_BYTES;
      }
    }
  }

  private void checkCheckpoint(TreeHead head) throws StoreException {
    StoreEnv.Entry last = env.last(LogTables.CHECKPOINTS);
    if (last == null) {
      if (head.size() > 0) {
        throw damaged("there are records but no checkpoint");
      }
      return;
    }
    try {
      Checkpoint checkpoint = keys.checkpoint(last.value());
      if (checkpoint.size() != head.size()
          || LogTables.index(last.key()) != head.size()
          || !Arrays.equals(checkpoint.root(), head.root())
          || !checkpoint.origin().equals(origin.name())) {
        throw damaged("the last checkpoint is not that of the stored tree");
      }
    } catch (NoteException e) {
      throw new StoreException(
          "the last checkpoint in "
              + env.dir()
              + " is not trusted: "
              + e.getMessage()
              + "; verify the log and the key before going on",
          e);
    }
  }

  private void checkTail(long size, int tailRecords) throws StoreException {
    for (long index = Math.max(0, size - tailRecords); index < size; index++) {
      byte[] record = env.get(LogTables.RECORDS, LogTables.indexKey(index));
      if (record == null) {
        throw damaged("record " + index + " is missing");
      }
      if (!Arrays.equals(Merkle.leafHash(record), tiles.node(0, index))) {
        throw damaged("record " + index + " does not match its leaf hash");
      }
    }
  }

  /** The tiles that are not full yet in a tree of that size. */
  TileStack openTiles(long size) throws StoreException {
    TileStack stack = new TileStack();
    for (int level = 0; level < TileStack.LEVELS; level++) {
      long hashes = size >>> level * TilePath.HEIGHT;
      long n = hashes / TilePath.FULL;
      int bytes = (int) (hashes % TilePath.FULL) * Merkle.HASH_BYTES;
      byte[] stored = bytes == 0 ? new byte[0] : tiles.tile(level, n);
      if (stored == null || stored.length < bytes) {
        throw damaged("tile " + level + "/" + n + " lacks hashes");
      }
      stack.load(level, n, Arrays.copyOf(stored, bytes));
    }
    return stack;
  }

  private StoreException damaged(String what) {
    return new StoreException(
        "shard " + env.dir() + " is damaged: " + what + "; verify the log before going on");
  }
}
