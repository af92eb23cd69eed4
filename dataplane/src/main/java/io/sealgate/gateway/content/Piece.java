package io.sealgate.gateway.content;

import io.sealgate.gateway.content.Content.Part;
import java.util.concurrent.Executor;

/**
 * One piece of a call on its way into the store, which owns its arrays from then on.
 *
 * @param callMillis when the call began: the day it is kept under
 * @param salt what the record's commitment is made with
 * @param where the thread to tell {@code waiter} on
 */
public record Piece(
    String requestId,
    long callMillis,
    Part part,
    String org,
    String user,
    byte[] salt,
    byte[] bytes,
    Executor where,
    Waiter waiter) {

  /** Told once what became of the piece. */
  public interface Waiter {
    /** It is encrypted and on disk. */
    void stored();

    /** It is not kept. */
    void failed(String why);
  }
}
