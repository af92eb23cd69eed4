package io.sealgate.policy;

import java.util.Set;
import java.util.TreeSet;

/** The fields of the parts of documents, as the readers accept and the published schema lists. */
final class SchemaFields {
  static final Set<String> BREAKER = sorted("failures", "window_seconds", "open_seconds");
  static final Set<String> RETRY = sorted("attempts", "backoff_ms", "on");
  static final Set<String> TARGET = sorted("provider", "model");
  static final Set<String> BAND = sorted("min", "max");
  static final Set<String> PATTERN = sorted("regex", "keyword", "name");
  static final Set<String> TOPIC = sorted("name", "keywords", "min_hits");
  static final Set<String> BINDING = sorted("environment", "mode");
  static final Set<String> TEAM = sorted("team", "parent");

  private SchemaFields() {}

  private static Set<String> sorted(String... names) {
    return new TreeSet<>(Set.of(names));
  }
}
