package io.sealgate.policy.index;

import java.util.Arrays;

/**
 * Receives the answer of one search and lends it scratch space. Reused from call to call, over any
 * indexes; allocates nothing once it has grown to the largest. One thread at a time.
 */
public final class CandidateBuffer {
  private int[] rules = new int[64];
  private int size;
  private int probes;

  /**
   * A bit per rule, and a bit for each word of those that is not zero. All zero between searches.
   */
  private long[] marks = {};

  private long[] markedWords = {};

  private long[][] rows = {{}, {}};
  private final int[] key = new int[ScopeEntries.DIMENSIONS_MAX];

  /** How many candidates the last search found. */
  public int size() {
    return size;
  }

  /**
   * One candidate of the last search: its rule id. They ascend without repetition.
   *
   * @param index from 0 to below {@link #size()}
   */
  public int rule(int index) {
    return rules[index];
  }

  /**
   * How much the last search looked at, for metrics: hash probes and entries checked one by one in
   * a tuple space, rows in bitmaps, entries in a linear scan.
   */
  public int probes() {
    return probes;
  }

  void begin() {
    size = 0;
    probes = 0;
  }

  void probed(int more) {
    probes += more;
  }

  /** Adds a rule that is not below the one before; a repetition is left out. */
  void append(int rule) {
    if (size > 0 && rules[size - 1] == rule) {
      return;
    }
    if (size == rules.length) {
      rules = Arrays.copyOf(rules, 2 * size);
    }
    rules[size++] = rule;
  }

  /** Two rows of at least that many words, with any content. */
  long[][] rows(int words) {
    if (rows[0].length < words) {
      rows = new long[2][words];
    }
    return rows;
  }

  /** Room for one id a dimension, with any content. */
  int[] key() {
    return key;
  }

  /** Makes room for marks on the rules below the limit. */
  void expectMarks(int ruleLimit) {
    final int words = (ruleLimit + Long.SIZE - 1) / Long.SIZE;
    if (marks.length < words) {
      marks = new long[words];
      markedWords = new long[(words + Long.SIZE - 1) / Long.SIZE];
    }
  }

  /** Notes a rule, in any order and as often as it comes. */
  void mark(int rule) {
    final int word = rule >>> 6;
    marks[word] |= 1L << rule;
    markedWords[word >>> 6] |= 1L << word;
  }

  /** Appends all marked rules in order and takes the marks away. */
  void appendMarked() {
    for (int i = 0; i < markedWords.length; i++) {
      for (long left = markedWords[i]; left != 0; left &= left - 1) {
        final int word = (i << 6) + Long.numberOfTrailingZeros(left);
        for (long bits = marks[word]; bits != 0; bits &= bits - 1) {
          append((word << 6) + Long.numberOfTrailingZeros(bits));
        }
        marks[word] = 0;
      }
      markedWords[i] = 0;
    }
  }
}
