package io.sealgate.perf.load;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A run in progress. Any thread may wait; every wait is bounded. */
public final class LoadRun {
  private static final Duration SLACK = Duration.ofSeconds(30);

  final CompletableFuture<Void> measuring = new CompletableFuture<>();
  final CompletableFuture<Void> measured = new CompletableFuture<>();
  final CompletableFuture<LoadResult> result = new CompletableFuture<>();
  private final long limitNanos;

  LoadRun(final LoadPlan plan) {
    limitNanos = plan.warmUp().plus(plan.measured()).plus(SLACK).toNanos();
  }

  /** Waits for the end of the warm-up. */
  public void awaitMeasuring() throws LoadException, InterruptedException {
    await(measuring);
  }

  /** Waits for the end of the measured time; calls may still be in progress. */
  public void awaitMeasured() throws LoadException, InterruptedException {
    await(measured);
  }

  /**
   * Waits for the end of the run.
   *
   * @throws LoadException when the target could not be reached or closed every connection
   */
  public LoadResult result() throws LoadException, InterruptedException {
    return await(result);
  }

  void fail(final Throwable cause) {
    result.completeExceptionally(cause);
    measured.completeExceptionally(cause);
    measuring.completeExceptionally(cause);
  }

  private <T> T await(final CompletableFuture<T> future)
      throws LoadException, InterruptedException {
    try {
      return future.get(limitNanos, TimeUnit.NANOSECONDS);
    } catch (final ExecutionException failed) {
      throw new LoadException(failed.getCause().getMessage(), failed.getCause());
    } catch (final TimeoutException stuck) {
      throw new LoadException("the load generator did not end in time", stuck);
    }
  }
}
