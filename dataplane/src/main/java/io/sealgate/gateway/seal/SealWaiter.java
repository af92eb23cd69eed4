package io.sealgate.gateway.seal;

/** Waits for one record's receipt. Exactly one method is called, once, on the lane's event loop. */
public interface SealWaiter {
  /** The record is signed and on disk at this index of the log. */
  void sealed(long index);

  /** The record will not be acknowledged; whether it reached the log is unknown. */
  void failed(String reason);
}
