package io.sealgate.policy;

import static io.sealgate.policy.RuleIndex.CONTENT;
import static io.sealgate.policy.RuleIndex.DIMENSIONS;
import static io.sealgate.policy.RuleIndex.MODEL;
import static io.sealgate.policy.RuleIndex.ROLE;
import static io.sealgate.policy.RuleIndex.SERVER;
import static io.sealgate.policy.RuleIndex.TEAM;
import static io.sealgate.policy.RuleIndex.USER;

import io.sealgate.policy.Placement.Placed;
import io.sealgate.policy.index.ScopeEntries;
import io.sealgate.policy.index.ValueDictionary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes down whom and what rules are about as ids. A team stands for all below it, as a call has
 * the ids of its team and of those above; so no rule is copied down the tree.
 */
final class RuleScopes {
  private static final int[] NO_IDS = {};

  private final List<Placed> placed;
  private final TeamTree tree;
  private final int typeCount;
  private final Map<PolicyPattern, Integer> patternIndex;

  /** In the order of their ids. */
  private final Map<String, Integer> teamIds = new LinkedHashMap<>();

  private final List<Map<String, Integer>> names = new ArrayList<>();
  private final ValueDictionary[] dictionaries = new ValueDictionary[SERVER - MODEL + 1];
  private final ScopeEntries.Builder entries = ScopeEntries.builder(DIMENSIONS);

  /** What the next entry asks for; null where it takes anything. */
  private final int[][] wanted = new int[DIMENSIONS][];

  RuleScopes(
      List<Placed> placed, TeamTree tree, int typeCount, Map<PolicyPattern, Integer> patternIndex) {
    this.placed = placed;
    this.tree = tree;
    this.typeCount = typeCount;
    this.patternIndex = patternIndex;
    for (int dimension = USER; dimension <= ROLE; dimension++) {
      names.add(new HashMap<>());
    }
    final List<Set<String>> texts = new ArrayList<>();
    for (int i = 0; i < dictionaries.length; i++) {
      texts.add(new HashSet<>());
    }
    for (final Placed rule : placed) {
      if (rule.scope() != ScopeNames.NOTHING) {
        for (int i = 0; i < dictionaries.length; i++) {
          texts.get(i).addAll(rule.scope().names().get(MODEL + i));
        }
      }
    }
    for (int i = 0; i < dictionaries.length; i++) {
      dictionaries[i] = new ValueDictionary(texts.get(i));
    }
  }

  /** One for each rule that could match any call; to be called once. */
  ScopeEntries entries() {
    for (int rule = 0; rule < placed.size(); rule++) {
      if (describe(placed.get(rule))) {
        entries.entry(rule);
        for (int dimension = 0; dimension < DIMENSIONS; dimension++) {
          if (wanted[dimension] != null) {
            entries.only(dimension, wanted[dimension]);
          }
        }
      }
    }
    return entries.build();
  }

  /** After {@link #entries}: by team, the ids that its calls have. */
  Map<String, int[]> teams() {
    final Map<String, int[]> idsOf = new HashMap<>();
    teamIds.forEach(
        (team, id) ->
            tree.within(team)
                .forEach(
                    member -> {
                      final int[] ids = idsOf.getOrDefault(member, NO_IDS);
                      final int[] more = Arrays.copyOf(ids, ids.length + 1);
                      more[ids.length] = id;
                      idsOf.put(member, more);
                    }));
    return idsOf;
  }

  /** After {@link #entries}: by dimension from {@link RuleIndex#USER} on, the ids of names. */
  List<Map<String, Integer>> names() {
    return names;
  }

  /** By dimension from {@link RuleIndex#MODEL} on. */
  ValueDictionary[] dictionaries() {
    return dictionaries;
  }

  /** Fills {@link #wanted}; false if the rule can match no call. */
  private boolean describe(Placed rule) {
    if (rule.scope() == ScopeNames.NOTHING) {
      return false;
    }
    Arrays.fill(wanted, null);
    final List<List<String>> about = rule.scope().names();
    for (int dimension = TEAM; dimension < CONTENT; dimension++) {
      final List<String> texts = about.get(dimension);
      if (!texts.isEmpty()) {
        wanted[dimension] = ids(dimension, texts);
      }
    }
    rule.scope().content().ifPresent(content -> wanted[CONTENT] = carried(content));
    return true;
  }

  private int[] ids(int dimension, List<String> texts) {
    final int[] ids = new int[texts.size()];
    for (int i = 0; i < ids.length; i++) {
      final String text = texts.get(i);
      if (dimension >= MODEL) {
        ids[i] = dictionaries[dimension - MODEL].id(text);
      } else {
        final Map<String, Integer> known =
            dimension == TEAM ? teamIds : names.get(dimension - USER);
        final Integer id = known.get(text);
        ids[i] = id == null ? known.size() : id;
        if (id == null) {
          known.put(text, ids[i]);
        }
      }
    }
    return ids;
  }

  private int[] carried(ScopeNames.Content content) {
    final int[] ids = new int[content.types().size() + content.patterns().size()];
    int count = 0;
    for (final int type : content.types()) {
      ids[count++] = type;
    }
    for (final PolicyPattern pattern : content.patterns()) {
      ids[count++] = typeCount + patternIndex.get(pattern);
    }
    return ids;
  }
}
