package io.sealgate.policy.index;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Makes random rule sets and calls, and answers by plain collections what matches. */
final class RandomScopes {
  /** What one entry asks for: for some dimensions a set of ids. */
  record Entry(int rule, Map<Integer, Set<Integer>> only) {
    boolean matches(List<Set<Integer>> call) {
      return only.entrySet().stream()
          .noneMatch(asked -> Collections.disjoint(call.get(asked.getKey()), asked.getValue()));
    }
  }

  /**
   * What rule sets are to look like.
   *
   * @param ids by dimension, how many different ones there are
   * @param constrained how likely a dimension is constrained, 0 to 1
   * @param listMax the longest list of ids
   * @param callIdsMax the most ids of a call in a dimension
   * @param entriesPerRule how many entries share a rule, on average
   */
  record Profile(
      String name,
      int[] ids,
      double constrained,
      int listMax,
      int callIdsMax,
      double entriesPerRule) {}

  private final Random random;
  private final Profile profile;

  RandomScopes(long seed, Profile profile) {
    random = new Random(seed);
    this.profile = profile;
  }

  List<Entry> entries(int count) {
    final int rules = Math.max(1, (int) (count / profile.entriesPerRule));
    final List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      final Map<Integer, Set<Integer>> only = new HashMap<>();
      for (int dimension = 0; dimension < profile.ids.length; dimension++) {
        if (random.nextDouble() < profile.constrained) {
          final Set<Integer> ids = new TreeSet<>();
          for (int n = length(profile.listMax); n > 0; n--) {
            ids.add(random.nextInt(profile.ids[dimension]));
          }
          only.put(dimension, ids);
        }
      }
      entries.add(
          new Entry(profile.entriesPerRule == 1 ? rules - 1 - i : random.nextInt(rules), only));
    }
    return entries;
  }

  /** Mostly one, at times many. */
  private int length(int max) {
    return max == 1 || random.nextInt(4) != 0 ? 1 : 1 + random.nextInt(max);
  }

  /** For each dimension the ids that a call has, some of them ids that no rule knows. */
  List<Set<Integer>> call() {
    final List<Set<Integer>> call = new ArrayList<>();
    for (final int ids : profile.ids) {
      final Set<Integer> mine = new TreeSet<>();
      if (random.nextInt(10) != 0) {
        for (int n = length(profile.callIdsMax); n > 0; n--) {
          mine.add(random.nextInt(20) == 0 ? ids + random.nextInt(9) : random.nextInt(ids));
        }
      }
      call.add(mine);
    }
    return call;
  }

  /** Half of the ids one by one, the rest at once, in random order. */
  void fill(List<Set<Integer>> call, ScopeQuery query) {
    query.clear();
    for (int dimension = 0; dimension < call.size(); dimension++) {
      final List<Integer> single = new ArrayList<>();
      final SortedSet<Integer> together = new TreeSet<>();
      for (final int id : call.get(dimension)) {
        (random.nextBoolean() ? single : together).add(id);
      }
      Collections.shuffle(single, random);
      final int[] ascending = together.stream().mapToInt(id -> id).toArray();
      final boolean togetherFirst = random.nextBoolean();
      if (togetherFirst) {
        query.addAll(dimension, ascending);
      }
      for (final int id : single) {
        query.add(dimension, id);
      }
      if (!togetherFirst) {
        query.addAll(dimension, ascending);
      }
    }
  }

  ScopeEntries build(List<Entry> entries) {
    final ScopeEntries.Builder builder = ScopeEntries.builder(profile.ids.length);
    for (final Entry entry : entries) {
      builder.entry(entry.rule);
      entry.only.forEach(
          (dimension, ids) -> builder.only(dimension, ids.stream().mapToInt(id -> id).toArray()));
    }
    return builder.build();
  }

  List<Entry> shuffled(List<Entry> entries) {
    final List<Entry> shuffled = new ArrayList<>(entries);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  static List<Integer> expected(List<Entry> entries, List<Set<Integer>> call) {
    final SortedSet<Integer> rules = new TreeSet<>();
    for (final Entry entry : entries) {
      if (entry.matches(call)) {
        rules.add(entry.rule);
      }
    }
    return List.copyOf(rules);
  }
}
