package io.sealgate.gateway.content;

import io.sealgate.gateway.content.Content.Part;
import io.sealgate.signer.client.ContentKeyClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store of prompts and answers. Event loops hand pieces over and hear later; one thread
 * encrypts and writes what is waiting, one flush for all of it; another keeps the days: opens
 * today's in time, and deletes those whose time is over.
 *
 * <p>Nothing is opened before a policy wants content. While the day's key cannot be had, {@link
 * #ready} is false, and calls whose content must be kept are denied.
 */
public final class ContentStore implements AutoCloseable {
  /** Largest piece. */
  public static final int PIECE_BYTES_MAX = 48 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(ContentStore.class);

  /** What may wait to be written; beyond it pieces are refused. */
  private static final long QUEUE_BYTES_MAX = 128L << 20;

  /** A batch is closed once it has this much. */
  private static final int BATCH_BYTES = 8 << 20;

  private static final int BATCH_PIECES_MAX = 512;

  /** The next day is opened this long before it begins. */
  private static final Duration AHEAD = Duration.ofMinutes(10);

  private static final long KEEP_SECONDS = 1;
  private static final long PATIENCE_SECONDS = 15;
  private static final long ERASE_PATIENCE_MINUTES = 10;
  private static final Runnable NOTHING = () -> {};

  private final Path folder;
  private final ContentKeyClient keys;
  private final SecretKeySpec subjectSecret;
  private final int retentionDays;
  private final Clock clock;
  private final Map<Long, ContentDay> days = new ConcurrentHashMap<>();

  /** Held while a day is opened or closed, and while one that is not kept open is used. */
  private final ReentrantLock opening = new ReentrantLock();

