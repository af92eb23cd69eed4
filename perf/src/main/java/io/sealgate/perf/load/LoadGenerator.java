package io.sealgate.perf.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The state of one run. Everything happens on the load loop. */
final class LoadGenerator {
  /** How long answers are waited for after the last call was due. */
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long LATENCY_NANOS_MAX = TimeUnit.HOURS.toNanos(2);
  private static final int SIGNIFICANT_DIGITS = 3;

  private final EventLoop loop;
  private final LoadPlan plan;
  private final LoadRun run;
  private final ByteBuf request;
  private final Set<LoadConnection> connections = new LinkedHashSet<>();
  // First in, first out: every connection is used, so that none is idle for long.
  private final ArrayDeque<LoadConnection> idle = new ArrayDeque<>();
  private final Histogram latencies = new Histogram(LATENCY_NANOS_MAX, SIGNIFICANT_DIGITS);
  private Arrivals arrivals;
  private long measuringNanos;
  private long endNanos;
  private long answeredInWindow;
  private long failures;
  private String firstFailure;
  private boolean timerSet;
  private boolean over;

  /** Takes over the request's reference. */
  LoadGenerator(
      final EventLoop loop, final LoadPlan plan, final LoadRun run, final ByteBuf request) {
    this.loop = loop;
    this.plan = plan;
    this.run = run;
    this.request = request;
  }

  LoadConnection newConnection() {
    return new LoadConnection(this, request);
  }

  /** A connection is up; with the last of them the run begins. */
  void connected(final LoadConnection connection) {
    if (over) {
      connection.close();
      return;
    }
    connections.add(connection);
    idle.addLast(connection);
    if (connections.size() == plan.connections()) {
      begin();
    }
  }

  void failed(final String why) {
    failures++;
    if (firstFailure == null) {
      firstFailure = why;
    }
  }

  void answered(final LoadConnection connection) {
    if (over) {
      return;
    }
    final long now = System.nanoTime();
    final boolean inWindow = now - measuringNanos >= 0 && now - endNanos < 0;
    if (inWindow) {
      answeredInWindow++;
    }
    // On a schedule every call that was due in the measured time counts, however late its answer.
    if (plan.saturates() ? inWindow : connection.dueNanos() - measuringNanos >= 0) {
      record(now - connection.dueNanos());
    }
    idle.addLast(connection);
    pump(now);
  }

  void lost(final LoadConnection connection, final String why) {
    if (over || !connections.remove(connection)) {
      return;
    }
    idle.remove(connection);
    failed(why);
    if (arrivals == null || connections.isEmpty()) {
      abort(new LoadException("no connection is left; the first failure: " + firstFailure));
    }
  }

  void abort(final Throwable cause) {
    if (!over) {
      stop();
      run.fail(cause);
    }
  }

  private void begin() {
    final long start = System.nanoTime();
    arrivals = new Arrivals(plan, start);
    measuringNanos = start + plan.warmUp().toNanos();
    endNanos = measuringNanos + plan.measured().toNanos();
    at(measuringNanos, start, () -> run.measuring.complete(null));
    at(endNanos, start, () -> run.measured.complete(null));
    at(endNanos + DRAIN_NANOS, start, this::giveUp);
    // At saturation the last answer may have come before the end.
    at(endNanos, start, () -> pump(System.nanoTime()));
    pump(start);
  }

  /** Sends what is due, then sees to it that it is called for the next call. */
  private void pump(final long now) {
    if (over) {
      return;
    }
    while (!idle.isEmpty() && arrivals.due(now)) {
      final long due = arrivals.take(now);
      idle.removeFirst().send(due);
    }
    if (arrivals.over(now)) {
      if (now - endNanos >= 0 && idle.size() == connections.size()) {
        finish(0);
      }
    } else if (!idle.isEmpty() && !timerSet) {
      timerSet = true;
      at(
          arrivals.dueNanos(now),
          now,
          () -> {
            timerSet = false;
            pump(System.nanoTime());
          });
    }
  }

  private void giveUp() {
    if (over) {
      return;
    }
    final long now = System.nanoTime();
    long unanswered = 0;
    for (final LoadConnection connection : connections) {
      if (connection.busy()) {
        unanswered++;
        record(now - connection.dueNanos());
      }
    }
    while (!plan.saturates() && arrivals.due(now)) {
      unanswered++;
      record(now - arrivals.take(now));
    }
    finish(unanswered);
  }

  private void finish(final long unanswered) {
    stop();
    run.result.complete(
        new LoadResult(
            plan,
            answeredInWindow,
            unanswered,
            failures,
            Optional.ofNullable(firstFailure),
            latencies));
  }

  private void stop() {
    over = true;
    connections.forEach(LoadConnection::close);
    request.release();
  }

  private void record(final long nanos) {
    latencies.recordValue(Math.clamp(nanos, 0, LATENCY_NANOS_MAX));
  }

  private void at(final long nanos, final long now, final Runnable task) {
    loop.schedule(task, Math.max(0, nanos - now), TimeUnit.NANOSECONDS);
  }
}
