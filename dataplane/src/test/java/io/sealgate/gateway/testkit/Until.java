package io.sealgate.gateway.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Waits for something that another thread or process does, not for time. */
public final class Until {
  /** Generous: the machine may be busy, and a passing test never waits for it. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final long PAUSE_NANOS = 5_000_000L;

  private Until() {}

  /** Polls until the condition holds; fails with its last exception, if it threw one. */
  public static void holds(final String what, final Callable<Boolean> condition) {
    final long deadline = System.nanoTime() + PATIENCE.toNanos();
    Exception last = null;
    while (System.nanoTime() - deadline < 0) {
      try {
        if (condition.call()) {
          return;
        }
        last = null;
      } catch (final Exception e) {
        last = e;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what, last);
  }

  /** Polls until the source has a value, and returns it. */
  public static <T> T value(final String what, final Callable<T> source) {
    final AtomicReference<T> found = new AtomicReference<>();
    holds(
        what,
        () -> {
          found.set(source.call());
          return found.get() != null;
        });
    return found.get();
  }

  /** Lets time pass where the passing of time is what the test is about. */
  public static void idle(final Duration time) {
    final long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
