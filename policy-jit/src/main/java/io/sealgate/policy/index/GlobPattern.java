package io.sealgate.policy.index;

import java.util.ArrayList;
import java.util.List;

/**
 * Text with {@code *} for any run of characters, the empty one included; case matters.
 *
 * @param text with runs of {@code *} written as one
 * @param parts what is literal, in order; the first and the last may be empty, others are not
 */
public record GlobPattern(String text, List<String> parts) {
  static final char ANY = '*';

  /** Whether text is a glob; otherwise it only matches itself. */
  static boolean isGlob(String text) {
    return text.indexOf(ANY) >= 0;
  }

  /** Whether a name fits a glob, or is equal to a text that is none. For cold paths. */
  public static boolean matches(String globOrName, String name) {
    return isGlob(globOrName) ? of(globOrName).matches(name) : globOrName.equals(name);
  }

  /** Reads a glob. */
  static GlobPattern of(String glob) {
    final StringBuilder text = new StringBuilder(glob.length());
    final List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < glob.length(); i++) {
      if (glob.charAt(i) != ANY) {
        text.append(glob.charAt(i));
      } else if (i == 0 || glob.charAt(i - 1) != ANY) {
        parts.add(text.substring(start));
        text.append(ANY);
        start = text.length();
      }
    }
    parts.add(text.substring(start));
    return new GlobPattern(text.toString(), List.copyOf(parts));
  }

  /** What every match begins with. */
  String prefix() {
    return parts.getFirst();
  }

  /** What every match ends with. */
  String suffix() {
    return parts.getLast();
  }

  /** What every match has somewhere between; each part is looked for where the one before ended. */
  List<String> inner() {
    return parts.subList(1, parts.size() - 1);
  }

  /** At worst the length of the pattern times that of the value in steps; allocates nothing. */
  boolean matches(String value) {
    int from = prefix().length();
    final int to = value.length() - suffix().length();
    if (from > to || !value.startsWith(prefix()) || !value.endsWith(suffix())) {
      return false;
    }
    for (int i = 1; i < parts.size() - 1; i++) {
      // The leftmost place leaves the most room for what follows, so no other need be tried.
      final int found = value.indexOf(parts.get(i), from, to);
      if (found < 0) {
        return false;
      }
      from = found + parts.get(i).length();
    }
    return true;
  }
}
