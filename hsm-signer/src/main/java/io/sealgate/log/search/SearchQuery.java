package io.sealgate.log.search;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Which records are wanted: those of a time that have, in each field named, one of its values.
 *
 * @param fromMillis first millisecond, since the epoch
 * @param toMillis one past the last millisecond
 * @param anyOf wanted values by field; a field without an entry may hold anything
 * @param limit most records to answer, the newest first
 */
public record SearchQuery(
    long fromMillis, long toMillis, Map<SearchField, Set<String>> anyOf, int limit) {
  /** Most records of one answer. */
  public static final int LIMIT_MAX = 1_000_000;

  /**
   * Copies.
   *
   * @throws IllegalArgumentException when the time is empty or the limit out of bounds
   */
  public SearchQuery {
    if (fromMillis >= toMillis) {
      throw new IllegalArgumentException("the time searched is empty; give a --to after --from");
    }
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new IllegalArgumentException("the limit must be 1.." + LIMIT_MAX + ", not " + limit);
    }
    final Map<SearchField, Set<String>> copy = new EnumMap<>(SearchField.class);
    anyOf.forEach((field, values) -> copy.put(field, Set.copyOf(values)));
    anyOf = copy;
  }
}
