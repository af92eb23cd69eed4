package io.sealgate.gateway.call;

import io.sealgate.gateway.config.LimitsConfig;

/** What a caller must do next, and by when. Checked by the worker's sweep, about every 50 ms. */
final class CallerDeadline {
  /** Long enough for the answer of a refusal to be read before the connection closes. */
  private static final long DRAIN_MILLIS = 2_000;

  private long atNanos;
  private boolean armed;
  private boolean headerStarted;

  void idle(final LimitsConfig limits) {
    headerStarted = false;
    arm(limits.idleTimeoutMs());
  }

  /** Some bytes of a header arrived; later ones do not extend the deadline. */
  void headerBytesArrived(final LimitsConfig limits) {
    if (!headerStarted) {
      headerStarted = true;
      arm(limits.headerTimeoutMs());
    }
  }

  void bodyProgress(final LimitsConfig limits) {
    headerStarted = false;
    arm(limits.bodyProgressTimeoutMs());
  }

  void drain() {
    arm(DRAIN_MILLIS);
  }

  void none() {
    armed = false;
    headerStarted = false;
  }

  boolean waitsForHeader() {
    return headerStarted;
  }

  boolean passed(final long nowNanos) {
    return armed && nowNanos - atNanos >= 0;
  }

  private void arm(final long millis) {
    armed = true;
    atNanos = System.nanoTime() + millis * 1_000_000L;
  }
}
