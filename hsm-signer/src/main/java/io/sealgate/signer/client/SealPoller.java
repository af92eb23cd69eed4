package io.sealgate.signer.client;

import io.aeron.logbuffer.Header;
import io.sealgate.signer.ipc.SealWire;
import io.sealgate.signer.ipc.ShardCode;
import io.sealgate.signer.ipc.SignerHealth;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;

/**
 * The client's one thread: finds the signer, hears its receipts, notices its death, and finds the
 * next one.
 *
 * <pre>
 * ABSENT --driver alive--> GREETING --signer heard on every lane--> AVAILABLE
 *   ^------------------------- silence, death, stop --------------------'
 * </pre>
 */
final class SealPoller implements Runnable {
  private enum State {
    ABSENT,
    GREETING,
    AVAILABLE
  }

  private static final System.Logger LOG = System.getLogger(SealPoller.class.getName());

  /** A living signer is heard five times in this time. */
  private static final long SILENCE_MAX_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long GREETING_MAX_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long ATTEND_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long IDENTITY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long PARK_ABSENT_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
  private static final long PARK_GREETING_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long PARK_IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
  private static final long PARK_BUSY_NANOS = TimeUnit.MICROSECONDS.toNanos(30);

  private final Path aeronDir;
  private final Lane[] lanes;
  private final SealListener listener;
  private long[] correlationIds = new long[256];
  private long[] indexes = new long[256];
  private State state = State.ABSENT;
  private SealConnection connection;
  private String deadDriver;
  private long deadUntilNanos;
  private long greetingSinceNanos;
  private long heardNanos;
  private boolean heartbeatSeen;
  private long signerInstance;
  private long lostSeen;
  private long batchSeen;
  private int shardCode;
  private String shard;
  private String leaveReason;
  private long attendAtNanos = System.nanoTime();
  private long identityAtNanos = System.nanoTime();

  private volatile boolean running = true;
  private volatile boolean parkedLong;
  private volatile boolean available;
  private volatile boolean died;
  private volatile SignerHealth health;
  private volatile long healthNanos;
  private volatile long connects;

  SealPoller(Path aeronDir, Lane[] lanes, SealListener listener) {
    this.aeronDir = aeronDir;
    this.lanes = lanes;
    this.listener = listener;
  }

