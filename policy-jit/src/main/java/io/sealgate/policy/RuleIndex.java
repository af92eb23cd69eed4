package io.sealgate.policy;

import io.sealgate.policy.Placement.Placed;
import io.sealgate.policy.index.CandidateBuffer;
import io.sealgate.policy.index.ScopeEntries;
import io.sealgate.policy.index.ScopeIndex;
import io.sealgate.policy.index.ScopeQuery;
import io.sealgate.policy.index.ValueDictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the rules that a call could match, by whom and what they are about. Only the environments
 * that a rule is not bound in, its condition and its exemptions remain to be checked. Immutable.
 */
final class RuleIndex {
  static final int TEAM = 0;
  static final int USER = 1;
  static final int AGENT = 2;
  static final int USE_CASE = 3;
  static final int ENVIRONMENT = 4;
  static final int ROLE = 5;
  static final int MODEL = 6;
  static final int PROVIDER = 7;
  static final int TOOL = 8;
  static final int SERVER = 9;

  /** Finding types by their ids, then tenant patterns by their indexes. */
  static final int CONTENT = 10;

  /** How many there are. */
  static final int DIMENSIONS = 11;

  /** The ids of a team and of all teams above it that rules name. */
  private final Map<String, int[]> teams;

  /** By dimension from {@link #USER} to {@link #ROLE}: the ids of what rules name. */
  private final List<Map<String, Integer>> names;

  /** By dimension from {@link #MODEL} on. */
  private final ValueDictionary[] patterns;

  /** What the index of a tenant pattern is added to. */
  private final int firstPattern;

  private final ScopeIndex index;

  RuleIndex(
      Map<String, int[]> teams,
      List<Map<String, Integer>> names,
      ValueDictionary[] patterns,
      int firstPattern,
      ScopeIndex index) {
    this.teams = teams;
    this.names = names;
    this.patterns = patterns;
    this.firstPattern = firstPattern;
    this.index = index;
  }

  /**
   * Indexes rules.
   *
   * @param placed by index
   * @param kind null for the one that suits the size
   * @throws IllegalArgumentException if they are more than an index can hold, with the way out
   */
  static RuleIndex of(
      List<Placed> placed,
      TeamTree tree,
      int typeCount,
      Map<PolicyPattern, Integer> patternIndex,
      ScopeIndex.Kind kind) {
    final RuleScopes scopes = new RuleScopes(placed, tree, typeCount, patternIndex);
    final ScopeEntries entries = scopes.entries();
    return new RuleIndex(
        scopes.teams(),
        scopes.names().stream().map(HashMap::new).map(m -> (Map<String, Integer>) m).toList(),
        scopes.dictionaries(),
        typeCount,
        kind == null ? ScopeIndex.build(entries) : ScopeIndex.build(kind, entries));
  }

  /** Writes the indexes of the rules, ascending; allocates nothing for names seen before. */
  void find(Facts facts, ScopeQuery query, CandidateBuffer out) {
    query.clear();
    final int[] ofTeam = teams.get(facts.team);
    if (ofTeam != null) {
      query.addAll(TEAM, ofTeam);
    }
    add(USER, facts.user, query);
    add(AGENT, facts.agent, query);
    add(USE_CASE, facts.useCase, query);
    add(ENVIRONMENT, facts.environment, query);
    for (int i = 0; i < facts.roles.size(); i++) {
      add(ROLE, facts.roles.get(i), query);
    }
    if (facts.toolName.isEmpty()) {
      match(MODEL, facts.model, query);
      match(PROVIDER, facts.provider, query);
    } else {
      match(TOOL, facts.toolName, query);
      match(SERVER, facts.toolServer, query);
    }
    for (int i = 0; i < facts.findingTypeCount(); i++) {
      query.add(CONTENT, facts.findingType(i));
    }
    // In ascending order, as thousands of patterns may be there.
    for (int i = facts.nextTenantPattern(0); i >= 0; i = facts.nextTenantPattern(i + 1)) {
      query.add(CONTENT, firstPattern + i);
    }
    index.find(query, out);
  }

  private void add(int dimension, String name, ScopeQuery query) {
    final Integer id = names.get(dimension - USER).get(name);
    if (id != null) {
      query.add(dimension, id);
    }
  }

  private void match(int dimension, String name, ScopeQuery query) {
    patterns[dimension - MODEL].lookUp(name, query, dimension);
  }

  ScopeIndex.Kind kind() {
    return index.kind();
  }
}
