package io.sealgate.gateway.testkit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for something to come true, with a deadline. */
public final class Poll {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private Poll() {}

  /** Waits up to 20 seconds; an {@link AssertionError} names what did not happen. */
  public static void until(final String what, final BooleanSupplier condition) {
    final long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > DEADLINE_NANOS) {
        throw new AssertionError("did not happen within 20 s: " + what);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Waits up to 20 seconds for a value that is not null. */
  public static <T> T forValue(final String what, final Supplier<T> source) {
    final Object[] found = new Object[1];
    until(what, () -> (found[0] = source.get()) != null);
    @SuppressWarnings("unchecked")
    final T value = (T) found[0];
    return value;
  }
}
