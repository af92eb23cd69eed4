package io.sealgate.perf;

import io.sealgate.log.LogOrigin;
import io.sealgate.log.NoteException;
import io.sealgate.log.NoteVerifier;
import io.sealgate.log.SignedNote;
import io.sealgate.log.Vkey;
import io.sealgate.log.search.SearchField;
import io.sealgate.log.search.SearchIndex;
import io.sealgate.log.search.SearchQuery;
import io.sealgate.log.store.LogOptions;
import io.sealgate.log.store.LogReader;
import io.sealgate.log.store.LogWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Fills a log, indexes it and asks it selective questions. */
final class SearchSuite {
  private static final long SEED = 20_261_121L;
  private static final String LOG_NAME = "bench.example.com";
  private static final Instant FIRST = Instant.parse("2026-10-01T00:00:00Z");
  private static final int BATCH = 8_192;
  private static final int USERS = 50_000;
  private static final int BLOCKED_ONE_IN = 100;
  private static final int LABELLED_ONE_IN = 1_000;
  private static final int STEP_MILLIS = 500;
  private static final int QUERIES = 200;
  private static final int LIMIT = 100;

  /**
   * What was measured.
   *
   * @param indexedPerSecond records
   * @param medianMillis of queries for one user, for one user's blocked calls, and for calls with a
   *     label in one day
   * @param slowestMillis of the same
   * @param scanMillis one walk over all records that compares bytes
   */
  record Result(
      long records,
      double indexedPerSecond,
      double medianMillis,
      double slowestMillis,
      double scanMillis) {}

  private final Random random = new Random(SEED);
  private final long records;

  private SearchSuite(final long records) {
    this.records = records;
  }

  /** Runs the suite below a directory; leaves no file behind. */
  static Result run(final Path directory, final long records, final Consumer<String> progress)
      throws BenchException {
    try (WorkDirectory work = WorkDirectory.in(directory)) {
      return new SearchSuite(records).measure(work.path(), progress);
    } catch (final IOException | GeneralSecurityException failed) {
      throw new BenchException("the search cannot be measured: " + failed.getMessage(), failed);
    }
  }

  private Result measure(final Path work, final Consumer<String> progress)
      throws IOException, GeneralSecurityException {
    progress.accept("search: filling a log with " + records + " records");
    final Path folder = work.resolve("log");
    fill(folder);
    try (LogReader log = LogReader.open(folder);
        SearchIndex index = SearchIndex.open(work.resolve("search"))) {
      progress.accept("search: indexing");
      final long start = System.nanoTime();
      index.catchUp(log);
      final double indexed = records * 1e9 / (System.nanoTime() - start);
      progress.accept("search: asking");
      ask(index, log);
      final List<Double> millis = ask(index, log);
      Collections.sort(millis);
      progress.accept("search: walking over all records");
      return new Result(
          records,
          indexed,
          millis.get(millis.size() / 2),
          millis.getLast(),
          scan(log, user(random.nextInt(USERS))));
    }
  }

  private void fill(final Path folder) throws IOException, GeneralSecurityException {
    final KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    final Vkey key;
    try {
      key = Vkey.of(LOG_NAME, pair.getPublic());
    } catch (final NoteException impossible) {
      throw new IllegalStateException(impossible);
    }
    try (LogWriter writer =
        LogWriter.open(
            folder,
            LogOrigin.of(LOG_NAME, FIRST),
            NoteVerifier.of(key),
            LogOptions.defaults().withReserveBytes(0))) {
      while (writer.size() < records) {
        writer.begin();
        final long end = Math.min(records, writer.size() + BATCH);
        for (long i = writer.size(); i < end; i++) {
          final byte[] record = record(i);
          writer.append(record, 0, record.length);
        }
        writer.commit(signed(writer.checkpointText(), key, pair));
      }
    }
  }

  private static byte[] signed(final byte[] text, final Vkey key, final KeyPair pair)
      throws GeneralSecurityException {
    final Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(pair.getPrivate());
    signer.update(text);
    try {
      return SignedNote.of(
              text, List.of(new SignedNote.SignatureLine(key.name(), key.keyId(), signer.sign())))
          .toBytes();
    } catch (final NoteException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String user(final int number) {
    return "user-" + number;
  }

  /** The members that are searched, as decision records have them. */
  private byte[] record(final long i) {
    final boolean blocked = random.nextInt(BLOCKED_ONE_IN) == 0;
    final String finding =
        random.nextInt(LABELLED_ONE_IN) == 0
            ? "{\"count\":1,\"score_max\":950000,\"type\":\"CREDIT_CARD\"}"
            : "";
    return ("{\"call\":{\"model\":\"model-"
            + random.nextInt(5)
            + "\"},\"caller\":{\"org\":\"acme\",\"team\":\"team-"
            + random.nextInt(50)
            + "\",\"user\":\""
            + user(random.nextInt(USERS))
            + "\"},\"decision\":\""
            + (blocked ? "block" : "allow")
            + "\",\"findings\":["
            + finding
            + "],\"kind\":\"decision\",\"policy\":{\"rule\":\"rules/r"
            + random.nextInt(200)
            + "\"},\"time\":\""
            + FIRST.plusMillis(i * STEP_MILLIS)
            + "\"}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private List<Double> ask(final SearchIndex index, final LogReader log) throws IOException {
    final List<Double> millis = new ArrayList<>();
    for (int i = 0; i < QUERIES; i++) {
      final SearchQuery query = query(i);
      final long start = System.nanoTime();
      index.search(log, query, (shard, at, record) -> {});
      millis.add((System.nanoTime() - start) / 1e6);
    }
    return millis;
  }

  private SearchQuery query(final int i) {
    final Map<SearchField, Set<String>> terms = new EnumMap<>(SearchField.class);
    long from = Long.MIN_VALUE;
    long to = Long.MAX_VALUE;
    if (i % 3 == 2) {
      terms.put(SearchField.LABEL, Set.of("CREDIT_CARD"));
      final long day = TimeUnit.DAYS.toMillis(1);
      final long days = records * STEP_MILLIS / day;
      from = FIRST.toEpochMilli() + random.nextInt((int) days + 1) * day;
      to = from + day;
    } else {
      terms.put(SearchField.USER, Set.of(user(random.nextInt(USERS))));
    }
    if (i % 3 == 1) {
      terms.put(SearchField.VERDICT, Set.of("block"));
    }
    return new SearchQuery(from, to, terms, LIMIT);
  }

  private double scan(final LogReader log, final String user) throws IOException {
    final byte[] wanted = ("\"" + user + "\"").getBytes(StandardCharsets.UTF_8);
    final long[] found = {0};
    final long start = System.nanoTime();
    for (final String shard : log.shards()) {
      log.forEachRecord(
          shard,
          0,
          log.size(shard),
          (index, record) -> {
            found[0] += contains(record, wanted) ? 1 : 0;
            return true;
          });
    }
    final double millis = (System.nanoTime() - start) / 1e6;
    if (found[0] == 0 && records > 10L * USERS) {
      throw new IllegalStateException("the walk did not find " + user);
    }
    return millis;
  }

  private static boolean contains(final byte[] in, final byte[] wanted) {
    for (int i = 0; i + wanted.length <= in.length; i++) {
      if (Arrays.equals(in, i, i + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
    }
    return false;
  }
}
