package io.sealgate.log.search;

import io.sealgate.log.store.LogReader;
import io.sealgate.store.StateStore;
import io.sealgate.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An index over a log, in a folder of its own. It follows the log by {@link #catchUp}, which the
 * signer never waits for. A query reads a few short lists for each 65,536 records and then only the
 * records that it answers.
 *
 * <p>One process at a time has an index open; one thread at a time uses it.
 */
public final class SearchIndex implements AutoCloseable {
  /** The customary name of the folder, among the state of a gateway. */
  public static final String FOLDER = "search";

  private static final String POSTINGS = "postings";
  private static final String TIMES = "times";
  private static final String SHARDS = "shards";

  /** Records whose earliest and latest time are kept together. */
  private static final int GRANULE_RECORDS = 256;

  /** Records of one durable step; divides a block, so that a step has lists of one block only. */
  private static final int STEP_RECORDS = 8_192;

  /** A step ends early at this many distinct terms, so that it fits into one write. */
  private static final int STEP_TERMS_MAX = 32_768;

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final StateStore store;

  private SearchIndex(final StateStore store) {
    this.store = store;
  }

  /** Receives the records found, the newest first. */
  @FunctionalInterface
  public interface Visitor {
    /** One record: its shard, its index there and its exact bytes. */
    void record(String shard, long index, byte[] record) throws IOException;
  }

  /** What is known of a shard: its number in keys and how many records are indexed. */
  private record Known(int number, long records) {
    static Known of(final byte[] stored) {
      final ByteBuffer in = ByteBuffer.wrap(stored);
      return new Known(in.getInt(), in.getLong());
    }

    byte[] bytes() {
      return ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
          .putInt(number)
          .putLong(records)
          .array();
    }
  }

  /**
   * Opens the index in {@code folder}, which is made if absent.
   *
   * @throws StoreException if another process has it open, or on disk trouble
   */
  public static SearchIndex open(final Path folder) throws StoreException {
    return new SearchIndex(StateStore.open(folder));
  }

  /**
   * As {@link #open}, waiting while another process has it open.
   *
   * @throws StoreException if it has it for longer than {@code patience}, or on disk trouble
   */
  public static SearchIndex open(final Path folder, final Duration patience) throws StoreException {
    final long start = System.nanoTime();
    while (true) {
      try {
        return open(folder);
      } catch (final StoreException e) {
        if (System.nanoTime() - start > patience.toNanos() || Thread.interrupted()) {
          throw e;
        }
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  /**
   * Indexes what the log has more than the index, durably, a step at a time.
   *
   * @return the records added
   */
  public long catchUp(final LogReader log) throws IOException {
    return catchUp(log, Long.MAX_VALUE);
  }

  /** As {@link #catchUp(LogReader)}, but at most so many records. */
  public long catchUp(final LogReader log, final long recordsMax) throws IOException {
    long added = 0;
    for (final String shard : log.shards()) {
      Known known = known(shard);
      final long size = log.size(shard);
      if (size < known.records()) {
        throw new StoreException(
            "the index has more records of shard "
                + shard
                + " than the log; the log was cut or is another: verify it, then delete the index");
      }
      final long before = known.records();
      final long end = before + Math.min(size - before, recordsMax - added);
      while (known.records() < end) {
        known = step(log, shard, known, Math.min(end, nextStep(known.records())));
      }
      added += end - before;
    }
    return added;
  }

  private static long nextStep(final long from) {
    return (from / STEP_RECORDS + 1) * STEP_RECORDS;
  }

  private Known step(final LogReader log, final String shard, final Known known, final long to)
      throws IOException {
    final Step step = new Step(known.number(), known.records());
    log.forEachRecord(
        shard,
        known.records(),
        to,
        (index, record) -> {
          step.add(index, RecordTerms.of(record));
          return step.postings.size() < STEP_TERMS_MAX;
        });
    final Known after = new Known(known.number(), step.end);
    store.write(
        batch -> {
          step.postings.forEach(
              (term, records) -> {
                final byte[] key =
                    SearchKeys.posting(term.field, term.value, step.shard, step.block);
                batch.put(POSTINGS, key, Postings.with(store.get(POSTINGS, key), records));
              });
          step.times.forEach(
              (granule, span) -> {
                final byte[] key = SearchKeys.granule(step.shard, granule);
                batch.put(TIMES, key, span.merge(store.get(TIMES, key)).bytes());
              });
          batch.put(SHARDS, SearchKeys.shard(shard), after.bytes());
        });
    return after;
  }

  private Known known(final String shard) {
    final byte[] stored = store.get(SHARDS, SearchKeys.shard(shard));
    if (stored != null) {
      return Known.of(stored);
    }
    final int[] count = {0};
    store.scan(
        SHARDS,
        new byte[0],
        (name, value) -> {
          count[0]++;
          return true;
        });
    return new Known(count[0], 0);
  }

  /**
   * Answers a query over what is indexed, the newest records first; each is checked on its own
   * bytes, so a stale or damaged index can miss records but never answers a wrong one.
   */
  public void search(final LogReader log, final SearchQuery query, final Visitor visitor)
      throws IOException {
    final List<String> shards = log.shards();
    int left = query.limit();
    for (int i = shards.size() - 1; i >= 0 && left > 0; i--) {
      final String shard = shards.get(i);
      final Known known = known(shard);
      for (int block = (int) ((known.records() - 1) / Postings.BLOCK_RECORDS);
          known.records() > 0 && block >= 0 && left > 0;
          block--) {
        left -= searchBlock(log, shard, known, block, query, left, visitor);
      }
    }
  }

  private int searchBlock(
      final LogReader log,
      final String shard,
      final Known known,
      final int block,
      final SearchQuery query,
      final int limit,
      final Visitor visitor)
      throws IOException {
    final long[] candidates = candidates(known.number(), block, query.anyOf());
    final long base = (long) block * Postings.BLOCK_RECORDS;
    int found = 0;
    for (int record = (int) Math.min(Postings.BLOCK_RECORDS, known.records() - base) - 1;
        record >= 0 && found < limit;
        record--) {
      record = highestAtMost(candidates, record);
      if (record < 0) {
        break;
      }
      final int granule = (int) ((base + record) / GRANULE_RECORDS);
      final byte[] span = store.get(TIMES, SearchKeys.granule(known.number(), granule));
      if (span != null && !TimeSpan.of(span).overlaps(query)) {
        record -= record % GRANULE_RECORDS;
        continue;
      }
      final byte[] bytes = log.record(shard, base + record);
      if (bytes != null && RecordTerms.of(bytes).fits(query)) {
        visitor.record(shard, base + record, bytes);
        found++;
      }
    }
    return found;
  }

  /** The records of a block that have a wanted value in each field. */
  private long[] candidates(
      final int shard, final int block, final Map<SearchField, Set<String>> anyOf) {
    final long[] all = Postings.none();
    Arrays.fill(all, -1L);
    for (final Map.Entry<SearchField, Set<String>> wanted : anyOf.entrySet()) {
      final long[] bits = Postings.none();
      for (final String value : wanted.getValue()) {
        Postings.addTo(
            store.get(POSTINGS, SearchKeys.posting(wanted.getKey(), value, shard, block)), bits);
      }
      for (int word = 0; word < all.length; word++) {
        all[word] &= bits[word];
      }
    }
    return all;
  }

  private static int highestAtMost(final long[] bits, final int at) {
    int word = at >> 6;
    long left = bits[word] & -1L >>> (63 - (at & 63));
    while (left == 0) {
      if (--word < 0) {
        return -1;
      }
      left = bits[word];
    }
    return (word << 6) + 63 - Long.numberOfLeadingZeros(left);
  }

  @Override
  public void close() throws StoreException {
    store.close();
  }

  private record Term(SearchField field, String value) {}

  /** Earliest and latest time of a granule. */
  private record TimeSpan(long first, long last) {
    static TimeSpan of(final byte[] stored) {
      final ByteBuffer in = ByteBuffer.wrap(stored);
      return new TimeSpan(in.getLong(), in.getLong());
    }

    TimeSpan and(final long time) {
      return new TimeSpan(Math.min(first, time), Math.max(last, time));
    }

    TimeSpan merge(final byte[] stored) {
      return stored == null ? this : and(of(stored).first).and(of(stored).last);
    }

    boolean overlaps(final SearchQuery query) {
      return first < query.toMillis() && last >= query.fromMillis();
    }

    byte[] bytes() {
      return ByteBuffer.allocate(2 * Long.BYTES).putLong(first).putLong(last).array();
    }
  }

  /** What a run of records within one block adds. */
  private static final class Step {
    private final int shard;
    private final int block;
    private long end;
    private final Map<Term, List<Integer>> postings = new HashMap<>();
    private final Map<Integer, TimeSpan> times = new TreeMap<>();

    Step(final int shard, final long first) {
      this.shard = shard;
      this.block = (int) (first / Postings.BLOCK_RECORDS);
      this.end = first;
    }

    void add(final long index, final RecordTerms terms) {
      final int record = (int) (index % Postings.BLOCK_RECORDS);
      end = index + 1;
      terms
          .values()
          .forEach(
              (field, values) -> {
                for (final String value : values) {
                  postings
                      .computeIfAbsent(new Term(field, value), key -> new ArrayList<>())
                      .add(record);
                }
              });
      times.merge(
          (int) (index / GRANULE_RECORDS),
          new TimeSpan(terms.epochMillis(), terms.epochMillis()),
          (old, own) -> old.and(own.first));
    }
  }
}
