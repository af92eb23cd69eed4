package io.sealgate.gateway.testkit;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Hears what Netty's leak detector reports, whichever classes were loaded before. Tests run with
 * the detector at {@code paranoid}, so every buffer that is collected unreleased is reported.
 */
public final class LeakWatch implements AutoCloseable {
  private static final int ROUNDS = 4;
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Kept here because the log manager holds loggers weakly. */
  private static final Logger REPORTS = Logger.getLogger(ResourceLeakDetector.class.getName());

  private final List<String> leaks = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(final LogRecord report) {
          leaks.add(report.getMessage());
        }

        @Override
        public void flush() {
          // Nothing is held back.
        }

        @Override
        public void close() {
          // Nothing is open.
        }
      };

  /** Starts listening. */
  public LeakWatch() {
    if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
      throw new AssertionError("tests need -Dio.netty.leakDetection.level=paranoid");
    }
    REPORTS.addHandler(handler);
  }

  /** What leaked so far; collects garbage, and tracks buffers so that the detector looks. */
  public List<String> leaks() {
    for (int round = 0; round < ROUNDS; round++) {
      System.gc();
      LockSupport.parkNanos(ROUND_NANOS);
      PooledByteBufAllocator.DEFAULT.heapBuffer(16).release();
    }
    return List.copyOf(leaks);
  }

  @Override
  public void close() {
    REPORTS.removeHandler(handler);
  }
}
