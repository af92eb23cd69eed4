package io.sealgate.policy.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.policy.index.RandomScopes.Entry;
import io.sealgate.policy.index.RandomScopes.Profile;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The three indexes beside each other and beside plain collections. */
final class ScopeIndexTest {
  private static final int[] SIZES = {0, 1, 2, 12, 13, 63, 64, 65, 300, 2_000};

  /** Such as organisations have: scope node, use case, kind, tool, model, role, finding type. */
  private static final Profile USUAL =
      new Profile("usual", new int[] {500, 10, 9, 200, 60, 40, 50}, 0.35, 6, 5, 1);

  private static final List<Profile> PROFILES =
      List.of(
          USUAL,
          new Profile("several entries a rule", new int[] {50, 9, 30}, 0.5, 4, 4, 3),
          new Profile("all unconstrained", new int[] {5, 5}, 0, 1, 3, 1),
          new Profile("all constrained", new int[] {3, 3, 3}, 1, 3, 3, 1),
          new Profile("lists beyond what is expanded", new int[] {400, 400, 9}, 0.6, 100, 12, 1),
          new Profile("calls with many ids", new int[] {3_000, 300, 4}, 0.7, 3, 600, 1),
          new Profile("one id a rule", new int[] {100_000}, 1, 1, 2, 1),
          new Profile("thousands of masks", fill(14, 12), 0.5, 2, 4, 1),
          new Profile("as many dimensions as can be", fill(24, 3), 0.2, 2, 2, 1.5));

  private static int[] fill(int dimensions, int ids) {
    final int[] all = new int[dimensions];
    Arrays.fill(all, ids);
    return all;
  }

  @Test
  void shouldAnswerAlikeWhenRulesAndCallsAreRandom() {
    for (final Profile profile : PROFILES) {
      for (final int size : SIZES) {
        compare(profile, size, size, 60);
      }
    }
  }

  @Test
  void shouldAnswerAlikeWhenThereAreManyRules() {
    for (final Profile profile : PROFILES) {
      compare(profile, 7, 20_000, 12);
    }
  }

  @Test
  @Tag("long")
  void shouldAnswerAlikeWhenThereAreVeryManyRules() {
    for (final Profile profile : PROFILES) {
      for (long seed = 100; seed < 102; seed++) {
        compare(profile, seed, 100_000, 20);
      }
      for (long seed = 1_000; seed < 1_400; seed++) {
        compare(profile, seed, (int) (seed % 97) * 7, 50);
      }
    }
  }

  private static void compare(Profile profile, long seed, int size, int calls) {
    final RandomScopes scopes = new RandomScopes(seed, profile);
    final List<Entry> entries = scopes.entries(size);
    final Map<ScopeIndex.Kind, ScopeIndex> indexes = new EnumMap<>(ScopeIndex.Kind.class);
    for (final ScopeIndex.Kind kind : ScopeIndex.Kind.values()) {
      indexes.put(kind, ScopeIndex.build(kind, scopes.build(scopes.shuffled(entries))));
      assertEquals(kind, indexes.get(kind).kind());
      assertEquals(size, indexes.get(kind).entryCount());
    }
    // One query and one buffer for all: what a search leaves behind must not reach the next.
    final ScopeQuery query = new ScopeQuery(profile.ids().length);
    final CandidateBuffer out = new CandidateBuffer();
    for (int i = 0; i < calls; i++) {
      final List<Set<Integer>> call = scopes.call();
      final List<Integer> expected = RandomScopes.expected(entries, call);
      scopes.fill(call, query);
      indexes.forEach(
          (kind, index) -> {
            index.find(query, out);
            assertEquals(
                expected,
                rules(out),
                () -> kind + ", " + profile + ", " + size + " entries, seed " + seed);
          });
    }
  }

  private static List<Integer> rules(CandidateBuffer out) {
    final List<Integer> rules = new ArrayList<>();
    for (int i = 0; i < out.size(); i++) {
      rules.add(out.rule(i));
    }
    return rules;
  }

