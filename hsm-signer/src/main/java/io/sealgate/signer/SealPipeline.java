package io.sealgate.signer;

import io.sealgate.log.LogOrigin;
import io.sealgate.log.NoteException;
import io.sealgate.log.SignedNote;
import io.sealgate.log.store.LogWriter;
import io.sealgate.signer.ipc.SealWire;
import io.sealgate.signer.ipc.ShardCode;
import io.sealgate.signer.token.TokenException;
import io.sealgate.signer.token.TokenFault;
import io.sealgate.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * One batch from its first record to its receipts:
 *
 * <pre>
 *   writer   begin  append*  checkpoint  write pages     await  COMMIT         await  release
 *   token                        '---------- sign ---------'-- verify ------------'
 * </pre>
 *
 * <p>No signature leaves this object before the commit that stores it. Owned by the writer thread.
 */
final class SealPipeline implements AutoCloseable {
  private final SigningSlots slots;

  /** What signs each record, or null in batch mode. */
  private final RecordSeal recordSeal;

  /** The shard that is written, or null between one that was closed and the next. */
  private LogWriter log;

  private int shard;
  private long sealedSize;
  private int records;

  /** A pipeline into a shard, whose key name the slots take. */
  SealPipeline(LogWriter log, SigningSlots slots, RecordSeal recordSeal) throws SignerException {
    this.slots = slots;
    this.recordSeal = recordSeal;
    enter(log);
  }

  /** Goes on in another shard. The one before must have been left. */
  void enter(LogWriter next) throws SignerException {
    for (SigningSlot slot : slots.slots()) {
      name(slot, next.origin());
    }
    log = next;
    shard = ShardCode.of(next.origin().shard());
    sealedSize = next.size();
  }

  /** Gives a slot's key the name that it has in a shard. */
  void name(SigningSlot slot, LogOrigin origin) throws SignerException {
    SignatureCheck old = slot.moveTo(origin);
    if (old != null) {
      slot.stage().close(old);
    }
  }

  /** Closes the shard; no batch can begin until another is entered. */
  void leave() throws StoreException {
    LogWriter left = log;
    log = null;
    left.close();
  }

  /** The shard that is written, or null between two. */
  LogWriter log() {
    return log;
  }

  SigningSlots slots() {
    return slots;
  }

  /** Starts a batch; on failure there is none. */
  void begin() throws StoreException {
    if (log == null) {
      throw new StoreException("the next shard of the log is not open yet; see the log for why");
    }
    records = 0;
    log.begin();
  }

  /** Longest record that makes a leaf. */
  int recordBytesMax() {
    return recordSeal == null ? LogWriter.RECORD_BYTES_MAX : RecordSeal.RECORD_BYTES_MAX;
  }

  /** Whether one more record can be signed in time; always, where only heads are signed. */
  boolean admits() {
    return recordSeal == null || recordSeal.admit();
  }

  /**
   * Adds a caller's record and returns its index.
   *
   * @throws TokenException in record mode, when it cannot be signed; the batch must be aborted
   */
  long append(byte[] record, int offset, int length) throws TokenException {
    records++;
    if (recordSeal == null) {
      return log.append(record, offset, length);
    }
    byte[] envelope = recordSeal.envelope(record, offset, length);
    return log.append(envelope, 0, envelope.length);
  }

  private void appendOwn(byte[] record) {
    records++;
    log.append(record, 0, record.length);
  }

  /** Drops the batch, if there is one. */
  void abort() {
    slots.forget();
    if (log != null) {
      log.abort();
    }
  }

  /**
   * Signs and commits the batch.
   *
   * @return what to say in the receipts, which may go out now
   * @throws TokenException no good signature came in time; the batch must be aborted
   * @throws StoreException the pages could not be written; the batch must be aborted
   * @throws SignerException the process must end
   */
  SealWire.Batch seal() throws TokenException, StoreException, SignerException {
    byte[] text = log.checkpointText();
    slots.askChecked(text);
    log.writePages();
    List<SigningSlots.Made> made = slots.await();
    dropWrong(made);
    long flushNanos = commit(text, made);
    boolean good = true;
    for (SigningSlots.Made one : made) {
      if (!result(one.good())) {
        SigningSlots.wrong(one.slot());
        good = false;
      }
    }
    if (!good) {
      repair();
    }
    for (SigningSlots.Made one : made) {
      one.slot().trust(one.slot().stage().trouble().isEmpty());
    }
    return new SealWire.Batch(log.size(), made.getFirst().nanos(), flushNanos, records, shard);
  }