  private final LinkedBlockingQueue<Object> queue = new LinkedBlockingQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final LongAdder refused = new LongAdder();
  private final LongAdder kept = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final ScheduledExecutorService keeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("content-keeper").daemon(true).factory());
  private final Thread writer;
  private volatile boolean wanted;
  private volatile boolean closed;
  private volatile String trouble = "no policy has asked for it yet";
  private long sweptDay = Long.MIN_VALUE;

  private ContentStore(
      final Path folder,
      final ContentKeyClient keys,
      final byte[] secret,
      final int retentionDays,
      final Clock clock) {
    this.folder = folder;
    this.keys = keys;
    this.subjectSecret = new SecretKeySpec(secret, "HmacSHA256");
    this.retentionDays = retentionDays;
    this.clock = clock;
    this.writer = Thread.ofPlatform().name("content-writer").daemon(true).unstarted(this::write);
  }

  /**
   * Starts a store; touches the disk only to delete what is over.
   *
   * @param folder of all days; made when the first is
   * @param keys the way to the token
   * @param secret of this appliance: without it a stranger to it cannot tell whose keys are whose
   * @param retentionDays whole UTC days after its own that a day is kept
   */
  public static ContentStore start(
      final Path folder,
      final ContentKeyClient keys,
      final byte[] secret,
      final int retentionDays,
      final Clock clock) {
    final ContentStore store = new ContentStore(folder, keys, secret, retentionDays, clock);
    store.writer.start();
    store.keeper.scheduleWithFixedDelay(store::keep, 0, KEEP_SECONDS, TimeUnit.SECONDS);
    return store;
  }

  /** Says whether some policy wants content. */
  public void want(final boolean some) {
    wanted = some;
  }

  /**
   * Where content is wanted, waits until it can be kept or it is known why not. Not for event
   * loops.
   */
  public void prepare() {
    if (unavailable()) {
      try {
        keeper.submit(this::keep).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (final ExecutionException | TimeoutException | RejectedExecutionException e) {
        LOG.warn("the content store is not ready: {}", e.toString());
      } catch (final InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whether pieces of calls that began at this moment can be kept. Any thread. */
  public boolean ready(final long callMillis) {
    return days.containsKey(epochDay(callMillis));
  }

  /** Why not, for the operator. */
  public String trouble() {
    return trouble;
  }

  /** Whether calls that begin now are denied where a policy wants their content. Any thread. */
  public boolean unavailable() {
    return wanted && !ready(clock.millis());
  }

  long waitingBytes() {
    return queuedBytes.get();
  }

  /** Pieces that are on disk, since the start. */
  long kept() {
    return kept.sum();
  }

  /** Pieces that were too large or too many. */
  long refused() {
    return refused.sum();
  }

  /** Pieces that were taken and could not be written. */
  long failed() {
    return failed.sum();
  }

  /**
   * Takes a piece. Never blocks.
   *
   * @return false where it cannot be kept; then its waiter is not told
   */
  public boolean put(final Piece piece) {
    if (closed || piece.bytes().length > PIECE_BYTES_MAX) {
      refused.increment();
      return false;
    }
    if (queuedBytes.addAndGet(piece.bytes().length) > QUEUE_BYTES_MAX) {
      queuedBytes.addAndGet(-piece.bytes().length);
      refused.increment();
      return false;
    }
    queue.add(piece);
    return true;
  }

  private void write() {
    final List<Piece> batch = new ArrayList<>();
    try {
      // What came before the end is done, so nobody waits in vain.
      while (!closed || !queue.isEmpty()) {
        Object next = queue.take();
        int bytes = 0;
        while (next instanceof Piece piece) {
          batch.add(piece);
          bytes += piece.bytes().length;
          next = bytes < BATCH_BYTES && batch.size() < BATCH_PIECES_MAX ? queue.poll() : null;
        }
        if (!batch.isEmpty()) {
          store(batch);
          batch.clear();
        }
        if (next instanceof Runnable work) {
          work.run();
        }
      }
    } catch (final InterruptedException e) {
      LOG.error("the content store's writer was interrupted", e);
    }
  }

  private void store(final List<Piece> batch) {
    final Map<Long, List<Piece>> byDay = new TreeMap<>();
    for (final Piece piece : batch) {
      byDay.computeIfAbsent(epochDay(piece.callMillis()), _ -> new ArrayList<>()).add(piece);
      queuedBytes.addAndGet(-piece.bytes().length);
    }
    byDay.forEach(
        (day, pieces) -> {
          String why = null;
          try {
            final ContentDay open = days.get(day);
            if (open == null) {
              throw new IOException("the day of the call is not open: " + trouble);
            }
            open.put(pieces, piece -> tag(piece.org(), piece.user()));
          } catch (final IOException | RuntimeException e) {
            why = String.valueOf(e.getMessage());
            LOG.error("content cannot be kept: {}", why);
          }
          (why == null ? kept : failed).add(pieces.size());
          for (final Piece piece : pieces) {
            tell(piece, why);
          }
        });
  }

  private static void tell(final Piece piece, final String why) {
    try {
      piece
          .where()
          .execute(
              () -> {
                if (why == null) {
                  piece.waiter().stored();
                } else {
                  piece.waiter().failed(why);
                }
              });
    } catch (final RejectedExecutionException e) {
      LOG.debug("nobody waits for the content of {} any more", piece.requestId());
    }
  }

  /** The subject's name under the appliance's secret. */
  private byte[] tag(final String org, final String user) {
    try {
      final Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(subjectSecret);
      mac.update(("content subject\0" + org + '\0' + user).getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(mac.doFinal(), SubjectKeys.TAG_BYTES);
    } catch (final GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private interface DayUse<T> {
    T of(ContentDay day) throws IOException;
  }

  /**
   * One piece of a call. Blocks for disk and token.
   *
   * @param callMillis when the call began
   * @throws IOException where it is damaged, or the token does not unwrap the day's key
   */
  public Content read(final String requestId, final long callMillis, final Part part)
      throws IOException {
    final long day = epochDay(callMillis);
    if (!Files.isDirectory(folder(day))) {
      return Content.ABSENT;
    }
    return using(day, true, open -> open.read(requestId, part));
  }

  private <T> T using(final long day, final boolean unlocked, final DayUse<T> use)
      throws IOException {
    opening.lock();
    try {
      final ContentDay open = days.get(day);
      if (open != null) {
        return use.of(open);
      }
      try (ContentDay briefly = ContentDay.open(folder(day), name(day))) {
        if (unlocked) {
          briefly.unlock(keys);
        }
        return use.of(briefly);
      }
    } finally {
      opening.unlock();
    }
  }

  /**
   * Erases all that is kept of a person's calls: their keys, then the rows. Needs no token. What
   * calls in progress still bring is kept under a new key.
   *
   * @return how many pieces went
   */
  public int erase(final String org, final String user) throws IOException {
    if (closed) {
      throw new IOException("the content store is closed");
    }
    final CompletableFuture<Integer> erased = new CompletableFuture<>();
    // Behind what waits to be written, so that nothing of it is left over.
    queue.add(
        (Runnable)
            () -> {
              try {
                erased.complete(eraseNow(tag(org, user)));
              } catch (final IOException | RuntimeException e) {
                erased.completeExceptionally(e);
              }
            });
    try {
      return erased.get(ERASE_PATIENCE_MINUTES, TimeUnit.MINUTES);
    } catch (final TimeoutException e) {
      throw new IOException("erasing goes on after " + ERASE_PATIENCE_MINUTES + " minutes", e);
    } catch (final ExecutionException e) {
      throw new IOException("not all could be erased: " + e.getCause().getMessage(), e);
    } catch (final InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while erasing", e);
    }
  }

  private int eraseNow(final byte[] tag) throws IOException {
    int erased = 0;
    for (final long day : daysKept()) {
      erased += using(day, false, open -> open.erase(tag));
    }
    return erased;
  }

  /** The days that have a folder. */
  private List<Long> daysKept() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    final List<Long> found = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (final Path one : all.sorted().toList()) {
        try {
          found.add(LocalDate.parse(one.getFileName().toString()).toEpochDay());
        } catch (final DateTimeException e) {
          LOG.debug("{} is none of the content store's days", one);
        }
      }
    }
    return found;
  }

  private void keep() {
    final long today = epochDay(clock.millis());
    try {
      closeBefore(today - 1);
      if (sweptDay != today) {
        deleteBefore(today - retentionDays);
        sweptDay = today;
      }
      if (wanted) {
        open(today);
        open(epochDay(clock.millis() + AHEAD.toMillis()));
      }
      trouble = "";
    } catch (final IOException | RuntimeException e) {
      final String why = String.valueOf(e.getMessage());
      if (!why.equals(trouble)) {
        LOG.error("the content store: {}", why);
      }
      trouble = why;
    }
  }

  private void open(final long day) throws IOException {
    if (days.containsKey(day)) {
      return;
    }
    opening.lock();
    try {
      final ContentDay fresh = ContentDay.open(folder(day), name(day));
      boolean ready = false;
      try {
        fresh.unlock(keys);
        ready = true;
      } finally {
        if (!ready) {
          fresh.close();
        }
      }
      days.put(day, fresh);
    } finally {
      opening.unlock();
    }
  }

  /** An answer may be late by a day. */
  private void closeBefore(final long first) throws IOException {
    for (final long day : List.copyOf(days.keySet())) {
      if (day < first) {
        opening.lock();
        try {
          days.remove(day).close();
        } finally {
          opening.unlock();
        }
      }
    }
  }

  private void deleteBefore(final long first) throws IOException {
    for (final long day : daysKept()) {
      if (day < first) {
        opening.lock();
        try {
          ContentDay.delete(folder(day));
        } finally {
          opening.unlock();
        }
        LOG.info("content of {} deleted, its {} days are over", name(day), retentionDays);
      }
    }
  }

  private static long epochDay(final long millis) {
    return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC).toLocalDate().toEpochDay();
  }

  private static String name(final long day) {
    return LocalDate.ofEpochDay(day).toString();
  }

  private Path folder(final long day) {
    return folder.resolve(name(day));
  }

  @Override
  public void close() throws IOException {
    closed = true;
    keeper.shutdown();
    queue.add(NOTHING);
    try {
      writer.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      keeper.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (final InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (final ContentDay day : days.values()) {
      day.close();
    }
    days.clear();
  }
}
