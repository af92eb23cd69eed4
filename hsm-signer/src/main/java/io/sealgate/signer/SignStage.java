package io.sealgate.signer;

import io.sealgate.signer.token.SigningToken;
import io.sealgate.signer.token.TokenException;
import io.sealgate.signer.token.TokenFault;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one thread that touches the token and checks what it signs, and the clock that does not wait
 * for it for ever. A call into a module cannot be interrupted: when it hangs, batches fail at their
 * deadline and the process is ended from outside.
 */
final class SignStage implements AutoCloseable {
  /**
   * A signature and how long the token took for it.
   *
   * @param good whether it verifies, if that was asked for; it follows soon after
   */
  record Signed(byte[] signature, long nanos, Future<Boolean> good) {}

  private static final long CLOSE_WAIT_MILLIS = 5_000;

  private final SigningToken token;
  private final long deadlineNanos;
  private final ExecutorService thread;
  private CompletableFuture<Signed> asked;
  private long askedNanos;
  private volatile boolean calling;
  private volatile long callStartNanos;
  private volatile long goodNanos = System.nanoTime();
  private volatile String trouble = "";

  SignStage(SigningToken token, int deadlineMillis) {
    this.token = token;
    this.deadlineNanos = TimeUnit.MILLISECONDS.toNanos(deadlineMillis);
    this.thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("signer-sign").daemon(true).factory());
  }

  /**
   * The writer: asks for a signature. Fails at once while an earlier call hangs, so that a queue of
   * batches does not wait one deadline each.
   *
   * @param check verifies the signature once it was handed over, or null; this thread's from now on
   */
  void ask(byte[] text, SignatureCheck check) throws TokenException {
    long hangs = callNanos();
    if (hangs > deadlineNanos) {
      TokenException late = late(hangs);
      trouble = late.getMessage();
      throw late;
    }
    askedNanos = System.nanoTime();
    CompletableFuture<Signed> answer = new CompletableFuture<>();
    asked = answer;
    thread.execute(() -> answer(answer, text, check));
  }

  /** The writer: the signature last asked for, within its deadline. */
  Signed await() throws TokenException {
    try {
      long left = deadlineNanos - (System.nanoTime() - askedNanos);
      return asked.get(Math.max(left, 0), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      TokenException late = late(System.nanoTime() - askedNanos);
      trouble = late.getMessage();
      throw late;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TokenException known) {
        throw known;
      }
      throw new TokenException(TokenFault.DEVICE, "signing failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TokenException(TokenFault.DEVICE, "interrupted while signing", e);
    }
  }

  /**
   * The writer: gives up on what was asked for; the token's thread drops it if it has not begun.
   */
  void forget() {
    if (asked != null) {
      asked.cancel(false);
    }
  }

  /**
   * The supervisor: a signature over a nonce, to keep a session alive or to see a token come back.
   */
  void probe() {
    if (!calling) {
      thread.execute(this::prove);
    }
  }

  private void answer(CompletableFuture<Signed> answer, byte[] text, SignatureCheck check) {
    if (answer.isCancelled()) {
      return;
    }
    CompletableFuture<Boolean> good = new CompletableFuture<>();
    try {
      Signed signed = sign(text, good);
      answer.complete(signed);
      // The writer commits meanwhile, and this thread is awake.
      if (check != null) {
        good.complete(check.good(text, signed.signature()));
      }
    } catch (TokenException | RuntimeException | Error e) {
      answer.completeExceptionally(e);
      good.completeExceptionally(e);
    }
  }

  private Signed sign(byte[] text, Future<Boolean> good) throws TokenException {
    long startNanos = begin();
    try {
      byte[] signature = token.sign(text);
      good();
      return new Signed(signature, System.nanoTime() - startNanos, good);
    } catch (TokenException e) {
      trouble = e.getMessage();
      throw e;
    } finally {
      calling = false;
    }
  }

  /** The writer: this thread is done with a check that it was asked to make. */
  void close(SignatureCheck check) {
    thread.execute(check::close);
  }

  private void prove() {
    begin();
    try {
      token.prove();
      good();
    } catch (TokenException e) {
      trouble = e.getMessage();
    } finally {
      calling = false;
    }
  }

  private long begin() {
    long now = System.nanoTime();
    callStartNanos = now;
    calling = true;
    return now;
  }

  private void good() {
    goodNanos = System.nanoTime();
    trouble = "";
  }

  private TokenException late(long nanos) {
    return new TokenException(
        TokenFault.DEVICE,
        "the token has not answered for " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
  }

  /** The signature was made, but it is not the key's: the slot is sick until it proves itself. */
  void distrust(String why) {
    trouble = why;
  }

  /** How long the present call into the token has lasted; 0 when there is none. */
  long callNanos() {
    return calling ? System.nanoTime() - callStartNanos : 0;
  }

  /** How long ago the token last signed. */
  long sinceGoodNanos() {
    return System.nanoTime() - goodNanos;
  }

  /** What is wrong with the token, or an empty text. */
  String trouble() {
    return trouble;
  }

  /** Ends the thread and closes the token, unless a call hangs in it. */
  @Override
  public void close() {
    thread.execute(token::close);
    thread.shutdown();
    try {
      thread.awaitTermination(CLOSE_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
