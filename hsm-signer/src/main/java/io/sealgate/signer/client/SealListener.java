package io.sealgate.signer.client;

/**
 * Told what became of submitted records. Every method runs on the client's one poller thread, must
 * not block, and must not keep the arrays, which the next call overwrites.
 */
public interface SealListener {
  /**
   * Records are sealed: durable and covered by a signed checkpoint.
   *
   * @param lane the lane they were submitted on
   * @param correlationIds the ids they were submitted with, in {@code [0, count)}
   * @param shard the part of the log that they are in, such as {@code 2026q4}
   * @param indexes their places in that shard, in {@code [0, count)}
   * @param count how many
   * @param treeSize the size of the checkpoint that covers them
   */
  void onReceipts(
      int lane, String shard, long[] correlationIds, long[] indexes, int count, long treeSize);

  /**
   * The signer could not seal these records; they are not in the log.
   *
   * @param reason {@code audit_unavailable}, or {@code record_refused} for a record that cannot be
   *     a leaf
   */
  void onFailed(int lane, long[] correlationIds, int count, String reason);

  /** Every record in flight on the lane is lost to this client; it may or may not be in the log. */
  void onUnavailable(int lane, String reason);

  /** Records can be submitted (again). */
  void onAvailable();

  /**
   * A batch with records of this client was sealed.
   *
   * @param records records in the whole batch, of all clients
   * @param signNanos how long the token took
   * @param flushNanos how long the commit took
   * @param queueDepth records of this client still in flight when the receipts arrived, these
   *     included
   */
  default void onBatch(int records, long signNanos, long flushNanos, int queueDepth) {}
}
