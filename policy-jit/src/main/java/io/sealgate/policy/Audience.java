package io.sealgate.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whom something is about: every non-empty set must hold the caller's value, for roles one of them.
 */
record Audience(
    Set<String> teams,
    Set<String> users,
    Set<String> useCases,
    Set<String> agents,
    Set<String> roles,
    Set<String> environments) {

  static Audience of(RuleSpec.Scope scope, TeamTree tree) {
    final Set<String> teams = new HashSet<>();
    scope.teams().forEach(team -> teams.addAll(tree.within(team)));
    return new Audience(
        Set.copyOf(teams),
        Set.copyOf(scope.users()),
        Set.copyOf(scope.useCases()),
        Set.copyOf(scope.agents()),
        Set.copyOf(scope.roles()),
        Set.copyOf(scope.environments()));
  }

  boolean holds(Facts facts) {
    return admits(teams, facts.team)
        && admits(users, facts.user)
        && admits(useCases, facts.useCase)
        && admits(agents, facts.agent)
        && admits(environments, facts.environment)
        && (roles.isEmpty() || hasRole(facts.roles));
  }

  private static boolean admits(Set<String> names, String name) {
    return names.isEmpty() || names.contains(name);
  }

  private boolean hasRole(List<String> held) {
    for (int i = 0; i < held.size(); i++) {
      if (roles.contains(held.get(i))) {
        return true;
      }
    }
    return false;
  }

  /** Whether every call of a use case, in whatever hands, is meant. */
  boolean coversUseCase(String useCase) {
    return teams.isEmpty()
        && users.isEmpty()
        && agents.isEmpty()
        && roles.isEmpty()
        && environments.isEmpty()
        && admits(useCases, useCase);
  }
}
