package io.sealgate.gateway.call;

import io.sealgate.gateway.content.Content.Part;
import io.sealgate.gateway.content.Piece;
import io.sealgate.gateway.identity.Caller;
import io.sealgate.gateway.problem.Problem;
import io.sealgate.policy.Capture;
import java.security.SecureRandom;

/**
 * What is kept of one call beside its records, as its policies say. Where content is to be kept,
 * nothing is forwarded before the prompt is encrypted and on disk, and no last byte leaves before
 * the answer is; what cannot be kept denies the call. Confined to the call's event loop.
 */
final class Keeping {
  private static final int SALT_BYTES = 32;

  private final Exchange call;
  private Capture level = Capture.COMMITMENTS;
  private byte[] salt;
  private Commitments commitments;
  private boolean pending;
  private long deadlineNanos;

  Keeping(final Exchange call) {
    this.call = call;
    this.commitments = call.worker.commitments();
  }

  /**
   * Takes the level that the verdict says.
   *
   * @return why the call is denied; null where it need not be
   */
  Problem begin(final Capture wanted, final SecureRandom random) {
    if (wanted == Capture.CONTENT) {
      if (!call.worker.content().ready(call.startMillis)) {
        return unavailable(call.worker.content().trouble());
      }
      salt = new byte[SALT_BYTES];
      random.nextBytes(salt);
      commitments = new Commitments(salt);
    }
    level = wanted;
    return null;
  }

  /** What is done; the record says it. */
  Capture level() {
    return level;
  }

  boolean content() {
    return level == Capture.CONTENT;
  }

  /** What commits to prompt and answer; null where nothing does. */
  Commitments commitments() {
    return level == Capture.NONE ? null : commitments;
  }

  /** Hands a piece over to the store. False where the store does not take it. */
  boolean store(final Part part, final byte[] bytes) {
    final Caller caller = call.authentication.caller();
    pending =
        call.worker
            .content()
            .put(
                new Piece(
                    call.requestId,
                    call.startMillis,
                    part,
                    caller.org(),
                    caller.user(),
                    salt,
                    bytes,
                    call.worker.loop(),
                    waiter()));
    deadlineNanos = System.nanoTime() + call.worker.limits().sealDeadlineMs() * 1_000_000L;
    return pending;
  }

  private Piece.Waiter waiter() {
    return new Piece.Waiter() {
      @Override
      public void stored() {
        if (pending) {
          pending = false;
          call.worker.pipeline().contentStored(call);
        }
      }

      @Override
      public void failed(final String why) {
        if (pending) {
          Keeping.this.failed(why);
        }
      }
    };
  }

  /** Whether the store has not answered yet: what waits for it must wait on. */
  boolean pending() {
    return pending;
  }

  /** Gives up on a store that does not answer in time. */
  void tick(final long nowNanos) {
    if (pending && nowNanos - deadlineNanos >= 0) {
      failed("the store does not answer");
    }
  }

  private void failed(final String why) {
    pending = false;
    call.worker.pipeline().contentFailed(call, unavailable(why));
  }

  /** Why a piece that {@link #store} did not take is not kept. */
  static Problem refused() {
    return unavailable("it is too large, or too much waits to be written");
  }

  private static Problem unavailable(final String why) {
    return Problem.unavailable(
        "content",
        "a policy wants this call's content kept and that cannot be done now, so it is denied: "
            + why);
  }
}
