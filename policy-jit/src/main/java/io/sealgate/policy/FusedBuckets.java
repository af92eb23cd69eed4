package io.sealgate.policy;

import io.sealgate.policy.Placement.Placed;
import io.sealgate.policy.cel.RefusedException;
import io.sealgate.policy.cel.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The buckets of rules that meet most calls, their conditions compiled into one method each. These
 * are the rules of the whole organisation that are about the same: the index finds all of a bucket
 * or none. Rules of narrower scopes are too many, and each too seldom met, to be worth code of
 * their own. Immutable.
 */
final class FusedBuckets {
  /** Fewer conditions are as fast one by one. */
  static final int CONDITIONS_MIN = 4;

  /** Bound of the methods of one snapshot, and so of the classes. */
  static final int BUCKETS_MAX = 8;

  /** A rule that is in no bucket. */
  static final int NONE = -1;

  private static final int KNOWN_MAX = 64;

  /** What a publish need not translate again. */
  private record Source(FindingTypeNames types, List<String> conditions) {}

  private static final Map<Source, Shape> KNOWN =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Source, Shape> eldest) {
              return size() > KNOWN_MAX;
            }
          });

  private final List<FusedCondition> buckets = new ArrayList<>();
  private final int[] places;

  /** The rules of no bucket at all. */
  FusedBuckets(int ruleCount) {
    places = new int[ruleCount];
    Arrays.fill(places, NONE);
  }

  /** Chooses the largest buckets of the rules and compiles them. */
  static FusedBuckets of(List<Placed> placed, FindingTypeNames types) {
    final Map<List<Object>, List<Integer>> byScope = new LinkedHashMap<>();
    for (int rule = 0; rule < placed.size(); rule++) {
      final int index = rule;
      scope(placed.get(rule))
          .ifPresent(key -> byScope.computeIfAbsent(key, _ -> new ArrayList<>()).add(index));
    }
    final List<List<Integer>> largest = new ArrayList<>(byScope.values());
    largest.sort((a, b) -> b.size() - a.size());
    final FusedBuckets fused = new FusedBuckets(placed.size());
    for (final List<Integer> rules : largest) {
      for (int from = 0; from < rules.size(); from += FusedCondition.CONDITIONS_MAX) {
        final int to = Math.min(rules.size(), from + FusedCondition.CONDITIONS_MAX);
        fused.add(rules.subList(from, to), placed, types);
      }
    }
    return fused;
  }

  /** What the index files the rule under; empty if it is not worth a bucket. */
  private static Optional<List<Object>> scope(Placed rule) {
    final RuleSpec.Scope whom = rule.spec().scope();
    if (rule.place().level() > 0
        || !whom.teams().isEmpty()
        || !whom.users().isEmpty()
        || !whom.useCases().isEmpty()
        || !whom.agents().isEmpty()
        || !whom.roles().isEmpty()
        || !rule.spec().condition().map(Shape::isCheap).orElse(false)) {
      return Optional.empty();
    }
    return Optional.of(
        List.of(
            rule.place().environments(),
            whom.environments(),
            switch (rule.spec().effect()) {
              case RuleSpec.ModelAccess access ->
                  List.of("model", access.models(), access.providers());
              case RuleSpec.ToolAccess access -> List.of("tool", access.tools(), access.servers());
              case RuleSpec.Content content when !content.response() ->
                  List.of(
                      "content",
                      Arrays.stream(content.types()).boxed().toList(),
                      content.patterns(),
                      content.topics());
              default -> "any call";
            }));
  }

  private void add(List<Integer> rules, List<Placed> placed, FindingTypeNames types) {
    if (rules.size() < CONDITIONS_MIN || buckets.size() == BUCKETS_MAX) {
      return;
    }
    try {
      buckets.add(FactsSchema.FUSED.instance(shape(rules, placed, types)));
    } catch (RefusedException e) {
      // Together they are more code than is ever compiled; each half may fit.
      final int half = rules.size() / 2;
      add(rules.subList(0, half), placed, types);
      add(rules.subList(half, rules.size()), placed, types);
      return;
    }
    for (int bit = 0; bit < rules.size(); bit++) {
      places[rules.get(bit)] = (buckets.size() - 1) * FusedCondition.CONDITIONS_MAX + bit;
    }
  }

  private static Shape shape(List<Integer> rules, List<Placed> placed, FindingTypeNames types)
      throws RefusedException {
    final List<Shape> shapes =
        rules.stream().map(rule -> placed.get(rule).spec().condition().orElseThrow()).toList();
    final Source source = new Source(types, shapes.stream().map(Shape::source).toList());
    final Shape known = KNOWN.get(source);
    final Shape shape = known == null ? FactsSchema.fused(shapes, types) : known;
    KNOWN.put(source, shape);
    return shape;
  }

  /** The bucket of a rule and its bit there, as one number; {@link #NONE} if it is in none. */
  int place(int rule) {
    return places[rule];
  }

  /** The compiled buckets. */
  FusedCondition[] buckets() {
    return buckets.toArray(FusedCondition[]::new);
  }

  /** The outcomes of one call's buckets, each computed when a rule of it is met. One thread. */
  static final class Outcomes {
    private final long[][] masks = new long[BUCKETS_MAX][2];
    private int known;

    void clear() {
      known = 0;
    }

    /** Whether the condition at a place holds, by {@link Condition}'s values. */
    int holds(int place, FusedCondition[] buckets, Facts facts) {
      final int bucket = place / FusedCondition.CONDITIONS_MAX;
      if ((known & 1 << bucket) == 0) {
        buckets[bucket].test(facts, masks[bucket]);
        known |= 1 << bucket;
      }
      final long bit = 1L << place;
      if ((masks[bucket][FusedCondition.HOLDING] & bit) != 0) {
        return Condition.TRUE;
      }
      return (masks[bucket][FusedCondition.FAILING] & bit) != 0 ? Condition.ERROR : Condition.FALSE;
    }
  }
}
