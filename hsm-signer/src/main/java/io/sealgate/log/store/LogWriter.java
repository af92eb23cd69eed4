package io.sealgate.log.store;

import io.sealgate.log.Checkpoint;
import io.sealgate.log.EntryBundle;
import io.sealgate.log.Frontier;
import io.sealgate.log.LogOrigin;
import io.sealgate.log.Merkle;
import io.sealgate.log.NoteException;
import io.sealgate.log.NoteVerifier;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TilePath;
import io.sealgate.log.TileStack;
import io.sealgate.store.StoreEnv;
import io.sealgate.store.StoreException;
import io.sealgate.store.WriteTransaction;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * The only writer of one shard. Records are appended in batches; a batch becomes durable, with the
 * signed checkpoint over it, in one synchronous LMDB commit:
 *
 * <pre>
 *   IDLE --begin--> OPEN --writePages--> WRITTEN --commit--> IDLE
 *   OPEN, WRITTEN or BROKEN --abort--> IDLE
 *   writePages fails --> BROKEN, commit fails --> DEAD
 * </pre>
 *
 * One thread owns a writer from {@link #open} to {@link #close}.
 */
public final class LogWriter implements AutoCloseable {
  /** Longest record in bytes: an entry bundle has 16-bit lengths. */
  public static final int RECORD_BYTES_MAX = EntryBundle.RECORD_BYTES_MAX;

  /** Share of the map that may be used, in percent, before the shard must be closed. */
  public static final int MAP_USED_PERCENT_MAX = 80;

  private static final int STAGING_BYTES_INITIAL = 1 << 20;

  private enum State {
    IDLE,
    OPEN,
    WRITTEN,
    BROKEN,
    DEAD,
    CLOSED
  }

  private final StoreEnv env;
  private final LogOrigin origin;
  private final LogOptions options;
  private final Frontier frontier = new Frontier();
  private final Frontier sealed = new Frontier();
  private final TileStack tiles;
  private final byte[] scratch = new byte[RECORD_BYTES_MAX];
  private final byte[] root = new byte[Merkle.HASH_BYTES];
  private final ByteBuffer key = ByteBuffer.allocateDirect(1 + Long.BYTES);
  private final ByteBuffer value = ByteBuffer.allocateDirect(TileStack.TILE_BYTES);
  private ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES_INITIAL);
  private int[] ends = new int[1_024];
  private int records;
  private WriteTransaction transaction;
  private State state = State.IDLE;

  private LogWriter(
      StoreEnv env, LogOrigin origin, LogOptions options, Frontier head, TileStack tiles) {
    this.env = env;
    this.origin = origin;
    this.options = options;
    this.tiles = tiles;
    frontier.copyFrom(head);
    sealed.copyFrom(head);
  }

  /**
   * Opens the shard of {@code origin} below {@code logDir}, creating it if absent, and checks what
   * it holds: frontier against root and tiles, the last checkpoint's signature, the last records
   * against their leaf hashes.
   *
   * <p>After a failed flush of an earlier process it compares disk and cache, and recomputes the
   * whole tree from its records, before it writes again.
   *
   * @param logDir holds one directory a shard
   * @param keys the keys whose signature on the last checkpoint is accepted
   * @throws StoreException if another writer has it, the disk fails, or what is stored does not
   *     hold together
   */
  public static LogWriter open(Path logDir, LogOrigin origin, NoteVerifier keys, LogOptions options)
      throws StoreException {
    StoreEnv env =
        StoreEnv.openWriter(logDir.resolve(origin.shard()), LogTables.options(options.mapBytes()));
    try {
      LogRecovery recovery = new LogRecovery(env, origin, keys);
      if (env.isSuspect()) {
        recovery.verifyWhole();
        env.trust();
      }
      Frontier head = recovery.recover(options.tailRecords());
      LogWriter writer = new LogWriter(env, origin, options, head, recovery.openTiles(head.size()));
      writer.maintainFully();
      env = null;
      return writer;
    } finally {
      if (env != null) {
        env.close();
      }
    }
  }

  /** Records in the shard, those of the open batch included. */
  public long size() {
    return frontier.size();
  }

  /** The shard's origin. */
  public LogOrigin origin() {
    return origin;
  }

  /**
   * Starts a batch.
   *
   * @throws StoreException if the volume or the shard is too full to go on; nothing has changed
   */
  public void begin() throws StoreException {
    begin(false);
  }

  private void begin(boolean last) throws StoreException {
    require(State.IDLE);
    checkSpace(last);
    frontier.copyFrom(sealed);
    tiles.save();
    staging.clear();
    records = 0;
    state = State.OPEN;
  }

  /** Whether the map is used so far that the next shard must take over. */
  public boolean isFull() {
    return env.usedBytes() > env.mapBytes() / 100 * MAP_USED_PERCENT_MAX;
  }

  /** The last sealed record, or null in an empty shard. */
  public byte[] lastRecord() throws StoreException {
    StoreEnv.Entry last = env.last(LogTables.RECORDS);
    return last == null ? null : last.value();
  }

  /** As {@link #begin}, also into a shard that {@link #isFull}: for the leaf that closes it. */
  public void beginLast() throws StoreException {
    begin(true);
  }

  private void checkSpace(boolean last) throws StoreException {
    if (!last && isFull()) {
      throw new StoreException(
          "shard "
              + env.dir()
              + " uses more than "
              + MAP_USED_PERCENT_MAX
              + " % of its "
              + env.mapBytes()
              + " byte map; close it and begin the next shard");
    }
    long usable = env.usableVolumeBytes();
    if (usable < options.reserveBytes()) {
      throw new StoreException(
          "the volume of "
              + env.dir()
              + " has "
              + usable
              + " bytes left, below the reserve of "
              + options.reserveBytes()
              + "; free space or grow the volume");
    }
  }

  /** Whether a record of this length still fits into the open batch. */
  public boolean fits(int length) {
    return records < options.batchRecordsMax()
        && staging.position() + length <= options.batchBytesMax();
  }

  /**
   * Appends a record to the open batch; its bytes are copied.
   *
   * @return the record's index in the shard
   * @throws IllegalArgumentException if it is empty or longer than {@link #RECORD_BYTES_MAX}
   * @throws IllegalStateException if the batch is full, see {@link #fits}
   */
  public long append(byte[] record, int offset, int length) {
    require(State.OPEN);
    checkLength(length);
    stage(record, offset, length);
    long index = frontier.size();
    frontier.append(record, offset, length, tiles);
    return index;
  }

  /** As {@link #append(byte[], int, int)}. */
  public long append(DirectBuffer record, int offset, int length) {
    checkLength(length);
    record.getBytes(offset, scratch, 0, length);
    return append(scratch, 0, length);
  }

  private void checkLength(int length) {
    if (length < 1 || length > RECORD_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a record has 1 to " + RECORD_BYTES_MAX + " bytes, not " + length);
    }
    if (!fits(length)) {
      throw new IllegalStateException("the batch is full; commit it first");
    }
  }

  private void stage(byte[] record, int offset, int length) {
    if (staging.remaining() < length) {
      ByteBuffer larger =
          ByteBuffer.allocateDirect(
              Math.max(
                  staging.position() + length,
                  Math.min(options.batchBytesMax(), staging.capacity() * 2)));
      staging = larger.put(staging.flip());
    }
    staging.put(record, offset, length);
    if (records == ends.length) {
      ends = Arrays.copyOf(ends, records * 2);
    }
    ends[records++] = staging.position();
  }

  /** The text (C2SP tlog-checkpoint, UTF-8) to sign for the tree with the open batch. */
  public byte[] checkpointText() {
    require(State.OPEN, State.WRITTEN);
    frontier.root(root);
    return Checkpoint.of(origin.name(), frontier.size(), root).toBytes();
  }

  /**
   * Writes the batch's pages into an LMDB transaction. No more records can be appended; nothing is
   * durable yet. It may run while the token signs {@link #checkpointText}.
   *
   * @throws StoreException on disk trouble; {@link #abort} the batch
   */
  public void writePages() throws StoreException {
    require(State.OPEN);
    // Until all pages are written, half a batch must have no way to a commit.
    state = State.BROKEN;
    transaction = env.beginWrite();
    writeRecords();
    for (TileStack.FullTile tile : tiles.filled()) {
      putTile(tile.level(), tile.n(), tile.hashes(), TilePath.FULL);
    }
    for (int level = 0; level < TileStack.LEVELS; level++) {
      TileStack.OpenTile tile = tiles.open(level);
      if (tile.width() > 0 && tile.changed()) {
        putTile(level, tile.n(), tile.hashes(), tile.width());
      }
    }
    frontier.root(root);
    value.clear();
    TreeHead.encode(frontier, root, value);
    key.clear().put(LogTables.STATE_HEAD).flip();
    transaction.put(LogTables.STATE, key, value.flip());
    state = State.WRITTEN;
  }

  private void writeRecords() throws StoreException {
    long index = sealed.size();
    int start = 0;
    staging.flip();
    for (int i = 0; i < records; i++) {
      staging.limit(ends[i]).position(start);
      transaction.append(LogTables.RECORDS, key.clear().putLong(index++).flip(), staging);
      start = ends[i];
    }
  }

  private void putTile(int level, long n, byte[] hashes, int width) throws StoreException {
    key.clear().put((byte) level).putLong(n).flip();
    value.clear().put(hashes, 0, width * Merkle.HASH_BYTES).flip();
    transaction.put(LogTables.TILES, key, value);
  }

  /**
   * Makes the batch and its checkpoint durable in one synchronous commit. Only when this returns
   * may a record's index or the note be shown to anyone.
   *
   * @param signedNote the note over exactly {@link #checkpointText}
   * @throws IllegalArgumentException if the note is over another text or has no form; the batch
   *     stays open
   * @throws StoreException if it is unknown what the disk holds: this writer is dead and the
   *     process must stop
   */
  public void commit(byte[] signedNote) throws StoreException {
    require(State.OPEN, State.WRITTEN);
    checkNote(signedNote);
    if (state == State.OPEN) {
      writePages();
    }
    State after = State.DEAD;
    try {
      ByteBuffer note =
          signedNote.length <= value.capacity()
              ? value.clear()
              : ByteBuffer.allocateDirect(signedNote.length);
      note.put(signedNote).flip();
      transaction.put(LogTables.CHECKPOINTS, key.clear().putLong(frontier.size()).flip(), note);
      transaction.commit();
      after = State.IDLE;
    } finally {
      state = after;
      endTransaction();
    }
    sealed.copyFrom(frontier);
  }

  private void checkNote(byte[] signedNote) {
    try {
      if (!Arrays.equals(SignedNote.parse(signedNote).text(), checkpointText())) {
        throw new IllegalArgumentException("the note is not over this batch's checkpoint");
      }
    } catch (NoteException e) {
      throw new IllegalArgumentException("not a signed note: " + e.getMessage(), e);
    }
  }

  /** Drops the batch; the tree is as before {@link #begin}. Does nothing when no batch is open. */
  public void abort() {
    if (state == State.OPEN || state == State.WRITTEN || state == State.BROKEN) {
      endTransaction();
      frontier.copyFrom(sealed);
      tiles.restore();
      state = State.IDLE;
    }
  }

  private void endTransaction() {
    if (transaction != null) {
      transaction.abort();
      transaction = null;
    }
  }

  /**
   * Work for idle moments: writes zeros ahead of use, a few MiB a call, so that commits need not
   * grow the file. Skipped where the volume is near its reserve.
   *
   * @return the bytes written; 0 when there is nothing to do
   * @throws StoreException on disk trouble; the batch state is untouched
   */
  public long maintain() throws StoreException {
    require(State.IDLE);
    if (env.usableVolumeBytes() < options.reserveBytes() + options.prefillBytes()) {
      return 0;
    }
    return env.prefill(options.prefillBytes(), LogOptions.PREFILL_STEP_BYTES);
  }

  private void maintainFully() throws StoreException {
    while (maintain() > 0) {
      // Each step is bounded by the prefill size, so this ends.
    }
  }

  /** Aborts an open batch and releases the shard. Idempotent. */
  @Override
  public void close() throws StoreException {
    if (state != State.CLOSED) {
      abort();
      state = State.CLOSED;
      env.close();
    }
  }

  private void require(State wanted) {
    require(wanted, wanted);
  }

  private void require(State one, State other) {
    if (state == State.DEAD) {
      throw new IllegalStateException(
          "an earlier commit to "
              + origin.name()
              + " failed; stop this process and verify the log");
    }
    if (state != one && state != other) {
      throw new IllegalStateException("the writer is " + state + ", not " + one);
    }
  }
}
