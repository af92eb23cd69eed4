package io.sealgate.perf.seal;

import io.sealgate.log.JcsWriter;
import io.sealgate.signer.client.SealClient;
import io.sealgate.signer.client.SealListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * One producer of records: on a fixed schedule, where latency counts from the moment a record was
 * due, or as many as fit in flight. A record that is not sealed fails the run.
 */
public final class SealLoad implements AutoCloseable {
  /** About what a decision record takes. */
  private static final int PADDING_CHARS = 1_150;

  private static final long HIGHEST_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int DIGITS = 3;
  private static final long PARK_NANOS = 20_000;
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(60);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);

  private final byte[] record =
      new JcsWriter()
          .beginObject()
          .name("pad")
          .value("x".repeat(PADDING_CHARS))
          .endObject()
          .toByteArray();
  private final SealClient client;
  private final AtomicReference<Window> window = new AtomicReference<>(new Window(0, 0));

  private SealLoad(final Path aeronDir) {
    client = SealClient.start(aeronDir, 1, new Listener());
  }

  /**
   * Connects to a signer.
   *
   * @throws SealFailure when there is none in time
   */
  public static SealLoad connect(final Path aeronDir) throws SealFailure {
    final SealLoad load = new SealLoad(aeronDir);
    final long deadline = System.nanoTime() + CONNECT_LIMIT.toNanos();
    while (!load.client.available()) {
      if (System.nanoTime() - deadline > 0) {
        load.close();
        throw new SealFailure("no signer answered on " + aeronDir);
      }
      LockSupport.parkNanos(PARK_NANOS);
    }
    return load;
  }

  /** Records at a fixed rate for a time. */
  public SealResult atRate(final int perSecond, final Duration time) throws SealFailure {
    final long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    final long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10);
    final long count = time.toNanos() / interval;
    final Window run = new Window(start, interval);
    window.set(run);
    for (long i = 0; i < count; i++) {
      while (System.nanoTime() - (start + i * interval) < 0) {
        LockSupport.parkNanos(PARK_NANOS);
      }
      submit(run, i);
    }
    return finish(run, count, start);
  }

  /** Records as fast as they are sealed, with a bound on those in flight. */
  public SealResult saturate(final int inFlightMax, final Duration time) throws SealFailure {
    final long start = System.nanoTime();
    final Window run = new Window(start, 0);
    window.set(run);
    long sent = 0;
    while (System.nanoTime() - start < time.toNanos()) {
      if (sent - run.sealed.get() >= inFlightMax) {
        LockSupport.parkNanos(PARK_NANOS);
      } else {
        submit(run, sent++);
      }
    }
    return finish(run, sent, start);
  }

  private void submit(final Window run, final long id) throws SealFailure {
    while (!client.submit(0, id, record, 0, record.length)) {
      run.requireGood();
      if (!client.available()) {
        throw new SealFailure("the signer is gone");
      }
      Thread.onSpinWait();
    }
  }

  private static SealResult finish(final Window run, final long count, final long start)
      throws SealFailure {
    final long deadline = System.nanoTime() + DRAIN_LIMIT.toNanos();
    while (run.sealed.get() < count) {
      run.requireGood();
      if (System.nanoTime() - deadline > 0) {
        throw new SealFailure("only " + run.sealed.get() + " of " + count + " records were sealed");
      }
      LockSupport.parkNanos(PARK_NANOS);
    }
    synchronized (run) {
      return new SealResult(
          count, run.last - start, run.latency, run.beyond, run.sign, run.flush, run.batches);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /** What one run heard of its records; written by the client's poller under its own monitor. */
  private static final class Window {
    private final long start;
    private final long interval;
    private final AtomicLong sealed = new AtomicLong();
    private final Histogram latency = histogram();
    private final Histogram beyond = histogram();
    private final Histogram sign = histogram();
    private final Histogram flush = histogram();
    private long batches;
    private long slowest;
    private long last;
    private volatile String failure;

    Window(final long start, final long interval) {
      this.start = start;
      this.interval = interval;
    }

    private static Histogram histogram() {
      return new Histogram(HIGHEST_NANOS, DIGITS);
    }

    void requireGood() throws SealFailure {
      if (failure != null) {
        throw new SealFailure(failure);
      }
    }
  }

  private final class Listener implements SealListener {
    @Override
    public void onBatch(
        final int records, final long signNanos, final long flushNanos, final int queueDepth) {
      final Window run = window.get();
      synchronized (run) {
        run.batches++;
        run.sign.recordValue(signNanos);
        run.flush.recordValue(flushNanos);
        run.slowest = Math.max(signNanos, flushNanos);
      }
    }

    @Override
    public void onReceipts(
        final int lane,
        final String shard,
        final long[] correlationIds,
        final long[] indexes,
        final int count,
        final long treeSize) {
      final Window run = window.get();
      final long now = System.nanoTime();
      synchronized (run) {
        for (int i = 0; run.interval > 0 && i < count; i++) {
          final long nanos = now - (run.start + correlationIds[i] * run.interval);
          run.latency.recordValue(Math.clamp(nanos, 0, HIGHEST_NANOS));
          run.beyond.recordValue(Math.clamp(nanos - run.slowest, 0, HIGHEST_NANOS));
        }
        run.last = now;
      }
      run.sealed.addAndGet(count);
    }

    @Override
    public void onFailed(
        final int lane, final long[] correlationIds, final int count, final String reason) {
      window.get().failure = "the signer refused records: " + reason;
    }

    @Override
    public void onUnavailable(final int lane, final String reason) {
      window.get().failure = "the signer became unavailable: " + reason;
    }

    @Override
    public void onAvailable() {
      // Asked for where it matters.
    }
  }
}
