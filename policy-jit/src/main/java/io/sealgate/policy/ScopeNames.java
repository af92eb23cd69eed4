package io.sealgate.policy;

import static io.sealgate.policy.RuleIndex.AGENT;
import static io.sealgate.policy.RuleIndex.CONTENT;
import static io.sealgate.policy.RuleIndex.ENVIRONMENT;
import static io.sealgate.policy.RuleIndex.MODEL;
import static io.sealgate.policy.RuleIndex.PROVIDER;
import static io.sealgate.policy.RuleIndex.ROLE;
import static io.sealgate.policy.RuleIndex.SERVER;
import static io.sealgate.policy.RuleIndex.TEAM;
import static io.sealgate.policy.RuleIndex.TOOL;
import static io.sealgate.policy.RuleIndex.USER;
import static io.sealgate.policy.RuleIndex.USE_CASE;

import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whom and what a rule is about, by dimension: what its scope and its place have in common.
 * Immutable.
 *
 * @param names by dimension up to {@link RuleIndex#SERVER}; empty where it takes anything
 * @param content what a call must carry for the rule to count; empty if it may be anything
 */
record ScopeNames(List<List<String>> names, Optional<Content> content) {
  /** Types and patterns, of which a call must carry one. */
  record Content(List<Integer> types, List<PolicyPattern> patterns) {
    private static Content of(RuleSpec.Content effect) {
      final List<PolicyPattern> patterns = new ArrayList<>(effect.patterns());
      effect.topics().forEach(topic -> patterns.addAll(topic.words()));
      return new Content(Arrays.stream(effect.types()).boxed().toList(), List.copyOf(patterns));
    }

    private boolean isEmpty() {
      return types.isEmpty() && patterns.isEmpty();
    }
  }

  /** The scope of a rule that can match no call. */
  static final ScopeNames NOTHING = new ScopeNames(List.of(), Optional.empty());

  static ScopeNames of(RuleSpec spec, Place place, TeamTree tree) {
    final RuleSpec.Scope scope = spec.scope();
    final Names names = new Names();
    if (!names.teams(place.team(), scope.teams(), tree)
        || !names.both(USER, setOf(place.user()), scope.users())
        || !names.both(AGENT, setOf(place.agent()), scope.agents())
        || !names.both(USE_CASE, setOf(place.useCase()), scope.useCases())
        || !names.both(ENVIRONMENT, place.environments(), scope.environments())
        || !names.both(ROLE, Set.of(), scope.roles())) {
      return NOTHING;
    }
    Optional<Content> content = Optional.empty();
    switch (spec.effect()) {
      case RuleSpec.ModelAccess access -> {
        names.set(PROVIDER, access.providers());
        names.set(MODEL, access.models());
        if (access.models().isEmpty()) {
          return NOTHING;
        }
      }
      case RuleSpec.ToolAccess access -> {
        names.set(SERVER, access.servers());
        names.set(TOOL, access.tools());
        if (access.tools().isEmpty()) {
          return NOTHING;
        }
      }
      // The answer is not known yet, so a rule about it counts whatever the call carries.
      case RuleSpec.Content carried -> {
        if (!carried.response()) {
          content = Optional.of(Content.of(carried));
          if (content.get().isEmpty()) {
            return NOTHING;
          }
        }
      }
      case RuleSpec.Quota _, RuleSpec.Budget _, RuleSpec.Consent _, RuleSpec.Failover _ -> {}
    }
    return new ScopeNames(List.of(names.byDimension), content);
  }

  /** Writes it so that no two scopes are written alike. */
  void write(DataOutput out) throws IOException {
    out.writeInt(names.size());
    for (final List<String> some : names) {
      out.writeInt(some.size());
      for (final String name : some) {
        out.writeUTF(name);
      }
    }
    out.writeBoolean(content.isPresent());
    if (content.isPresent()) {
      out.writeInt(content.get().types().size());
      for (final int type : content.get().types()) {
        out.writeInt(type);
      }
      out.writeInt(content.get().patterns().size());
      for (final PolicyPattern pattern : content.get().patterns()) {
        out.writeUTF(pattern.name());
        out.writeUTF(pattern.expression());
        out.writeBoolean(pattern.regex());
      }
    }
  }

  private static Set<String> setOf(Optional<String> name) {
    return name.map(Set::of).orElse(Set.of());
  }

  private static final class Names {
    @SuppressWarnings({"unchecked", "rawtypes"})
    private final List<String>[] byDimension = new List[CONTENT];

    Names() {
      Arrays.fill(byDimension, List.of());
    }

    void set(int dimension, Collection<String> some) {
      byDimension[dimension] = List.copyOf(some);
    }

    boolean teams(Optional<String> node, Set<String> named, TeamTree tree) {
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
      set(TEAM, teams);
      return true;
    }

    /** Both sets stand for anything if they are empty. */
    boolean both(int dimension, Set<String> some, Set<String> others) {
      Set<String> both = some.isEmpty() ? others : some;
      if (!some.isEmpty() && !others.isEmpty()) {
        both = new HashSet<>(some);
        both.retainAll(others);
        if (both.isEmpty()) {
          return false;
        }
      }
      set(dimension, both);
      return true;
    }
  }
}
