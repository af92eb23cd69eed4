package io.sealgate.gateway.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.content.Content.Part;
import io.sealgate.gateway.testkit.Until;
import io.sealgate.signer.Signer;
import io.sealgate.signer.SignerConfig;
import io.sealgate.signer.client.ContentKeyClient;
import io.sealgate.signer.token.KeyType;
import io.sealgate.store.StateStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store on a real signer with a real SoftHSM token, and what a thief finds on its disk. */
final class ContentStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final byte[] SECRET = new byte[32];
  private static final String MARKER = "the falcon lands at noon";

  @TempDir static Path shared;
  private static Signer signer;
  private static ContentKeyClient keys;

  @TempDir Path folder;
  private final SteppedClock clock = new SteppedClock();

  @BeforeAll
  static void start() throws Exception {
    final SignerConfig config =
        SignerConfig.development(
            shared.resolve("data"), shared.resolve("aeron"), "gw.example.com", KeyType.P256);
    signer =
        Signer.start(
            config,
            fatal -> {
              throw new AssertionError(fatal);
            });
    keys = new ContentKeyClient(shared.resolve("data"));
  }

  @AfterAll
  static void stop() {
    signer.close();
  }

  @BeforeEach
  void forget() {
    clock.now = NOW;
  }

  private ContentStore store(final int retentionDays) {
    final ContentStore store =
        ContentStore.start(folder.resolve("content"), keys, SECRET, retentionDays, clock);
    store.want(true);
    store.prepare();
    return store;
  }

  /** Puts a piece and waits; null where it was stored, else why not. */
  private String put(
      final ContentStore store, final String id, final String user, final byte[] bytes)
      throws Exception {
    final CompletableFuture<String> told = new CompletableFuture<>();
    final boolean taken =
        store.put(
            new Piece(
                id,
                clock.millis(),
                Part.PROMPT,
                "org",
                user,
                salt(id),
                bytes,
                Runnable::run,
                new Piece.Waiter() {
                  @Override
                  public void stored() {
                    told.complete(null);
                  }

                  @Override
                  public void failed(final String why) {
                    told.complete(why);
                  }
                }));
    assertTrue(taken);
    return told.get(20, TimeUnit.SECONDS);
  }

  private static byte[] salt(final String id) {
    return Arrays.copyOf(id.getBytes(StandardCharsets.US_ASCII), ContentDay.SALT_BYTES);
  }

  private Content read(final ContentStore store, final String id) throws IOException {
    return store.read(id, NOW.toEpochMilli(), Part.PROMPT);
  }

  private static byte[] text(final String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Path day() {
    return folder.resolve("content").resolve("2026-11-21");
  }

  @Test
  void shouldGiveBackWhatItTookAlsoInItsNextLife() throws Exception {
    final byte[] large = new byte[3 << 20];
    new Random(1).nextBytes(large);
    try (ContentStore store = store(30)) {
      assertNull(put(store, "r1", "ann", text(MARKER)));
      assertNull(put(store, "r2", "bob", large));
      assertNull(put(store, "r3", "bob", new byte[0]));
      assertArrayEquals(text(MARKER), read(store, "r1").bytes());
      assertArrayEquals(salt("r1"), read(store, "r1").salt());
      assertEquals(Content.State.ABSENT, read(store, "r9").state());
      assertEquals(Content.State.ABSENT, store.read("r1", NOW.toEpochMilli(), Part.ANSWER).state());
    }
    try (ContentStore store = store(30)) {
      assertArrayEquals(text(MARKER), read(store, "r1").bytes());
      assertArrayEquals(large, read(store, "r2").bytes());
      assertEquals(0, read(store, "r3").bytes().length);
    }
    // Of a day that is not open, and by a store that keeps nothing.
    clock.now = NOW.plus(Duration.ofDays(9));
    try (ContentStore store =
        ContentStore.start(folder.resolve("content"), keys, SECRET, 30, clock)) {
      assertArrayEquals(text(MARKER), read(store, "r1").bytes());
      assertFalse(store.ready(clock.millis()), "nothing is opened before it is wanted");
    }
  }

  @Test
  void shouldShowNothingOnDiskThatWasSaidOrWhoSaidIt() throws Exception {
    try (ContentStore store = store(30)) {
      for (int i = 0; i < 50; i++) {
        assertNull(put(store, "r" + i, "a-rare-name", text(MARKER)));
      }
      store.erase("org", "a-rare-name");
      assertNull(put(store, "later", "a-rare-name", text(MARKER)));
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (final Path file : files.filter(Files::isRegularFile).toList()) {
        final String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains(MARKER), file.toString());
        assertFalse(bytes.contains("a-rare-name"), file.toString());
      }
    }
  }

  @Test
  void shouldEraseOneSubjectOnlyAndOnEveryDay() throws Exception {
    try (ContentStore store = store(30)) {
      assertNull(put(store, "r1", "ann", text("one")));
      assertNull(put(store, "r2", "bob", text("two")));
      clock.now = NOW.plus(Duration.ofDays(1));
      Until.holds("the next day is open", () -> store.ready(clock.millis()));
      assertNull(put(store, "r3", "ann", text("three")));
      assertEquals(2, store.erase("org", "ann"));
      assertEquals(0, store.erase("org", "ann"));
      assertEquals(0, store.erase("another org", "bob"));
      assertEquals(Content.State.ERASED, read(store, "r1").state());
      assertEquals(Content.State.ERASED, store.read("r3", clock.millis(), Part.PROMPT).state());
      assertArrayEquals(text("two"), read(store, "r2").bytes());
      // Whoever comes back is kept again, under another key.
      assertNull(put(store, "r4", "ann", text("four")));
      assertArrayEquals(text("four"), store.read("r4", clock.millis(), Part.PROMPT).bytes());
      assertEquals(Content.State.ERASED, store.read("r3", clock.millis(), Part.PROMPT).state());
    }
  }

  /** Pages of LMDB that are free, and copies of the rows, hold old rows: their keys are gone. */
  @Test
  void shouldNotBeReadableFromACopyOfTheRowsOnceErased() throws Exception {
    final Path copy = folder.resolve("copy");
    try (ContentStore store = store(30)) {
      assertNull(put(store, "r1", "ann", text(MARKER)));
      assertNull(put(store, "r2", "bob", text(MARKER)));
    }
    copy(day().resolve("rows"), copy);
    try (ContentStore store = store(30)) {
      assertEquals(1, store.erase("org", "ann"));
    }
    delete(day().resolve("rows"));
    copy(copy, day().resolve("rows"));
    try (ContentStore store = store(30)) {
      assertEquals(Content.State.ERASED, read(store, "r1").state());
      assertArrayEquals(text(MARKER), read(store, "r2").bytes());
    }
  }

  @Test
  void shouldEraseWithoutTheToken() throws Exception {
    try (ContentStore store = store(30)) {
      assertNull(put(store, "r1", "ann", text("one")));
    }
    try (ContentStore store =
        ContentStore.start(
            folder.resolve("content"), new ContentKeyClient(folder), SECRET, 30, clock)) {
      assertEquals(1, store.erase("org", "ann"));
    }
    try (ContentStore store = store(30)) {
      assertEquals(Content.State.ERASED, read(store, "r1").state());
    }
  }

  @Test
  void shouldSayWhatIsDamagedAndReadTheRest() throws Exception {
    try (ContentStore store = store(30)) {
      assertNull(put(store, "r1", "ann", text("one")));
      assertNull(put(store, "r2", "ann", text("two")));
    }
    final byte[] key = text("r1/prompt");
    final byte[] row;
    try (StateStore rows = StateStore.open(day().resolve("rows"))) {
      row = rows.get("content", key);
    }
    // The first byte says whether it was erased; of the rest every bit counts.
    for (int at = 1; at < row.length; at++) {
      final byte[] flipped = row.clone();
      flipped[at] ^= 1;
      rewrite(key, flipped);
      try (ContentDay day = ContentDay.open(day(), "2026-11-21")) {
        day.unlock(keys);
        final int place = at;
        final IOException damaged =
            assertThrows(
                IOException.class, () -> day.read("r1", Part.PROMPT), () -> "byte " + place);
        assertTrue(
            damaged.getMessage().contains("r1") || damaged.getMessage().contains("subject"),
            damaged.getMessage());
      }
    }
    rewrite(key, Arrays.copyOf(row, 40));
    try (ContentStore store = store(30)) {
      assertThrows(IOException.class, () -> read(store, "r1"));
      assertArrayEquals(text("two"), read(store, "r2").bytes());
    }
    // A row in another's place is not that one's.
    rewrite(text("r2/prompt"), row);
    try (ContentStore store = store(30)) {
      assertThrows(IOException.class, () -> read(store, "r2"));
    }
  }

  private void rewrite(final byte[] key, final byte[] row) throws IOException {
    try (StateStore rows = StateStore.open(day().resolve("rows"))) {
      rows.write(batch -> batch.put("content", key, row));
    }
  }

  @Test
  void shouldRefuseAnotherDaysKeyAndAnotherTokens() throws Exception {
    try (ContentStore store = store(30)) {
      assertNull(put(store, "r1", "ann", text("one")));
    }
    final Path key = day().resolve("day-key");
    final byte[] wrapped = Files.readAllBytes(key);
    Files.write(key, keys.make("2026-11-20").wrapped());
    try (ContentStore store = store(30)) {
      assertFalse(store.ready(clock.millis()));
      assertTrue(store.trouble().contains("wrapping key cannot be used"), store.trouble());
      assertThrows(IOException.class, () -> read(store, "r1"));
      // Mended, it goes on by itself.
      Files.write(key, wrapped);
      Until.holds("the day is open", () -> store.ready(clock.millis()));
      assertArrayEquals(text("one"), read(store, "r1").bytes());
    }
  }

  @Test
  void shouldRefuseToKeepWhenTheDayIsNotOpen() throws Exception {
    try (ContentStore store = store(30)) {
      clock.now = NOW.minus(Duration.ofDays(5));
      final String why = put(store, "r1", "ann", text("one"));
      assertNotNull(why);
      assertTrue(why.contains("not open"), why);
      assertFalse(
          store.put(
              new Piece(
                  "r2",
                  NOW.toEpochMilli(),
                  Part.PROMPT,
                  "org",
                  "ann",
                  salt("r2"),
                  new byte[ContentStore.PIECE_BYTES_MAX + 1],
                  Runnable::run,
                  null)));
    }
  }

  @Test
  void shouldDeleteDaysWhoseTimeIsOverAndNothingElse() throws Exception {
    final Path content = folder.resolve("content");
    try (ContentStore store = store(7)) {
      assertNull(put(store, "r1", "ann", text("one")));
    }
    Files.createDirectories(content.resolve("notes"));
    clock.now = NOW.plus(Duration.ofDays(7));
    try (ContentStore store = store(7)) {
      assertArrayEquals(text("one"), read(store, "r1").bytes());
      clock.now = NOW.plus(Duration.ofDays(8));
      Until.holds("the day is deleted", () -> !Files.exists(day()));
      assertEquals(Content.State.ABSENT, read(store, "r1").state());
      assertTrue(Files.exists(content.resolve("notes")));
      Until.holds("the new day is open", () -> store.ready(clock.millis()));
    }
  }

  @Test
  void shouldOpenTheNextDayBeforeItBegins() throws Exception {
    clock.now = Instant.parse("2026-11-21T23:55:00Z");
    try (ContentStore store = store(30)) {
      Until.holds(
          "tomorrow is open",
          () -> store.ready(Instant.parse("2026-11-22T00:00:00Z").toEpochMilli()));
    }
  }

  /** A crash may leave half a slot behind the last whole one. */
  @Test
  void shouldGoOnAfterASubjectsKeyWasCutShort() throws Exception {
    try (ContentStore store = store(30)) {
      assertNull(put(store, "r1", "ann", text("one")));
    }
    final Path file = day().resolve("subject-keys");
    final byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(Arrays.copyOf(whole, whole.length + 33), whole.length + 33));
    try (ContentStore store = store(30)) {
      assertNull(put(store, "r2", "bob", text("two")));
      assertArrayEquals(text("one"), read(store, "r1").bytes());
      assertArrayEquals(text("two"), read(store, "r2").bytes());
    }
    Files.write(file, text("something else entirely"));
    try (ContentStore store = store(30)) {
      assertFalse(store.ready(clock.millis()));
      assertTrue(store.trouble().contains("no subject keys"), store.trouble());
    }
  }

  private static void copy(final Path from, final Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (final Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static void delete(final Path folder) throws IOException {
    final List<Path> all = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      walk.forEach(all::add);
    }
    for (final Path one : all.reversed()) {
      Files.delete(one);
    }
  }

  private static final class SteppedClock extends Clock {
    private volatile Instant now = NOW;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(final ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