  /** Waits for the checks of slots that are not trusted, and leaves their wrong signatures out. */
  private static void dropWrong(List<SigningSlots.Made> made)
      throws TokenException, SignerException {
    TokenException wrong = null;
    for (int i = made.size() - 1; i >= 0; i--) {
      SigningSlot slot = made.get(i).slot();
      if (!slot.trusted() && !result(made.get(i).good())) {
        wrong = SigningSlots.wrong(slot);
        made.remove(i);
      }
    }
    if (made.isEmpty()) {
      throw wrong;
    }
  }

  private static boolean result(Future<Boolean> good) throws SignerException {
    try {
      return good.get();
    } catch (ExecutionException e) {
      throw new SignerException(ExitCode.INTERNAL, "the signature check failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SignerException(ExitCode.INTERNAL, "interrupted at the signature check", e);
    }
  }

  private long commit(byte[] text, List<SigningSlots.Made> made) throws SignerException {
    try {
      List<SignedNote.SignatureLine> lines = new ArrayList<>(made.size());
      for (SigningSlots.Made one : made) {
        lines.add(SignedNote.SignatureLine.by(one.slot().key(), one.signature()));
      }
      SignedNote note = SignedNote.of(text, lines);
      long startNanos = System.nanoTime();
      log.commit(note.toBytes());
      sealedSize = log.size();
      return System.nanoTime() - startNanos;
    } catch (StoreException e) {
      throw new SignerException(
          ExitCode.COMMIT_FAILED,
          "the commit failed, the log is opened anew: " + e.getMessage(),
          e);
    } catch (NoteException e) {
      throw new SignerException(ExitCode.INTERNAL, "the signed note has no form", e);
    }
  }

  /**
   * A bad signature was committed, though its predecessor was good: the tree stands, so it is
   * signed again, checked first this time, and the new note takes the place of the bad one. Nothing
   * was released meanwhile.
   */
  private void repair() throws SignerException {
    try {
      log.begin();
      byte[] text = log.checkpointText();
      slots.ask(text);
      List<SigningSlots.Made> made = slots.await();
      made.removeIf(one -> !one.slot().key().verifies(text, one.signature()));
      if (made.isEmpty()) {
        throw new TokenException(TokenFault.DEVICE, "the token signs wrongly");
      }
      commit(text, made);
    } catch (TokenException | StoreException e) {
      throw new SignerException(
          ExitCode.TOKEN_UNAVAILABLE,
          "the last checkpoint has a bad signature and cannot be signed again: " + e.getMessage(),
          e);
    }
  }

  /** Seals records of the signer's own, all or none. */
  void sealOwn(List<byte[]> own) throws TokenException, StoreException, SignerException {
    begin();
    try {
      for (byte[] record : own) {
        appendOwn(record);
      }
      seal();
    } finally {
      abort();
    }
  }

  /** Seals the leaf that closes the shard, which may be full. */
  void sealLast(byte[] close) throws TokenException, StoreException, SignerException {
    records = 0;
    log.beginLast();
    try {
      appendOwn(close);
      seal();
    } finally {
      abort();
    }
  }

  /** Work for idle moments. */
  void maintain() throws StoreException {
    if (log != null) {
      log.maintain();
    }
  }

  /** Records sealed in the present shard. */
  long treeSize() {
    return sealedSize;
  }

  @Override
  public void close() throws StoreException {
    for (SigningSlot slot : slots.slots()) {
      if (slot.check() != null) {
        slot.stage().close(slot.check());
      }
    }
    if (log != null) {
      log.close();
    }
  }
}
