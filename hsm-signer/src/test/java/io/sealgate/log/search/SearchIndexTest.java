package io.sealgate.log.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.log.store.LogReader;
import io.sealgate.log.store.TestLog;
import io.sealgate.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index against a walk over all records, over a real log. */
final class SearchIndexTest {
  private static final long SEED = 20_261_121L;
  private static final long FIRST_MILLIS = Instant.parse("2026-11-21T00:00:00Z").toEpochMilli();

  @TempDir Path temp;

  private final Random random = new Random(SEED);
  private final List<byte[]> records = new ArrayList<>();

  private byte[] record(final int i) {
    // Now and then the clock steps back by up to ten seconds.
    final Instant time = Instant.ofEpochMilli(FIRST_MILLIS + i * 40L - random.nextInt(10_000));
    final String labels =
        random.nextInt(20) == 0 ? "{\"count\":1,\"score_max\":1,\"type\":\"CREDIT_CARD\"}" : "";
    final String decision = random.nextInt(50) == 0 ? "block" : "allow";
    return ("{\"call\":{\"model\":\"m"
            + random.nextInt(5)
            + "\"},\"caller\":{\"org\":\"acme\",\"team\":\"t\",\"use_case\":\"u"
            + random.nextInt(3)
            + "\",\"user\":\"user-"
            + random.nextInt(700)
            + "\"},\"decision\":\""
            + decision
            + "\",\"findings\":["
            + labels
            + "],\"kind\":\"decision\",\"policy\":{\"matched\":[\"p/r"
            + random.nextInt(4)
            + "\"],\"rule\":\"p/r9\"},\"time\":\""
            + time
            + "\"}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private List<Long> walk(final SearchQuery query) {
    final List<Long> found = new ArrayList<>();
    for (int i = records.size() - 1; i >= 0 && found.size() < query.limit(); i--) {
      if (RecordTerms.of(records.get(i)).fits(query)) {
        found.add((long) i);
      }
    }
    return found;
  }

  private static List<Long> search(
      final SearchIndex index, final LogReader log, final SearchQuery query) throws IOException {
    final List<Long> found = new ArrayList<>();
    index.search(log, query, (shard, at, record) -> found.add(at));
    return found;
  }

  private SearchQuery query() {
    final Map<SearchField, Set<String>> anyOf = new EnumMap<>(SearchField.class);
    if (random.nextInt(3) > 0) {
      final Set<String> users = new TreeSet<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        users.add("user-" + random.nextInt(710));
      }
      anyOf.put(SearchField.USER, users);
    }
    if (random.nextInt(3) == 0) {
      anyOf.put(SearchField.VERDICT, Set.of("block"));
    }
    if (random.nextInt(3) == 0) {
      anyOf.put(SearchField.LABEL, Set.of("CREDIT_CARD", "IBAN_CODE"));
    }
    if (random.nextInt(3) == 0) {
      anyOf.put(SearchField.RULE, Set.of("p/r" + random.nextInt(4)));
    }
    final long from = FIRST_MILLIS + random.nextInt(records.size()) * 40L;
    final boolean bounded = random.nextBoolean();
    return new SearchQuery(
        bounded ? from : Long.MIN_VALUE,
        bounded ? from + 1 + random.nextInt(400_000) : Long.MAX_VALUE,
        anyOf,
        1 + random.nextInt(200));
  }

