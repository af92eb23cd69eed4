package io.sealgate.log.search;

import io.sealgate.log.JcsException;
import io.sealgate.log.JcsReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one record can be found by.
 *
 * @param epochMillis when it was written, by its own clock
 * @param values distinct values by field
 */
record RecordTerms(long epochMillis, Map<SearchField, Set<String>> values) {

  /** The terms of a record; one that is not canonical JSON or has no time has none and time 0. */
  static RecordTerms of(final byte[] record) {
    final Object parsed;
    try {
      parsed = JcsReader.parse(record);
    } catch (final JcsException e) {
      // Not every leaf has to be a record of ours; verify says what is wrong with such a one.
      return new RecordTerms(0, Map.of());
    }
    if (!(parsed instanceof Map<?, ?> members)) {
      return new RecordTerms(0, Map.of());
    }
    final Map<SearchField, Set<String>> values = new EnumMap<>(SearchField.class);
    final Map<?, ?> caller = object(members.get("caller"));
    add(values, SearchField.ORG, caller.get("org"));
    add(values, SearchField.TEAM, caller.get("team"));
    add(values, SearchField.USER, caller.get("user"));
    add(values, SearchField.AGENT, caller.get("agent"));
    add(values, SearchField.USE_CASE, caller.get("use_case"));
    add(values, SearchField.ORG, members.get("org"));
    add(values, SearchField.MODEL, object(members.get("call")).get("model"));
    add(values, SearchField.VERDICT, members.get("decision"));
    final Map<?, ?> policy = object(members.get("policy"));
    add(values, SearchField.RULE, policy.get("rule"));
    for (final Object rule : list(policy.get("matched"))) {
      add(values, SearchField.RULE, rule);
    }
    for (final Object finding : list(members.get("findings"))) {
      add(values, SearchField.LABEL, object(finding).get("type"));
    }
    add(values, SearchField.KIND, members.get("kind"));
    return new RecordTerms(time(members.get("time")), values);
  }

  /** Whether the record has one of the values in each field that is asked for. */
  boolean fits(final SearchQuery query) {
    if (epochMillis < query.fromMillis() || epochMillis >= query.toMillis()) {
      return false;
    }
    for (final Map.Entry<SearchField, Set<String>> wanted : query.anyOf().entrySet()) {
      final Set<String> own = values.getOrDefault(wanted.getKey(), Set.of());
      if (wanted.getValue().stream().noneMatch(own::contains)) {
        return false;
      }
    }
    return true;
  }

  private static void add(
      final Map<SearchField, Set<String>> values, final SearchField field, final Object value) {
    if (value instanceof String text && !text.isEmpty()) {
      values.computeIfAbsent(field, key -> new TreeSet<>()).add(text);
    }
  }

  private static Map<?, ?> object(final Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(final Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static long time(final Object value) {
    if (!(value instanceof String text)) {
      return 0;
    }
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (final DateTimeException e) {
      // As for a record without a time: it is found by its other terms alone.
      return 0;
    }
  }
}
