package io.sealgate.signer.client;

import io.sealgate.signer.ipc.SealWire;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The gateway's end of the seal path. It knows no token and no PIN: it sends records to the signer
 * over Aeron IPC and hears which of them are sealed. It never waits for a signer: while there is
 * none, {@link #submit} says so, and the caller denies the call.
 *
 * <p>Every record that was submitted is answered by exactly one of {@link SealListener#onReceipts},
 * {@link SealListener#onFailed} and {@link SealListener#onUnavailable}.
 */
public final class SealClient implements AutoCloseable {
  /** Records in flight on one lane before {@link #submit} refuses more. */
  public static final int IN_FLIGHT_PER_LANE_MAX = 65_536;

  private static final int LANES_MAX = 256;
  private static final long CLOSE_WAIT_MILLIS = TimeUnit.SECONDS.toMillis(5);

  private final Lane[] lanes;
  private final SealPoller poller;
  private final Thread thread;

  private SealClient(Path aeronDir, int laneCount, int inFlightPerLaneMax, SealListener listener) {
    if (laneCount < 1 || laneCount > LANES_MAX) {
      throw new IllegalArgumentException("lanes must be 1.." + LANES_MAX + ", not " + laneCount);
    }
    if (inFlightPerLaneMax < 1) {
      throw new IllegalArgumentException("in-flight bound must be positive");
    }
    this.lanes = new Lane[laneCount];
    for (int i = 0; i < laneCount; i++) {
      lanes[i] = new Lane(inFlightPerLaneMax);
    }
    this.poller =
        new SealPoller(aeronDir.toAbsolutePath(), lanes, Objects.requireNonNull(listener));
    this.thread = Thread.ofPlatform().name("seal-client").daemon(true).unstarted(poller);
  }

  /**
   * Starts a client. Returns at once, signer or not, and looks for one in the background for ever.
   *
   * @param aeronDir the directory of the signer's media driver
   * @param lanes how many threads will submit, each on a lane of its own
   * @param listener told what becomes of the records
   */
  public static SealClient start(Path aeronDir, int lanes, SealListener listener) {
    return start(aeronDir, lanes, IN_FLIGHT_PER_LANE_MAX, listener);
  }

  /**
   * As {@link #start(Path, int, SealListener)} with another bound on the records in flight of each
   * lane.
   */
  public static SealClient start(
      Path aeronDir, int lanes, int inFlightPerLaneMax, SealListener listener) {
    SealClient client = new SealClient(aeronDir, lanes, inFlightPerLaneMax, listener);
    client.thread.start();
    return client;
  }

  /** Whether a signer is connected and alive. Any thread. */
  public boolean available() {
    return poller.available();
  }

  /**
   * Sends a record to be sealed. Called only by the lane's own thread; never blocks. The answer can
   * arrive before this method returns, so the caller notes the correlation id first.
   *
   * @param lane the caller's lane
   * @param correlationId handed back with the answer
   * @param record the canonical record, copied before this method returns; 1..65,535 bytes
   * @return false when no signer is connected or too much is in flight: the record was not sent and
   *     no answer will come
   */
  public boolean submit(int lane, long correlationId, byte[] record, int offset, int length) {
    if (length < 1 || length > SealWire.RECORD_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a record has 1.." + SealWire.RECORD_BYTES_MAX + " bytes, not " + length);
    }
    Objects.checkFromIndexSize(offset, length, record.length);
    if (!lanes[lane].submit(lane, correlationId, record, offset, length)) {
      return false;
    }
    if (poller.parkedLong()) {
      LockSupport.unpark(thread);
    }
    return true;
  }

  /**
   * The supervisor saw the signer's process end: everything in flight fails now, not when silence
   * tells. Any thread.
   */
  public void signerDied() {
    poller.signerDied();
    LockSupport.unpark(thread);
  }

  /** The state of the seal path, for metrics. Any thread. */
  public SealStats stats() {
    return poller.stats();
  }

  /**
   * Stops the poller; what is in flight is reported as unavailable. Not to be called from the
   * listener.
   */
  @Override
  public void close() {
    poller.stop();
    LockSupport.unpark(thread);
    boolean interrupted = false;
    try {
      thread.join(CLOSE_WAIT_MILLIS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
