package io.sealgate.policy.cel;

import java.util.Set;

/** A set of texts, looked up by one probe or two of a table of hashes. Immutable. */
public final class StringSet {
  private final int[] hashes;
  private final String[] texts;

  private StringSet(int slots) {
    hashes = new int[slots];
    texts = new String[slots];
  }

  static StringSet of(Set<String> texts) {
    // At most a quarter full, so most texts that are not in it meet a free slot at once.
    final StringSet set = new StringSet(Integer.highestOneBit(Math.max(1, texts.size())) * 8);
    for (final String text : texts) {
      int at = set.start(text.hashCode());
      while (set.texts[at] != null) {
        at = set.next(at);
      }
      set.hashes[at] = text.hashCode();
      set.texts[at] = text;
    }
    return set;
  }

  private int start(int hash) {
    return (hash ^ hash >>> 16) & texts.length - 1;
  }

  private int next(int at) {
    return at + 1 & texts.length - 1;
  }

  /** Whether the text is in the set; for generated code. */
  public static boolean contains(StringSet set, String text) {
    final int hash = text.hashCode();
    for (int at = set.start(hash); set.texts[at] != null; at = set.next(at)) {
      if (set.hashes[at] == hash && set.texts[at].equals(text)) {
        return true;
      }
    }
    return false;
  }
}
