package io.sealgate.signer;

import io.sealgate.signer.client.SealListener;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps every answer a client gets. */
final class Answers implements SealListener {
  final Map<Long, Long> sealed = new ConcurrentHashMap<>();
  final Map<Long, String> shards = new ConcurrentHashMap<>();
  final Map<Long, String> failed = new ConcurrentHashMap<>();
  final Set<String> lostReasons = ConcurrentHashMap.newKeySet();
  final AtomicInteger lost = new AtomicInteger();
  final AtomicInteger available = new AtomicInteger();
  final AtomicInteger batches = new AtomicInteger();
  final AtomicLong treeSize = new AtomicLong();

  @Override
  public void onReceipts(
      int lane, String shard, long[] correlationIds, long[] indexes, int count, long size) {
    for (int i = 0; i < count; i++) {
      sealed.put(correlationIds[i], indexes[i]);
      shards.put(correlationIds[i], shard);
    }
    treeSize.set(size);
  }

  @Override
  public void onFailed(int lane, long[] correlationIds, int count, String reason) {
    for (int i = 0; i < count; i++) {
      failed.put(correlationIds[i], reason);
    }
  }

  @Override
  public void onUnavailable(int lane, String reason) {
    lostReasons.add(reason);
    lost.incrementAndGet();
  }

  @Override
  public void onAvailable() {
    available.incrementAndGet();
  }

  @Override
  public void onBatch(int records, long signNanos, long flushNanos, int queueDepth) {
    batches.incrementAndGet();
  }
}
