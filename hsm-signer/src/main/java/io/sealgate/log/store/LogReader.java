package io.sealgate.log.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.LogOrigin;
import io.sealgate.log.Merkle;
import io.sealgate.log.NodeSource;
import io.sealgate.log.NoteException;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TilePath;
import io.sealgate.log.TileStack;
import io.sealgate.store.StoreEnv;
import io.sealgate.store.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads all shards of a log while the signer may be writing, in the same or another process. Safe
 * for any thread; every call is one or more short read transactions. Arrays handed out are the
 * caller's. Shards that appear later are seen.
 */
public final class LogReader implements AutoCloseable {
  /** Records of one read transaction in a walk over many. */
  private static final int PAGE_RECORDS = 256;

  private static final long PAGE_BYTES = 1L << 20;

  private final Path logDir;
  private final CosignedHeads cosigned;
  private final Map<String, StoreEnv> shards = new HashMap<>();
  private boolean closed;

  private LogReader(Path logDir, CosignedHeads cosigned) {
    this.logDir = logDir;
    this.cosigned = cosigned;
  }

  /** Visits records in order. */
  @FunctionalInterface
  public interface RecordVisitor {
    /** One record; false stops the walk. */
    boolean record(long index, byte[] record) throws IOException;
  }

  /** Visits checkpoints by ascending tree size. */
  @FunctionalInterface
  public interface CheckpointVisitor {
    /** One signed note; false stops the walk. */
    boolean checkpoint(long size, byte[] note) throws IOException;
  }

  /** A reader of the shards below {@code logDir}, which need not exist yet. */
  public static LogReader open(Path logDir) {
    return new LogReader(logDir, null);
  }

  /**
   * A reader of the log of a data folder that adds what witnesses said ({@link CosignedHeads}) to
   * the log's own signatures.
   */
  public static LogReader openCosigned(Path dataDir) {
    return new LogReader(dataDir.resolve("log"), CosignedHeads.of(dataDir));
  }

  /**
   * Names of the shards there are, oldest first. Shards that were deleted are let go of, which
   * gives their disk back.
   */
  public List<String> shards() throws StoreException {
    releaseDeleted();
    if (!Files.isDirectory(logDir)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(logDir)) {
      return entries
          .filter(path -> Files.isRegularFile(path.resolve("data.mdb")))
          .map(path -> path.getFileName().toString())
          .filter(LogOrigin::isShard)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new StoreException("cannot list the shards in " + logDir + ": " + e, e);
    }
  }

  private synchronized void releaseDeleted() throws StoreException {
    Iterator<Map.Entry<String, StoreEnv>> open = shards.entrySet().iterator();
    while (open.hasNext()) {
      Map.Entry<String, StoreEnv> shard = open.next();
      if (!Files.exists(logDir.resolve(shard.getKey()).resolve("data.mdb"))) {
        open.remove();
        shard.getValue().close();
      }
    }
  }

  private synchronized StoreEnv shard(String name) throws StoreException {
    if (closed) {
      throw new IllegalStateException("the log reader is closed");
    }
    StoreEnv env = shards.get(name);
    if (env == null) {
      if (!LogOrigin.isShard(name)) {
        throw new StoreException("'" + name + "' is not the name of a shard");
      }
      env = StoreEnv.openReader(logDir.resolve(name), LogTables.options(LogTables.MAP_BYTES));
      shards.put(name, env);
    }
    return env;
  }

  /** The origin line of a shard, or null in one that is only just being made. */
  public String origin(String shard) throws StoreException {
    byte[] origin = shard(shard).get(LogTables.STATE, LogTables.STATE_ORIGIN);
    return origin == null ? null : new String(origin, UTF_8);
  }

  /** Sealed records in a shard. */
  public long size(String shard) throws StoreException {
    TreeHead head = head(shard);
    return head == null ? 0 : head.size();
  }

  /** Records stored, sealed or not. */
  long storedRecords(String shard) throws StoreException {
    StoreEnv.Entry last = shard(shard).last(LogTables.RECORDS);
    return last == null ? 0 : LogTables.index(last.key()) + 1;
  }

  /** The greatest size a checkpoint is filed under, 0 if there is none. */
  long storedCheckpointSize(String shard) throws StoreException {
    StoreEnv.Entry last = shard(shard).last(LogTables.CHECKPOINTS);
    return last == null ? 0 : LogTables.index(last.key());
  }

  TreeHead head(String shard) throws StoreException {
    return TreeHead.read(shard(shard));
  }

  /** A record's exact bytes, or null beyond the end. */
  public byte[] record(String shard, long index) throws StoreException {
    return shard(shard).get(LogTables.RECORDS, LogTables.indexKey(index));
  }

  /** The note over the whole shard, or null before the first. */
  public byte[] latestCheckpoint(String shard) throws StoreException {
    StoreEnv.Entry last = shard(shard).last(LogTables.CHECKPOINTS);
    return last == null ? null : cosigned(shard, last.value());
  }

  /**
   * The newest note of the shard that a quorum of witnesses cosigned; where none is or witnesses
   * are not read, as {@link #latestCheckpoint}. It is what others are shown.
   */
  public byte[] publicCheckpoint(String shard) throws StoreException {
    byte[] note = checkpointAt(shard, covered(shard));
    return note == null ? latestCheckpoint(shard) : note;
  }

