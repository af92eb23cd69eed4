package io.sealgate.signer;

import io.aeron.Publication;
import io.sealgate.signer.ipc.SealWire;
import io.sealgate.signer.ipc.SignerHealth;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.ExpandableArrayBuffer;

/**
 * Sends answers to the clients. It waits a little for a client that is slow and then drops the
 * answer, counting it: one stalled client must not hold up the others, and the count tells a client
 * that something of its own may be gone.
 *
 * <p>Answers belong to the writer thread, heartbeats to the supervising thread.
 */
final class ReceiptPublisher {
  private static final long OFFER_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long OFFER_PARK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  private final Publication publication;
  private final long instance;
  private final ExpandableArrayBuffer answer = new ExpandableArrayBuffer();
  private final ExpandableArrayBuffer heartbeat = new ExpandableArrayBuffer();
  private volatile long lost;

  /**
   * A publisher.
   *
   * @param instance a number that tells this life of the signer from others
   */
  ReceiptPublisher(Publication publication, long instance) {
    this.publication = publication;
    this.instance = instance;
  }

  /** The writer: the records of a lane are sealed. */
  void receipts(LaneBatch lane, SealWire.Batch batch) {
    int length =
        SealWire.putReceipts(
            answer,
            lane.lane(),
            lane.clientId(),
            lost,
            batch,
            lane.correlationIds(),
            lane.indexes(),
            lane.count());
    deliver(length);
  }

  /** The writer: the records of a lane could not be sealed. */
  void failed(LaneBatch lane, int reason) {
    failed(lane.lane(), lane.clientId(), reason, lane.correlationIds(), lane.count());
  }

  /** The writer: some records could not be sealed. */
  void failed(int lane, long clientId, int reason, long[] correlationIds, int count) {
    deliver(SealWire.putFailed(answer, lane, clientId, lost, reason, correlationIds, count));
  }

  /** The writer, last of all: the signer stops, so nothing more will be answered. */
  void stopping() {
    deliver(SealWire.putStopping(answer, lost));
  }

  private void deliver(int length) {
    long startNanos = System.nanoTime();
    while (true) {
      long position = publication.offer(answer, 0, length);
      if (position > 0) {
        return;
      }
      boolean mayPass =
          position == Publication.BACK_PRESSURED || position == Publication.ADMIN_ACTION;
      if (!mayPass || System.nanoTime() - startNanos > OFFER_MAX_NANOS) {
        lose();
        return;
      }
      LockSupport.parkNanos(OFFER_PARK_NANOS);
    }
  }

  private void lose() {
    lost = lost + 1;
  }

  /**
   * The supervising thread: says that the signer is alive. A heartbeat that cannot leave is not
   * sent later.
   */
  void heartbeat(SignerHealth health) {
    int length = SealWire.putHeartbeat(heartbeat, lost, instance, health);
    publication.offer(heartbeat, 0, length);
  }
}
