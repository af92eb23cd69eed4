package io.sealgate.gateway.seal;

/** Waits for one record's receipt. Exactly one method is called, once, on the lane's event loop. */
public interface SealWaiter {
  /**
   * The record is signed and on disk.
   *
   * @param shard the part of the log that it is in, such as {@code 2026q4}
   * @param index its place in that shard
   */
  void sealed(String shard, long index);

  /** The record will not be acknowledged; whether it reached the log is unknown. */
  void failed(String reason);
}
