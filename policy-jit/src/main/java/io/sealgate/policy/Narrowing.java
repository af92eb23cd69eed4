package io.sealgate.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nodes below the organisation that state what they admit. A call needs the consent of each of
 * its nodes that states anything, so a node can only narrow what those above it admit.
 */
final class Narrowing {
  private static final Place[] NONE = {};

  private final Map<String, Place[]> byUser = new HashMap<>();
  private final Map<String, Place[]> byAgent = new HashMap<>();
  private final Map<String, Place[]> byUseCase = new HashMap<>();
  private final Map<String, Place[]> byTeam = new HashMap<>();

  private final boolean hasObserved;

  Narrowing(Set<Place> places) {
    hasObserved = !places.stream().allMatch(Place::enforced);
    final Map<String, List<Place>> users = new HashMap<>();
    final Map<String, List<Place>> agents = new HashMap<>();
    final Map<String, List<Place>> useCases = new HashMap<>();
    final Map<String, List<Place>> teams = new HashMap<>();
    for (final Place place : places) {
      if (place.user().isPresent()) {
        add(users, place.user().get(), place);
      } else if (place.agent().isPresent()) {
        add(agents, place.agent().get(), place);
      } else if (place.useCase().isPresent()) {
        add(useCases, place.useCase().get(), place);
      } else {
        place.teams().forEach(team -> add(teams, team, place));
      }
    }
    users.forEach((name, list) -> byUser.put(name, list.toArray(NONE)));
    agents.forEach((name, list) -> byAgent.put(name, list.toArray(NONE)));
    useCases.forEach((name, list) -> byUseCase.put(name, list.toArray(NONE)));
    teams.forEach((name, list) -> byTeam.put(name, list.toArray(NONE)));
  }

  private static void add(Map<String, List<Place>> map, String name, Place place) {
    map.computeIfAbsent(name, _ -> new ArrayList<>()).add(place);
  }

  /** Whether some node states what it admits in a policy that is only observed. */
  boolean hasObserved() {
    return hasObserved;
  }

  /** The levels that must admit the call, as bits; of enforced policies only if asked. */
  long levels(Facts facts, boolean enforcedOnly) {
    return levels(byTeam, facts.team, facts, enforcedOnly)
        | levels(byUseCase, facts.useCase, facts, enforcedOnly)
        | levels(byUser, facts.user, facts, enforcedOnly)
        | levels(byAgent, facts.agent, facts, enforcedOnly);
  }

  private static long levels(
      Map<String, Place[]> map, String name, Facts facts, boolean enforcedOnly) {
    long levels = 0;
    for (final Place place : map.getOrDefault(name, NONE)) {
      if ((place.enforced() || !enforcedOnly) && place.holds(facts)) {
        levels |= place.levelBit();
      }
    }
    return levels;
  }
}
