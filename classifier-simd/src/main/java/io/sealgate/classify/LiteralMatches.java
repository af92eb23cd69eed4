package io.sealgate.classify;

import java.util.Arrays;

/** Where the literals of a {@link PatternSet} stand in one text. Reused; not thread-safe. */
final class LiteralMatches {
  private static final int INITIAL = 64;

  private int[] literals = new int[INITIAL];
  private int[] ends = new int[INITIAL];
  private int count;

  void clear() {
    count = 0;
  }

  void add(final int literal, final int end) {
    if (count == ends.length) {
      literals = Arrays.copyOf(literals, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
    }
    literals[count] = literal;
    ends[count++] = end;
  }

  int count() {
    return count;
  }

  int literal(final int match) {
    return literals[match];
  }

  /** One past the last byte. */
  int end(final int match) {
    return ends[match];
  }
}
