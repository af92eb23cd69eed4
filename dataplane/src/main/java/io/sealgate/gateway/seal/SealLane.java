package io.sealgate.gateway.seal;

import io.netty.channel.EventLoop;
import io.netty.util.collection.LongObjectHashMap;
import io.sealgate.signer.client.SealClient;
import java.util.Arrays;

/**
 * One event loop's way into the sealed log: submits records and hands out their receipts on the
 * loop. Confined to the loop, but for the package-private methods that hop onto it.
 */
public final class SealLane {
  /**
   * A call is forwarded while its record is still being sealed only if a receipt arrived this
   * recently; otherwise the seal comes first, so that nothing is forwarded while nothing is sealed.
   */
  private static final long PROOF_FRESH_NANOS = 50_000_000L;

  private final int lane;
  private final EventLoop loop;
  private final LongObjectHashMap<SealWaiter> waiting = new LongObjectHashMap<>();
  private SealClient client;
  private long nextId;
  private long lastReceiptNanos = System.nanoTime() - PROOF_FRESH_NANOS;

  SealLane(final int lane, final EventLoop loop) {
    this.lane = lane;
    this.loop = loop;
  }

  void connect(final SealClient connected) {
    client = connected;
  }

  /** Whether the signer is there; a hint, the truth is in {@link #submit}. */
  public boolean available() {
    return client.available();
  }

  /** Whether a record was sealed so recently that the log can be taken to work. */
  public boolean provenRecently() {
    return System.nanoTime() - lastReceiptNanos < PROOF_FRESH_NANOS;
  }

  /**
   * Submits a record; the bytes are copied. Never blocks.
   *
   * @return false when the signer is unavailable or too far behind: deny the call. The waiter then
   *     hears nothing
   */
  public boolean submit(final byte[] record, final int length, final SealWaiter waiter) {
    final long id = nextId++;
    waiting.put(id, waiter);
    if (client.submit(lane, id, record, 0, length)) {
      return true;
    }
    waiting.remove(id);
    return false;
  }

  /** Records that are waiting for their receipt. */
  public int pending() {
    return waiting.size();
  }

  void receipts(final String shard, final long[] ids, final long[] indexes, final int count) {
    final long[] idsCopy = Arrays.copyOf(ids, count);
    final long[] indexesCopy = Arrays.copyOf(indexes, count);
    loop.execute(
        () -> {
          lastReceiptNanos = System.nanoTime();
          for (int i = 0; i < idsCopy.length; i++) {
            final SealWaiter waiter = waiting.remove(idsCopy[i]);
            if (waiter != null) {
              waiter.sealed(shard, indexesCopy[i]);
            }
          }
        });
  }

  void failed(final long[] ids, final int count, final String reason) {
    final long[] idsCopy = Arrays.copyOf(ids, count);
    loop.execute(
        () -> {
          lastReceiptNanos = System.nanoTime() - PROOF_FRESH_NANOS;
          for (final long id : idsCopy) {
            final SealWaiter waiter = waiting.remove(id);
            if (waiter != null) {
              waiter.failed(reason);
            }
          }
        });
  }

  void lost(final String reason) {
    loop.execute(
        () -> {
          lastReceiptNanos = System.nanoTime() - PROOF_FRESH_NANOS;
          final Object[] waiters = waiting.values().toArray();
          waiting.clear();
          for (final Object waiter : waiters) {
            ((SealWaiter) waiter).failed(reason);
          }
        });
  }
}