  @Test
  void findsWhatAWalkFinds() throws IOException {
    final TestLog test = new TestLog(temp);
    try (SearchIndex index = SearchIndex.open(temp.resolve("search"));
        LogReader log = LogReader.open(test.logDir())) {
      // Steps, blocks and granules begin and end at other places than the appends.
      for (final int count : new int[] {1, 255, 8_000, 700, 61_000}) {
        try (var writer = test.open()) {
          final List<byte[]> batch = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            batch.add(record(records.size() + i));
          }
          test.append(writer, batch);
          records.addAll(batch);
        }
        assertEquals(count, index.catchUp(log));
        assertEquals(0, index.catchUp(log));
        for (int i = 0; i < 60; i++) {
          final SearchQuery query = query();
          assertEquals(walk(query), search(index, log, query), query.toString());
        }
      }
    }
  }

  @Test
  void whatIsNoRecordOfOursIsFoundByNothing() throws IOException {
    final TestLog test = new TestLog(temp);
    try (var writer = test.open()) {
      test.append(writer, List.of("{}".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2}));
    }
    try (SearchIndex index = SearchIndex.open(temp.resolve("search"));
        LogReader log = LogReader.open(test.logDir())) {
      assertEquals(2, index.catchUp(log));
      final Map<SearchField, Set<String>> user = Map.of(SearchField.USER, Set.of("user-1"));
      assertTrue(search(index, log, new SearchQuery(1, Long.MAX_VALUE, user, 9)).isEmpty());
    }
  }

  @Test
  void longValuesAreToldApart() throws IOException {
    final TestLog test = new TestLog(temp);
    final String name = "u".repeat(400);
    try (var writer = test.open()) {
      test.append(
          writer,
          List.of(
              ("{\"caller\":{\"user\":\"" + name + "a\"}}").getBytes(StandardCharsets.UTF_8),
              ("{\"caller\":{\"user\":\"" + name + "b\"}}").getBytes(StandardCharsets.UTF_8)));
    }
    try (SearchIndex index = SearchIndex.open(temp.resolve("search"));
        LogReader log = LogReader.open(test.logDir())) {
      index.catchUp(log);
      final Map<SearchField, Set<String>> user = Map.of(SearchField.USER, Set.of(name + "b"));
      assertEquals(List.of(1L), search(index, log, new SearchQuery(0, 1, user, 9)));
    }
  }

  @Test
  void anIndexOfAnotherLogIsRefused() throws IOException {
    final TestLog test = new TestLog(temp.resolve("a"));
    final TestLog shorter = new TestLog(temp.resolve("b"));
    try (var writer = test.open();
        var other = shorter.open()) {
      test.append(writer, List.of("{}".getBytes(StandardCharsets.UTF_8), new byte[] {1}));
      shorter.append(other, List.of("{}".getBytes(StandardCharsets.UTF_8)));
    }
    try (SearchIndex index = SearchIndex.open(temp.resolve("search"));
        LogReader log = LogReader.open(test.logDir());
        LogReader cut = LogReader.open(shorter.logDir())) {
      index.catchUp(log);
      assertThrows(StoreException.class, () -> index.catchUp(cut));
    }
  }

  @Test
  void twoProcessesDoNotShareAnIndex() throws Exception {
    final SearchIndex first = SearchIndex.open(temp.resolve("search"));
    assertThrows(StoreException.class, () -> SearchIndex.open(temp.resolve("search")));
    assertThrows(
        StoreException.class,
        () -> SearchIndex.open(temp.resolve("search"), Duration.ofMillis(50)));
    final Thread closes =
        Thread.ofPlatform()
            .start(
                () -> {
                  LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                  try {
                    first.close();
                  } catch (final StoreException e) {
                    throw new UncheckedIOException(e);
                  }
                });
    SearchIndex.open(temp.resolve("search"), Duration.ofSeconds(30)).close();
    closes.join();
  }

  @Test
  void aFollowerKeepsTheIndexCloseBehindTheLog() throws Exception {
    final TestLog test = new TestLog(temp);
    final Path folder = temp.resolve("search");
    try (var writer = test.open();
        LogReader log = LogReader.open(test.logDir());
        SearchFollower follower = SearchFollower.start(test.logDir(), folder)) {
      final List<byte[]> batch = new ArrayList<>();
      for (int i = 0; i < 9_000; i++) {
        records.add(record(i));
        batch.add(records.getLast());
      }
      test.append(writer, batch);
      final SearchQuery query =
          new SearchQuery(Long.MIN_VALUE, Long.MAX_VALUE, Map.of(), records.size());
      final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      List<Long> found = List.of();
      while (found.size() < records.size() && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        try (SearchIndex index = SearchIndex.open(folder, Duration.ofSeconds(30))) {
          found = search(index, log, query);
        }
      }
      assertEquals(walk(query), found, follower + " did not keep up");
    }
  }
}