  @Test
  void shouldProbeOnlyMasksThatKnowTheCallWhenThereAreManyRules() {
    final Profile profile = new Profile("few masks", fill(5, 30), 0.4, 1, 1, 1);
    final RandomScopes scopes = new RandomScopes(3, profile);
    final ScopeIndex index = tupleSpace(scopes.build(scopes.entries(20_000)));
    final ScopeQuery query = new ScopeQuery(5);
    final CandidateBuffer out = new CandidateBuffer();
    query.add(2, 1);
    index.find(query, out);
    assertEquals(2, out.probes(), "one probe for {} and one for {2}");
    query.add(2, 33);
    index.find(query, out);
    assertEquals(2, out.probes(), "an id that no rule names costs nothing");
  }

  @Test
  void shouldKeepTablesAndProbesBoundedWhenRulesAreHostile() {
    for (final Profile profile : PROFILES) {
      final RandomScopes scopes = new RandomScopes(5, profile);
      final ScopeEntries entries = scopes.build(scopes.entries(20_000));
      final TupleSpaceIndex index = tupleSpace(entries);
      assertTrue(index.maskCount() <= MaskPlan.MASKS_MAX, profile::name);
      final long bytesMax =
          5 * entries.heapBytes()
              + 20_000L * MaskPlan.COMBINATIONS_PER_ENTRY * (16 + 4 * 4 + 4 + 4);
      assertTrue(index.heapBytes() <= bytesMax, () -> profile + ": " + index.heapBytes());
      final ScopeQuery query = new ScopeQuery(profile.ids().length);
      final CandidateBuffer out = new CandidateBuffer();
      for (int i = 0; i < 20; i++) {
        scopes.fill(scopes.call(), query);
        index.find(query, out);
        assertTrue(
            out.probes() <= 20_000 * 2 * MaskPlan.COMBINATIONS_PER_ENTRY,
            () -> profile + ": " + out.probes());
      }
    }
  }

  @Test
  void shouldLookAtFewEntriesWhenListsAreLongOrMasksMany() {
    for (final Profile profile :
        List.of(
            new Profile("masks", fill(14, 12), 0.5, 1, 1, 1),
            new Profile("lists", new int[] {400, 400, 9}, 0.6, 200, 1, 1))) {
      final RandomScopes scopes = new RandomScopes(9, profile);
      final ScopeIndex index = tupleSpace(scopes.build(scopes.entries(20_000)));
      final ScopeQuery query = new ScopeQuery(profile.ids().length);
      final CandidateBuffer out = new CandidateBuffer();
      for (int i = 0; i < 50; i++) {
        scopes.fill(scopes.call(), query);
        index.find(query, out);
        assertTrue(out.probes() < 200, () -> profile + ": " + out.probes() + " probes");
      }
    }
  }

  @Test
  void shouldPickByMeasuredSizeWhenNotTold() {
    final RandomScopes scopes = new RandomScopes(4, USUAL);
    final Map<Integer, ScopeIndex.Kind> expected =
        Map.of(
            0,
            ScopeIndex.Kind.LINEAR,
            ScopeIndex.LINEAR_ENTRIES_MAX,
            ScopeIndex.Kind.LINEAR,
            ScopeIndex.LINEAR_ENTRIES_MAX + 1,
            ScopeIndex.Kind.BITMAP,
            ScopeIndex.BITMAP_ENTRIES_MAX,
            ScopeIndex.Kind.BITMAP,
            ScopeIndex.BITMAP_ENTRIES_MAX + 1,
            ScopeIndex.Kind.TUPLE_SPACE);
    expected.forEach(
        (size, kind) ->
            assertEquals(
                kind,
                ScopeIndex.build(scopes.build(scopes.entries(size))).kind(),
                () -> size + " entries"));
    final RandomScopes wide =
        new RandomScopes(4, new Profile("wide rows", new int[] {20_000}, 1, 2_000, 1, 1));
    assertEquals(
        ScopeIndex.Kind.TUPLE_SPACE,
        ScopeIndex.build(wide.build(wide.entries(4_000))).kind(),
        "rows of bits for 20,000 ids would be too large");
  }

