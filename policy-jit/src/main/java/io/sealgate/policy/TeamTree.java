package io.sealgate.policy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The teams of an organisation and which belongs to which. Immutable. */
final class TeamTree {
  /** How deep teams may nest: a node's level must fit a bit of a long, see {@link Place}. */
  static final int DEPTH_MAX = 7;

  /** No team belongs to another. */
  static final TeamTree NONE = new TeamTree(Map.of());

  private final Map<String, Optional<String>> parentOf;
  private final Map<String, Set<String>> within = new HashMap<>();

  /** The parents must lead to a team without one. */
  TeamTree(Map<String, Optional<String>> parentOf) {
    this.parentOf = parentOf;
    for (final String team : parentOf.keySet()) {
      for (Optional<String> t = Optional.of(team); t.isPresent(); t = parent(t.get())) {
        within.computeIfAbsent(t.get(), _ -> new HashSet<>()).add(team);
      }
    }
  }

  private Optional<String> parent(String team) {
    return parentOf.getOrDefault(team, Optional.empty());
  }

  /** A team and all teams below it. */
  Set<String> within(String team) {
    return within.getOrDefault(team, Set.of(team));
  }

  /** 1 for a team that belongs to the organisation directly. */
  int depth(String team) {
    int depth = 1;
    for (Optional<String> t = parent(team); t.isPresent(); t = parent(t.get())) {
      depth++;
    }
    return depth;
  }

  /** The way from the organisation to a team, as {@code /team:a/team:b}. */
  String path(String team) {
    return parent(team).map(this::path).orElse("") + "/team:" + team;
  }
}
