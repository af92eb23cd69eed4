package io.sealgate.gateway.loopback;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition with a deadline. */
final class Poll {
  private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(2);

  private Poll() {}

  static void until(final BooleanSupplier condition) {
    final long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > DEADLINE_NS) {
        throw new AssertionError("the condition did not come true in time");
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
  }
}
