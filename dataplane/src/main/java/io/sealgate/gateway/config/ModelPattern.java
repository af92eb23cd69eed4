package io.sealgate.gateway.config;

import java.util.List;

/**
 * A model name, or a pattern in which {@code *} stands for any run of characters. Case counts.
 *
 * @param text as written in the file, one to 256 characters
 */
public record ModelPattern(String text) {
  static final int LENGTH_MAX = 256;

  public ModelPattern {
    if (text.isEmpty() || text.length() > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "a model pattern has 1 to " + LENGTH_MAX + " characters, not " + text.length());
    }
  }

  /** Whether this is a plain name. */
  public boolean isName() {
    return text.indexOf('*') < 0;
  }

  /**
   * Whether a model of this exact name is meant. No allocation; linear but for retries at stars.
   */
  public boolean matches(final String model) {
    int at = 0;
    int pattern = 0;
    int star = -1;
    int retry = 0;
    while (at < model.length()) {
      // A star of the pattern is a wildcard even where the model's name has a star itself.
      if (pattern < text.length() && text.charAt(pattern) == '*') {
        star = pattern++;
        retry = at;
      } else if (pattern < text.length() && text.charAt(pattern) == model.charAt(at)) {
        pattern++;
        at++;
      } else if (star >= 0) {
        pattern = star + 1;
        at = ++retry;
      } else {
        return false;
      }
    }
    while (pattern < text.length() && text.charAt(pattern) == '*') {
      pattern++;
    }
    return pattern == text.length();
  }

  /** Whether some model's name is meant by both. */
  public boolean overlaps(final ModelPattern other) {
    final String a = text;
    final String b = other.text;
    // reach[j]: the prefixes a[0, i) and b[0, j) can stand for the same characters.
    boolean[] reach = new boolean[b.length() + 1];
    reach[0] = true;
    for (int j = 1; j <= b.length() && b.charAt(j - 1) == '*'; j++) {
      reach[j] = true;
    }
    for (int i = 1; i <= a.length(); i++) {
      final boolean[] next = new boolean[b.length() + 1];
      final boolean starA = a.charAt(i - 1) == '*';
      next[0] = starA && reach[0];
      for (int j = 1; j <= b.length(); j++) {
        final boolean starB = b.charAt(j - 1) == '*';
        next[j] =
            starA || starB
                ? reach[j] || next[j - 1]
                : reach[j - 1] && a.charAt(i - 1) == b.charAt(j - 1);
      }
      reach = next;
    }
    return reach[b.length()];
  }

  /** Whether one of the patterns means this model. */
  public static boolean anyMatches(final List<ModelPattern> patterns, final String model) {
    for (int i = 0; i < patterns.size(); i++) {
      if (patterns.get(i).matches(model)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return text;
  }
}
