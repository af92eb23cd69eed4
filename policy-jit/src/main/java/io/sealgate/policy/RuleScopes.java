package io.sealgate.policy;

import static io.sealgate.policy.RuleIndex.AGENT;
import static io.sealgate.policy.RuleIndex.CONTENT;
import static io.sealgate.policy.RuleIndex.DIMENSIONS;
import static io.sealgate.policy.RuleIndex.ENVIRONMENT;
import static io.sealgate.policy.RuleIndex.MODEL;
import static io.sealgate.policy.RuleIndex.PROVIDER;
import static io.sealgate.policy.RuleIndex.ROLE;
import static io.sealgate.policy.RuleIndex.SERVER;
import static io.sealgate.policy.RuleIndex.TEAM;
import static io.sealgate.policy.RuleIndex.TOOL;
import static io.sealgate.policy.RuleIndex.USER;
import static io.sealgate.policy.RuleIndex.USE_CASE;

import io.sealgate.policy.Placement.Placed;
import io.sealgate.policy.index.ScopeEntries;
import io.sealgate.policy.index.ValueDictionary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
      switch (rule.spec().effect()) {
        case RuleSpec.ModelAccess access -> {
          texts.get(0).addAll(access.models());
          texts.get(PROVIDER - MODEL).addAll(access.providers());
        }
        case RuleSpec.ToolAccess access -> {
          texts.get(TOOL - MODEL).addAll(access.tools());
          texts.get(SERVER - MODEL).addAll(access.servers());
        }
        default -> {}
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
    Arrays.fill(wanted, null);
    final Place place = rule.place();
    final RuleSpec.Scope scope = rule.spec().scope();
    return teams(place.team(), scope.teams())
        && named(USER, setOf(place.user()), scope.users())
        && named(AGENT, setOf(place.agent()), scope.agents())
        && named(USE_CASE, setOf(place.useCase()), scope.useCases())
        && named(ENVIRONMENT, place.environments(), scope.environments())
        && named(ROLE, Set.of(), scope.roles())
        && effect(rule.spec().effect());
  }

  private static Set<String> setOf(Optional<String> name) {
    return name.map(Set::of).orElse(Set.of());
  }

  private boolean teams(Optional<String> node, Set<String> named) {
    final Set<String> teams = new HashSet<>();
    if (node.isEmpty()) {
      teams.addAll(named);
    } else if (named.isEmpty()) {
      teams.add(node.get());
    } else {
      // Of two teams, one is below the other or they have nothing in common.
      final Set<String> below = tree.within(node.get());
      for (final String team : named) {
        if (below.contains(team)) {
          teams.add(team);
        } else if (tree.within(team).contains(node.get())) {
          teams.add(node.get());
        }
      }
      if (teams.isEmpty()) {
        return false;
      }
    }
    if (!teams.isEmpty()) {
      wanted[TEAM] = ids(teams, teamIds);
    }
    return true;
  }

  /** Both sets stand for anything if they are empty. */
  private boolean named(int dimension, Set<String> some, Set<String> others) {
    Set<String> both = some.isEmpty() ? others : some;
    if (!some.isEmpty() && !others.isEmpty()) {
      both = new HashSet<>(some);
      both.retainAll(others);
      if (both.isEmpty()) {
        return false;
      }
    }
    if (!both.isEmpty()) {
      wanted[dimension] = ids(both, names.get(dimension - USER));
    }
    return true;
  }

  private static int[] ids(Collection<String> texts, Map<String, Integer> known) {
    final int[] ids = new int[texts.size()];
    int count = 0;
    for (final String text : texts) {
      ids[count++] = known.computeIfAbsent(text, _ -> known.size());
    }
    return ids;
  }

  private boolean effect(RuleSpec.Effect effect) {
    return switch (effect) {
      case RuleSpec.ModelAccess access -> {
        matched(PROVIDER, access.providers());
        yield matched(MODEL, access.models());
      }
      case RuleSpec.ToolAccess access -> {
        matched(SERVER, access.servers());
        yield matched(TOOL, access.tools());
      }
      // The answer is not known yet, so a rule about it counts whatever the call carries.
      case RuleSpec.Content content -> content.response() || carried(content);
      case RuleSpec.Quota _, RuleSpec.Budget _, RuleSpec.Consent _, RuleSpec.Failover _ -> true;
    };
  }

  private boolean matched(int dimension, List<String> texts) {
    if (texts.isEmpty()) {
      return false;
    }
    final int[] ids = new int[texts.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = dictionaries[dimension - MODEL].id(texts.get(i));
    }
    wanted[dimension] = ids;
    return true;
  }

  private boolean carried(RuleSpec.Content content) {
    final List<Integer> ids = new ArrayList<>();
    for (final int type : content.types()) {
      ids.add(type);
    }
    content.patterns().forEach(pattern -> ids.add(typeCount + patternIndex.get(pattern)));
    for (final RuleSpec.Topic topic : content.topics()) {
      topic.words().forEach(word -> ids.add(typeCount + patternIndex.get(word)));
    }
    wanted[CONTENT] = ids.isEmpty() ? null : ids.stream().mapToInt(id -> id).toArray();
    return !ids.isEmpty();
  }
}
