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
  private static final Places NONE = new Places(0, 0, new Place[0]);

  /**
   * The places of one name.
   *
   * @param levels of those that hold for every call of that name
   * @param enforcedLevels of those among them that are enforced
   * @param others the rest
   */
  private record Places(long levels, long enforcedLevels, Place[] others) {
    static Places of(List<Place> places) {
      long levels = 0;
      long enforcedLevels = 0;
      final List<Place> others = new ArrayList<>();
      for (final Place place : places) {
        if (place.namesOne()) {
          levels |= place.levelBit();
          enforcedLevels |= place.enforced() ? place.levelBit() : 0;
        } else {
          others.add(place);
        }
      }
      return new Places(levels, enforcedLevels, others.toArray(NONE.others));
    }
  }

  private final Map<String, Places> byUser = new HashMap<>();
  private final Map<String, Places> byAgent = new HashMap<>();
  private final Map<String, Places> byUseCase = new HashMap<>();
  private final Map<String, Places> byTeam = new HashMap<>();

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
    users.forEach((name, list) -> byUser.put(name, Places.of(list)));
    agents.forEach((name, list) -> byAgent.put(name, Places.of(list)));
    useCases.forEach((name, list) -> byUseCase.put(name, Places.of(list)));
    teams.forEach((name, list) -> byTeam.put(name, Places.of(list)));
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
      Map<String, Places> map, String name, Facts facts, boolean enforcedOnly) {
    final Places places = map.getOrDefault(name, NONE);
    long levels = enforcedOnly ? places.enforcedLevels : places.levels;
    for (final Place place : places.others) {
      if ((place.enforced() || !enforcedOnly) && place.holds(facts)) {
        levels |= place.levelBit();
      }
    }
    return levels;
  }
}