  @Test
  void shouldAllocateNothingWhenSearchingInSteadyState() {
    final RandomScopes scopes = new RandomScopes(6, USUAL);
    final ScopeEntries entries = scopes.build(scopes.entries(3_000));
    final List<ScopeQuery> queries = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      final ScopeQuery query = new ScopeQuery(USUAL.ids().length);
      scopes.fill(scopes.call(), query);
      queries.add(query);
    }
    final com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    final long self = Thread.currentThread().threadId();
    final CandidateBuffer out = new CandidateBuffer();
    for (final ScopeIndex.Kind kind : ScopeIndex.Kind.values()) {
      final ScopeIndex index = ScopeIndex.build(kind, entries);
      final int found = search(index, queries, out, 10);
      threads.getThreadAllocatedBytes(self);
      final long before = threads.getThreadAllocatedBytes(self);
      assertEquals(found, search(index, queries, out, 10));
      final long allocated = threads.getThreadAllocatedBytes(self) - before;
      // Reading the counter itself allocates a little; one object a search would be 10,240 bytes.
      assertTrue(allocated < 4_096, () -> kind + ": " + allocated + " bytes in 640 searches");
    }
  }

  private static int search(
      ScopeIndex index, List<ScopeQuery> queries, CandidateBuffer out, int rounds) {
    int found = 0;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < queries.size(); i++) {
        index.find(queries.get(i), out);
        found += out.size();
      }
    }
    return found;
  }

  @Test
  void shouldRefuseWhenEntriesOrQueriesMakeNoSense() {
    assertThrows(IllegalArgumentException.class, () -> ScopeEntries.builder(0));
    assertThrows(
        IllegalArgumentException.class,
        () -> ScopeEntries.builder(ScopeEntries.DIMENSIONS_MAX + 1));
    final ScopeEntries.Builder builder = ScopeEntries.builder(2);
    assertThrows(IllegalStateException.class, () -> builder.only(0, 1));
    assertThrows(IllegalArgumentException.class, () -> builder.entry(-1));
    assertThrows(IllegalArgumentException.class, () -> builder.entry(ScopeEntries.IDS_MAX));
    builder.entry(0).only(0, 1);
    assertThrows(IllegalArgumentException.class, () -> builder.only(0, 2));
    assertThrows(IllegalArgumentException.class, () -> builder.only(2, 2));
    assertThrows(IllegalArgumentException.class, () -> builder.only(1));
    assertThrows(IllegalArgumentException.class, () -> builder.only(1, -1));
    assertThrows(IllegalArgumentException.class, () -> builder.only(1, ScopeEntries.IDS_MAX));
    for (final ScopeIndex.Kind kind : ScopeIndex.Kind.values()) {
      final ScopeIndex index = ScopeIndex.build(kind, builder.build());
      final CandidateBuffer out = new CandidateBuffer();
      final IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> index.find(new ScopeQuery(3), out));
      assertTrue(refused.getMessage().contains("3 dimensions"), refused::getMessage);
    }
  }

  @Test
  void shouldIgnoreUnknownValuesWhenAskedAboutThem() {
    final ScopeEntries entries = ScopeEntries.builder(1).entry(8).only(0, 5, 3, 5).entry(2).build();
    for (final ScopeIndex.Kind kind : ScopeIndex.Kind.values()) {
      final ScopeIndex index = ScopeIndex.build(kind, entries);
      final ScopeQuery query = new ScopeQuery(1);
      final CandidateBuffer out = new CandidateBuffer();
      query.add(0, -1);
      index.find(query, out);
      assertEquals(List.of(2), rules(out), kind::name);
      query.add(0, 3);
      query.add(0, 3);
      query.add(0, ScopeEntries.IDS_MAX + 1);
      index.find(query, out);
      assertEquals(List.of(2, 8), rules(out), kind::name);
    }
  }

  private static TupleSpaceIndex tupleSpace(ScopeEntries entries) {
    return (TupleSpaceIndex) ScopeIndex.build(ScopeIndex.Kind.TUPLE_SPACE, entries);
  }
}
