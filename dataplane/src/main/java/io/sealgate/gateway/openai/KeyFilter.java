package io.sealgate.gateway.openai;

import io.sealgate.classify.json.JsonTape;
import java.util.Collection;

/** A set of ASCII keys, bucketed by length, so that a lookup decodes nothing. */
final class KeyFilter {
  private static final int LENGTH_MAX = 32;
  private final String[][] byLength = new String[LENGTH_MAX + 1][];

  KeyFilter(final Collection<String> keys) {
    for (int length = 0; length <= LENGTH_MAX; length++) {
      final int wanted = length;
      byLength[length] =
          keys.stream().filter(key -> key.length() == wanted).sorted().toArray(String[]::new);
    }
    if (keys.stream().anyMatch(key -> key.length() > LENGTH_MAX)) {
      throw new IllegalArgumentException("a key is longer than " + LENGTH_MAX);
    }
  }

  /** Whether the key is in the set; a key written with escapes counts as unknown. */
  boolean contains(final JsonTape json, final int keyNode) {
    final int length = json.wireEnd(keyNode) - json.wireStart(keyNode) - 2;
    if (length > LENGTH_MAX) {
      return false;
    }
    for (final String candidate : byLength[length]) {
      if (json.textEquals(keyNode, candidate)) {
        return true;
      }
    }
    return false;
  }
}
