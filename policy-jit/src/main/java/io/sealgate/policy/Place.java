package io.sealgate.policy;

import java.util.Optional;
import java.util.Set;

/**
 * Where the rules of a document hold: a node of the organisation, and the environments in which the
 * document is bound in one mode.
 *
 * <p>The {@linkplain #level level} tells the nodes that one call belongs to apart: how deep the
 * team is, and whether user, agent and use case are narrowed. 0 is the organisation itself.
 *
 * @param team empty for all
 * @param teams the team and those below it; empty for all
 * @param environments empty for all
 * @param notEnvironments where another mode of the same document holds
 */
record Place(
    String org,
    Optional<String> team,
    Set<String> teams,
    Optional<String> user,
    Optional<String> agent,
    Optional<String> useCase,
    Set<String> environments,
    Set<String> notEnvironments,
    Mode mode,
    int level,
    String path) {
  private static final int USE_CASE_LEVEL = 1;
  private static final int AGENT_LEVEL = 2;
  private static final int USER_LEVEL = 4;
  private static final int TEAM_LEVELS = 8;

  static Place of(
      String org,
      DocumentBody.Node node,
      TeamTree tree,
      Set<String> environments,
      Set<String> notEnvironments,
      Mode mode) {
    final int level =
        node.team().map(tree::depth).orElse(0) * TEAM_LEVELS
            + (node.user().isPresent() ? USER_LEVEL : 0)
            + (node.agent().isPresent() ? AGENT_LEVEL : 0)
            + (node.useCase().isPresent() ? USE_CASE_LEVEL : 0);
    final String path =
        org
            + node.team().map(tree::path).orElse("")
            + node.useCase().map(name -> "/use_case:" + name).orElse("")
            + node.user().map(name -> "/user:" + name).orElse("")
            + node.agent().map(name -> "/agent:" + name).orElse("");
    return new Place(
        org,
        node.team(),
        node.team().map(tree::within).map(Set::copyOf).orElse(Set.of()),
        node.user(),
        node.agent(),
        node.useCase(),
        environments,
        notEnvironments,
        mode,
        level,
        path);
  }

  boolean enforced() {
    return mode == Mode.ENFORCE;
  }

  /** The bit of this level in a set of levels. */
  long levelBit() {
    return 1L << level;
  }

  boolean holds(Facts facts) {
    return (teams.isEmpty() || teams.contains(facts.team))
        && (environments.isEmpty() || environments.contains(facts.environment))
        && !isElsewhere(facts)
        && isOrAny(user, facts.user)
        && isOrAny(agent, facts.agent)
        && isOrAny(useCase, facts.useCase);
  }

  /** Whether another mode of the same document holds for the call. */
  boolean isElsewhere(Facts facts) {
    return !notEnvironments.isEmpty() && notEnvironments.contains(facts.environment);
  }

  private static boolean isOrAny(Optional<String> name, String actual) {
    return name.isEmpty() || name.get().equals(actual);
  }

  /** Whether this node lies below another, so that all its calls are the other's too. */
  boolean isBelow(Place wider) {
    return level != wider.level
        && (wider.team.isEmpty() || team.isPresent() && wider.teams.contains(team.get()))
        && (wider.user.isEmpty() || wider.user.equals(user))
        && (wider.agent.isEmpty() || wider.agent.equals(agent))
        && (wider.useCase.isEmpty() || wider.useCase.equals(useCase));
  }

  /** Whether no more than one name, or the teams below one, decides who comes here. */
  boolean namesOne() {
    final int named =
        (teams.isEmpty() ? 0 : 1)
            + (user.isPresent() ? 1 : 0)
            + (agent.isPresent() ? 1 : 0)
            + (useCase.isPresent() ? 1 : 0);
    return named <= 1 && environments.isEmpty() && notEnvironments.isEmpty();
  }

  /** Whether every call of a use case comes here. */
  boolean coversUseCase(String name) {
    return teams.isEmpty()
        && user.isEmpty()
        && agent.isEmpty()
        && environments.isEmpty()
        && notEnvironments.isEmpty()
        && isOrAny(useCase, name);
  }
}
