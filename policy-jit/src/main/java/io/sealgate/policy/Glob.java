package io.sealgate.policy;

/** Names with {@code *} for any run of characters, the empty one included; case matters. */
final class Glob {
  private Glob() {}

  static boolean isGlob(String pattern) {
    return pattern.indexOf('*') >= 0;
  }

  /** Matches in O(pattern x text) at worst, without allocating. */
  static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
