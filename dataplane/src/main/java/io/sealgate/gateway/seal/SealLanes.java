package io.sealgate.gateway.seal;

import io.netty.channel.EventLoop;
import io.sealgate.signer.client.SealClient;
import io.sealgate.signer.client.SealListener;
import io.sealgate.signer.client.SealStats;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** The gateway's connection to the signer: one lane for each event loop, one poller for all. */
public final class SealLanes implements AutoCloseable {
  private final List<SealLane> lanes;
  private final SealClient client;

  /** Watches the batches that the signer seals; called on the poller's thread. */
  @FunctionalInterface
  public interface BatchObserver {
    /** A batch was sealed. Durations in nanoseconds. */
    void batch(int records, long signNanos, long flushNanos, int queueDepth);
  }

  /**
   * Starts connecting; returns at once.
   *
   * @param aeronDir where the signer's media driver lives
   * @param loops one lane for each, in this order
   */
  public SealLanes(final Path aeronDir, final List<EventLoop> loops, final BatchObserver observer) {
    lanes = IntStream.range(0, loops.size()).mapToObj(i -> new SealLane(i, loops.get(i))).toList();
    client = SealClient.start(aeronDir, loops.size(), new Listener(lanes, observer));
    lanes.forEach(lane -> lane.connect(client));
  }

  /** The lane of one event loop. */
  public SealLane lane(final int loop) {
    return lanes.get(loop);
  }

  /** Whether the signer is connected and alive. */
  public boolean available() {
    return client.available();
  }

  /** What is known of the signer. */
  public SealStats stats() {
    return client.stats();
  }

  /** The supervisor saw the signer end: everything in flight fails at once. */
  public void signerDied() {
    client.signerDied();
  }

  @Override
  public void close() {
    client.close();
  }

  private record Listener(List<SealLane> lanes, BatchObserver observer) implements SealListener {
    @Override
    public void onReceipts(
        final int lane,
        final String shard,
        final long[] correlationIds,
        final long[] indexes,
        final int count,
        final long treeSize) {
      lanes.get(lane).receipts(shard, correlationIds, indexes, count);
    }

    @Override
    public void onFailed(
        final int lane, final long[] correlationIds, final int count, final String reason) {
      lanes.get(lane).failed(correlationIds, count, reason);
    }

    @Override
    public void onUnavailable(final int lane, final String reason) {
      lanes.get(lane).lost(reason);
    }

    @Override
    public void onAvailable() {
      // Each call asks for itself whether it can be sealed.
    }

    @Override
    public void onBatch(
        final int records, final long signNanos, final long flushNanos, final int queueDepth) {
      observer.batch(records, signNanos, flushNanos, queueDepth);
    }
  }
}