  /**
   * Records under the newest head that a quorum of witnesses cosigned, unverified; 0 where there is
   * none, witnesses are not read, or what they cosigned is no head of this log.
   */
  public long covered(String shard) throws StoreException {
    SignedNote head = cosignedHead(shard);
    if (head == null) {
      return 0;
    }
    try {
      long size = Checkpoint.parse(head.text()).size();
      byte[] note = shard(shard).get(LogTables.CHECKPOINTS, LogTables.indexKey(size));
      return note != null && isOver(note, head.text()) ? size : 0;
    } catch (NoteException e) {
      throw new StoreException("a cosigned head cannot be read: " + e.getMessage(), e);
    }
  }

  /** The note over the first {@code size} records, or null if none was signed at that size. */
  public byte[] checkpointAt(String shard, long size) throws StoreException {
    return cosigned(shard, shard(shard).get(LogTables.CHECKPOINTS, LogTables.indexKey(size)));
  }

  /** The first note that covers a record, or null if the record is not sealed. */
  public byte[] checkpointCovering(String shard, long index) throws StoreException {
    List<StoreEnv.Entry> page =
        shard(shard).page(LogTables.CHECKPOINTS, LogTables.indexKey(index), false, 1, 1);
    return page.isEmpty() ? null : cosigned(shard, page.getFirst().value());
  }

  private byte[] cosigned(String shard, byte[] note) throws StoreException {
    return note == null ? null : cosigned(cosignedHead(shard), note);
  }

  private SignedNote cosignedHead(String shard) throws StoreException {
    try {
      return cosigned == null ? null : cosigned.head(shard);
    } catch (IOException e) {
      throw new StoreException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The note with the signatures of the head beside its own if both are of one text. */
  private static byte[] cosigned(SignedNote head, byte[] note) throws StoreException {
    if (head == null) {
      return note;
    }
    if (!isOver(note, head.text())) {
      return note;
    }
    try {
      return SignedNote.parse(note).with(head.signatures()).toBytes();
    } catch (NoteException e) {
      throw new StoreException("a stored checkpoint cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean isOver(byte[] note, byte[] text) {
    return note.length > text.length
        && Arrays.equals(note, 0, text.length, text, 0, text.length)
        && note[text.length] == '\n';
  }

  /** Walks the records {@code [from, to)}, as far as they exist. */
  public void forEachRecord(String shard, long from, long to, RecordVisitor visitor)
      throws IOException {
    walk(shard, LogTables.RECORDS, from, to, visitor);
  }

  /** Walks the checkpoints with {@code from <= size < to}. */
  public void forEachCheckpoint(String shard, long from, long to, CheckpointVisitor visitor)
      throws IOException {
    SignedNote head = cosignedHead(shard);
    walk(
        shard,
        LogTables.CHECKPOINTS,
        from,
        to,
        (size, note) -> visitor.checkpoint(size, cosigned(head, note)));
  }

  private void walk(String shard, String table, long from, long to, RecordVisitor visitor)
      throws IOException {
    StoreEnv env = shard(shard);
    long next = from;
    while (next < to) {
      int most = (int) Math.min(PAGE_RECORDS, to - next);
      List<StoreEnv.Entry> page = env.page(table, LogTables.indexKey(next), true, most, PAGE_BYTES);
      if (page.isEmpty()) {
        return;
      }
      for (StoreEnv.Entry entry : page) {
        long index = LogTables.index(entry.key());
        if (index >= to || !visitor.record(index, entry.value())) {
          return;
        }
        next = index + 1;
      }
    }
  }

  /**
   * The tile at a C2SP path, hashes or records, or null where the shard has fewer than {@code
   * width} of them.
   */
  public byte[] tile(String shard, TilePath path) throws StoreException {
    return path.level() == TilePath.ENTRIES
        ? entries(shard, path.n(), path.width())
        : tile(shard, path.level(), path.n(), path.width());
  }

  /** The first {@code width} hashes of a tile, or null if it has fewer. */
  public byte[] tile(String shard, int level, long n, int width) throws StoreException {
    byte[] hashes = level < TileStack.LEVELS ? new StoredTiles(shard(shard)).tile(level, n) : null;
    int bytes = width * Merkle.HASH_BYTES;
    return hashes == null || hashes.length < bytes ? null : Arrays.copyOf(hashes, bytes);
  }

  /**
   * The first {@code width} records of a bundle, each behind its length as 16 bits; null if there
   * are fewer.
   */
  public byte[] entries(String shard, long n, int width) throws StoreException {
    if (n > Long.MAX_VALUE / TilePath.FULL - 1) {
      return null;
    }
    ByteArrayOutputStream bundle = new ByteArrayOutputStream();
    long from = n * TilePath.FULL;
    long[] next = {from};
    try {
      forEachRecord(
          shard,
          from,
          from + width,
          (index, record) -> {
            if (index != next[0]) {
              return false;
            }
            next[0]++;
            bundle.write(record.length >> 8);
            bundle.write(record.length);
            bundle.writeBytes(record);
            return true;
          });
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw new StoreException("cannot read bundle " + n, e);
    }
    return next[0] == from + width ? bundle.toByteArray() : null;
  }

  /** The tree's nodes, for proofs about any sealed size. */
  public NodeSource nodes(String shard) throws StoreException {
    return new StoredTiles(shard(shard));
  }

  /**
   * Copies a shard as of one moment, compacted, while it is read and written.
   *
   * @param target a directory that does not exist or is empty; holds nothing of it if this throws
   */
  public void backup(String shard, Path target) throws StoreException {
    shard(shard).backup(target);
  }

  /** Closes all shards; later calls throw {@link IllegalStateException}. Idempotent. */
  @Override
  public synchronized void close() throws StoreException {
    closed = true;
    for (StoreEnv env : shards.values()) {
      env.close();
    }
    shards.clear();
  }
}
