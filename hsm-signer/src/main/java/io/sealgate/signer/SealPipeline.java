package io.sealgate.signer;

import io.sealgate.log.LogWriter;
import io.sealgate.log.NoteException;
import io.sealgate.log.SignedNote;
import io.sealgate.log.Vkey;
import io.sealgate.signer.ipc.SealWire;
import io.sealgate.signer.token.TokenException;
import io.sealgate.signer.token.TokenFault;
import io.sealgate.store.StoreException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One batch from its first record to its receipts:
 *
 * <pre>
 *   writer   begin  append*  checkpoint  write pages     await  COMMIT         await  release
 *   token                        '---------- sign ---------'
 *   checker                                                '-- verify -----------'
 * </pre>
 *
 * <p>No signature leaves this object before the commit that stores it. Owned by the writer thread.
 */
final class SealPipeline implements AutoCloseable {
  private final LogWriter log;
  private final Vkey key;
  private final SignStage signStage;
  private final SignatureCheck check;
  private final ExecutorService checker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("signer-verify").daemon(true).factory());

  /**
   * Whether the token's last signature was good, so that the next may be checked beside the commit.
   */
  private boolean trusted;

  private int records;

  SealPipeline(LogWriter log, Vkey key, SignStage signStage) {
    this.log = log;
    this.key = key;
    this.signStage = signStage;
    this.check = new SignatureCheck(key);
  }

  /** Starts a batch; on failure there is none. */
  void begin() throws StoreException {
    records = 0;
    log.begin();
  }

  /** Adds a record and returns its index. */
  long append(byte[] record, int offset, int length) {
    records++;
    return log.append(record, offset, length);
  }

  /** Drops the batch, if there is one. */
  void abort() {
    signStage.forget();
    log.abort();
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
    signStage.ask(text);
    log.writePages();
    SignStage.Signed signed = sign();
    Future<Boolean> good = checker.submit(() -> check.good(text, signed.signature()));
    if (!trusted) {
      requireGood(good);
    }
    long flushNanos = commit(text, signed.signature());
    if (!result(good)) {
      repair();
    }
    trusted = true;
    return new SealWire.Batch(log.size(), signed.nanos(), flushNanos, records);
  }

  private SignStage.Signed sign() throws TokenException {
    try {
      return signStage.await();
    } catch (TokenException e) {
      trusted = false;
      throw e;
    }
  }

  private void requireGood(Future<Boolean> good) throws TokenException, SignerException {
    if (!result(good)) {
      throw new TokenException(
          TokenFault.DEVICE, "the token's signature does not verify with the log's key");
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

  private long commit(byte[] text, byte[] signature) throws SignerException {
    try {
      SignedNote note = SignedNote.of(text, List.of(SignedNote.SignatureLine.by(key, signature)));
      long startNanos = System.nanoTime();
      log.commit(note.toBytes());
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
  private void repair() throws TokenException, SignerException {
    trusted = false;
    try {
      log.begin();
      byte[] text = log.checkpointText();
      signStage.ask(text);
      byte[] signature = signStage.await().signature();
      if (!key.verifies(text, signature)) {
        throw new TokenException(TokenFault.DEVICE, "the token signs wrongly");
      }
      commit(text, signature);
    } catch (TokenException | StoreException e) {
      throw new SignerException(
          ExitCode.TOKEN_UNAVAILABLE,
          "the last checkpoint has a bad signature and cannot be signed again: " + e.getMessage(),
          e);
    }
  }

  /** Seals records of the signer's own, all or none. */
  void sealOwn(List<byte[]> own) throws TokenException, StoreException, SignerException {
    try {
      begin();
      for (byte[] record : own) {
        append(record, 0, record.length);
      }
      seal();
    } finally {
      abort();
    }
  }

  /** Work for idle moments. */
  void maintain() throws StoreException {
    log.maintain();
  }

  /** Records sealed. */
  long treeSize() {
    return log.size();
  }

  @Override
  public void close() throws StoreException {
    checker.submit(check::close);
    checker.shutdown();
    log.close();
  }
}
