package io.sealgate.log.search;

import io.sealgate.log.store.LogReader;
import io.sealgate.store.StoreException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps an index close behind a log that is being written, so that a search has little to catch up
 * with. It works a tenth of one core's time at most, and lets go of the index between its steps, so
 * that a search in another process gets it.
 */
public final class SearchFollower implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SearchFollower.class.getName());
  private static final int STEP_RECORDS = 8_192;
  private static final long PAUSE_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long PAUSE_NANOS_IDLE = TimeUnit.SECONDS.toNanos(5);
  private static final long TROUBLE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int PAUSE_FOR_WORK = 9;

  private final LogReader log;
  private final Path folder;
  private final Thread thread;
  private volatile boolean stopped;

  private SearchFollower(final Path logFolder, final Path folder) {
    this.log = LogReader.open(logFolder);
    this.folder = folder;
    this.thread = Thread.ofPlatform().name("sealgate-search").daemon(true).unstarted(this::run);
  }

  /**
   * Starts to follow.
   *
   * @param logFolder with one environment a shard, as the signer keeps it
   * @param folder of the index, made if absent
   */
  public static SearchFollower start(final Path logFolder, final Path folder) {
    final SearchFollower follower = new SearchFollower(logFolder, folder);
    follower.thread.start();
    return follower;
  }

  private void run() {
    long goodNanos = System.nanoTime();
    while (!stopped) {
      final long start = System.nanoTime();
      boolean behind = false;
      try {
        behind = step();
        goodNanos = System.nanoTime();
      } catch (final IOException | RuntimeException e) {
        // For a while it may just be that a search has the index, and catches up by itself.
        if (start - goodNanos > TROUBLE_NANOS) {
          LOG.log(Level.WARNING, "the search index falls behind: {0}", e.getMessage());
          goodNanos = start;
        }
      }
      final long worked = System.nanoTime() - start;
      if (!stopped) {
        LockSupport.parkNanos(
            behind ? Math.max(PAUSE_NANOS_MIN, worked * PAUSE_FOR_WORK) : PAUSE_NANOS_IDLE);
      }
    }
  }

  private boolean step() throws IOException {
    try (SearchIndex index = SearchIndex.open(folder)) {
      return index.catchUp(log, STEP_RECORDS) == STEP_RECORDS;
    }
  }

  /** Ends after the present step. */
  @Override
  public void close() throws StoreException {
    stopped = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (final InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    log.close();
  }
}
