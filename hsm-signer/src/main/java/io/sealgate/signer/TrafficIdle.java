package io.sealgate.signer;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits shortly while records are coming and longer when they stopped. It never spins: the machine
 * may have two cores, and a spinning signer would take one from the calls it serves.
 */
final class TrafficIdle {
  private static final long RECENT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long PARK_RECENT_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long PARK_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private long workedNanos = System.nanoTime();
  private long parkNanos = PARK_RECENT_NANOS;

  void idle(int work) {
    if (work > 0) {
      workedNanos = System.nanoTime();
      parkNanos = PARK_RECENT_NANOS;
      return;
    }
    if (System.nanoTime() - workedNanos > RECENT_NANOS) {
      parkNanos = Math.min(parkNanos * 2, PARK_MAX_NANOS);
    }
    LockSupport.parkNanos(parkNanos);
  }
}