  @Override
  public void run() {
    while (running) {
      try {
        int work = doWork(System.nanoTime());
        if (work == 0) {
          idle();
        }
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "the seal client starts over", e);
        leave("the seal client failed: " + e.getMessage());
        LockSupport.parkNanos(PARK_ABSENT_NANOS);
      }
    }
    leave("the seal client was closed");
  }

  private int doWork(long nowNanos) {
    if (died) {
      died = false;
      if (connection != null) {
        leave("the signer's process ended");
      }
    }
    return switch (state) {
      case ABSENT -> connect(nowNanos);
      case GREETING -> greet(nowNanos);
      case AVAILABLE -> serve(nowNanos);
    };
  }

  private int connect(long nowNanos) {
    String driver = SealConnection.driverIdentity(aeronDir);
    if (driver == null || (driver.equals(deadDriver) && nowNanos - deadUntilNanos < 0)) {
      return 0;
    }
    connection =
        SealConnection.open(aeronDir, driver, lanes.length, SILENCE_MAX_NANOS, this::onFragment);
    if (connection == null) {
      return 0;
    }
    long connectedNanos = System.nanoTime();
    greetingSinceNanos = connectedNanos;
    heardNanos = connectedNanos;
    attendAtNanos = connectedNanos;
    identityAtNanos = connectedNanos + IDENTITY_NANOS;
    heartbeatSeen = false;
    leaveReason = null;
    state = State.GREETING;
    return 1;
  }

  private int greet(long nowNanos) {
    int work = pollAndAttend(nowNanos);
    if (leaveReason != null) {
      leave(leaveReason);
    } else if (heartbeatSeen && connection.heard()) {
      for (int lane = 0; lane < lanes.length; lane++) {
        lanes[lane].open(connection.records(lane), connection.clientId());
      }
      connects++;
      available = true;
      state = State.AVAILABLE;
      listener.onAvailable();
    } else if (nowNanos - greetingSinceNanos > GREETING_MAX_NANOS) {
      leave("the signer does not answer");
    }
    return work;
  }

  private int serve(long nowNanos) {
    int work = pollAndAttend(nowNanos);
    if (work > 0) {
      heardNanos = nowNanos;
    } else if (nowNanos - heardNanos > SILENCE_MAX_NANOS) {
      leaveReason = "the signer is silent";
    }
    if (leaveReason != null) {
      leave(leaveReason);
    }
    return work;
  }

  private int pollAndAttend(long nowNanos) {
    int work = connection.poll();
    if (nowNanos - attendAtNanos >= 0) {
      attendAtNanos = nowNanos + ATTEND_NANOS;
      connection.attend();
      if (connection.failure() != null) {
        leaveReason = connection.failure();
      }
    }
    if (nowNanos - identityAtNanos >= 0) {
      identityAtNanos = nowNanos + IDENTITY_NANOS;
      if (connection.superseded(aeronDir)) {
        leaveReason = "the signer was replaced";
      }
    }
    return work;
  }

  private void leave(String reason) {
    if (connection == null) {
      return;
    }
    boolean wasAvailable = available;
    available = false;
    for (Lane lane : lanes) {
      lane.close();
    }
    state = State.ABSENT;
    deadDriver = connection.driver();
    deadUntilNanos = System.nanoTime() + SILENCE_MAX_NANOS;
    if (wasAvailable) {
      loseAll(reason);
    }
    SealConnection left = connection;
    connection = null;
    left.close();
  }

  private void loseAll(String reason) {
    for (int lane = 0; lane < lanes.length; lane++) {
      try {
        listener.onUnavailable(lane, reason);
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "the listener failed; the other lanes must still hear", e);
      }
    }
  }

  private void onFragment(DirectBuffer in, int at, int length, Header header) {
    int type = SealWire.type(in, at, length);
    if (type < 0) {
      leaveReason = "the signer speaks another version; install gateway and signer together";
      return;
    }
    noteLost(SealWire.lost(in, at));
    switch (type) {
      case SealWire.TYPE_HEARTBEAT -> onHeartbeat(in, at, length);
      case SealWire.TYPE_STOPPING -> leaveReason = "the signer is stopping";
      case SealWire.TYPE_RECEIPTS -> {
        if (isOurs(in, at)) {
          onReceipts(in, at, length);
        }
      }
      case SealWire.TYPE_FAILED -> {
        if (isOurs(in, at)) {
          onFailed(in, at, length);
        }
      }
      default -> LOG.log(Level.DEBUG, "message of type {0} is not for a client", type);
    }
  }

  private boolean isOurs(DirectBuffer in, int at) {
    int lane = SealWire.lane(in, at);
    return state == State.AVAILABLE
        && SealWire.clientId(in, at) == connection.clientId()
        && lane >= 0
        && lane < lanes.length;
  }

  /**
   * An answer that was dropped may have been one of ours; what waits for it must not wait for ever.
   */
  private void noteLost(long lost) {
    if (heartbeatSeen && lost != lostSeen) {
      leaveReason = "the signer could not deliver an answer";
    }
    lostSeen = lost;
  }

  private void onHeartbeat(DirectBuffer in, int at, int length) {
    long instance = SealWire.instance(in, at);
    if (heartbeatSeen && instance != signerInstance) {
      leaveReason = "the signer was restarted";
    }
    signerInstance = instance;
    heartbeatSeen = true;
    health = SealWire.health(in, at, length);
    healthNanos = System.nanoTime();
  }

  private void onReceipts(DirectBuffer in, int at, int length) {
    int lane = SealWire.lane(in, at);
    int count = SealWire.receiptsCount(in, at, length);
    ensureCapacity(count);
    for (int i = 0; i < count; i++) {
      correlationIds[i] = SealWire.receiptCorrelationId(in, at, i);
      indexes[i] = SealWire.receiptIndex(in, at, i);
    }
    SealWire.Batch batch = SealWire.batch(in, at);
    if (batch.treeSize() != batchSeen || batch.shard() != shardCode) {
      batchSeen = batch.treeSize();
      listener.onBatch(batch.records(), batch.signNanos(), batch.flushNanos(), inFlight());
    }
    lanes[lane].answered(count);
    if (batch.shard() != shardCode) {
      shardCode = batch.shard();
      shard = ShardCode.name(shardCode);
    }
    listener.onReceipts(lane, shard, correlationIds, indexes, count, batch.treeSize());
  }

  private void onFailed(DirectBuffer in, int at, int length) {
    int lane = SealWire.lane(in, at);
    int count = SealWire.failedCount(in, at, length);
    ensureCapacity(count);
    for (int i = 0; i < count; i++) {
      correlationIds[i] = SealWire.failedCorrelationId(in, at, i);
    }
    lanes[lane].answered(count);
    listener.onFailed(lane, correlationIds, count, SealWire.failedReason(in, at));
  }

  private void ensureCapacity(int count) {
    if (count > correlationIds.length) {
      correlationIds = new long[count];
      indexes = new long[count];
    }
  }

  private void idle() {
    if (inFlight() > 0) {
      LockSupport.parkNanos(PARK_BUSY_NANOS);
      return;
    }
    parkedLong = true;
    // A producer that saw the flag down has already counted its record.
    if (inFlight() == 0 && running && !died) {
      LockSupport.parkNanos(
          switch (state) {
            case ABSENT -> PARK_ABSENT_NANOS;
            case GREETING -> PARK_GREETING_NANOS;
            case AVAILABLE -> PARK_IDLE_NANOS;
          });
    }
    parkedLong = false;
  }

  /** Whether the thread sleeps for longer than an answer takes. */
  boolean parkedLong() {
    return parkedLong;
  }

  boolean available() {
    return available;
  }

  void signerDied() {
    died = true;
  }

  void stop() {
    running = false;
  }

  int inFlight() {
    int sum = 0;
    for (Lane lane : lanes) {
      sum += lane.inFlight();
    }
    return sum;
  }

  SealStats stats() {
    SignerHealth last = health;
    long ageMillis =
        last == null ? -1 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - healthNanos);
    return new SealStats(available, inFlight(), connects, ageMillis, last);
  }
}
