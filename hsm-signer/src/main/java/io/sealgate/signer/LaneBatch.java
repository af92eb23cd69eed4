package io.sealgate.signer;

import java.util.Arrays;

/** The records of one lane in the present batch. Owned by the writer thread. */
final class LaneBatch {
  private static final int FIRST_CAPACITY = 64;

  private final int lane;
  private final long clientId;
  private long[] correlationIds = new long[FIRST_CAPACITY];
  private long[] indexes = new long[FIRST_CAPACITY];
  private int count;

  LaneBatch(int lane, long clientId) {
    this.lane = lane;
    this.clientId = clientId;
  }

  void add(long correlationId, long index) {
    if (count == correlationIds.length) {
      correlationIds = Arrays.copyOf(correlationIds, count * 2);
      indexes = Arrays.copyOf(indexes, count * 2);
    }
    correlationIds[count] = correlationId;
    indexes[count] = index;
    count++;
  }

  void clear() {
    count = 0;
  }

  int lane() {
    return lane;
  }

  long clientId() {
    return clientId;
  }

  long[] correlationIds() {
    return correlationIds;
  }

  long[] indexes() {
    return indexes;
  }

  int count() {
    return count;
  }
}
