package io.sealgate.signer.ipc;

import java.util.Objects;

/**
 * What a signer says of itself every few hundred milliseconds.
 *
 * @param treeSize records sealed
 * @param batches batches sealed since the signer started
 * @param failedBatches batches that could not be sealed since the signer started
 * @param lastBatchRecords records in the last sealed batch
 * @param lastSignNanos how long the token took for its signature
 * @param lastFlushNanos how long its commit took
 * @param tokenHealthy whether the last signature that was asked for came and verified
 * @param trouble what keeps the signer from sealing, for the operator; empty when nothing does
 */
public record SignerHealth(
    long treeSize,
    long batches,
    long failedBatches,
    int lastBatchRecords,
    long lastSignNanos,
    long lastFlushNanos,
    boolean tokenHealthy,
    String trouble) {
  public SignerHealth {
    Objects.requireNonNull(trouble);
  }
}
