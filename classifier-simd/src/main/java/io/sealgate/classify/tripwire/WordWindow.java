package io.sealgate.classify.tripwire;

import io.sealgate.classify.finding.Reach;

/**
 * The words around an anchor: runs of ASCII letters and digits and of bytes of other scripts.
 * Whatever else stands between two words (spaces, line breaks, punctuation, markup) parts them and
 * does not count; an apostrophe inside of a word is skipped. Not thread-safe.
 */
final class WordWindow {
  /** A phrase is looked for no further than this from its anchor. */
  static final int BEFORE_BYTES_MAX = 120;

  static final int AFTER_BYTES_MAX = 160;
  static final int WORDS_MAX = 64;

  /** Bytes of words, capitals in lower case; 0 for all others. */
  private static final byte[] FOLDED = table();

  private final byte[] folded = new byte[BEFORE_BYTES_MAX + AFTER_BYTES_MAX];
  private final int[] from = new int[WORDS_MAX];
  private final int[] to = new int[WORDS_MAX];
  private final int[] starts = new int[WORDS_MAX];
  private final int[] ends = new int[WORDS_MAX];
  private final long[] initial = new long[WORDS_MAX];
  private long initials;
  private int count;
  private int firstAnchorWord;
  private int lastAnchorWord;

  private static byte[] table() {
    final byte[] table = new byte[256];
    for (int b = 0; b < table.length; b++) {
      final int lower = b | 0x20;
      if (lower >= 'a' && lower <= 'z') {
        table[b] = (byte) lower;
      } else if (b >= 0x80 || b >= '0' && b <= '9') {
        table[b] = (byte) b;
      }
    }
    return table;
  }

  /** A set with the first byte of a word in it, or with bytes that are alike in six bits. */
  static long initial(final byte b) {
    return 1L << b;
  }

  /**
   * Reads the words; ASCII letters become lower case.
   *
   * @param wordsAfter how many words after those of the anchor matter
   */
  void read(
      final byte[] text,
      final int length,
      final int anchorStart,
      final int anchorEnd,
      final int wordsAfter) {
    int first = anchorStart;
    final int earliest = Math.max(0, anchorStart - BEFORE_BYTES_MAX);
    while (first > earliest && text[first - 1] != Reach.SEPARATOR) {
      first--;
    }
    final int limit = Math.min(length, anchorStart + AFTER_BYTES_MAX);
    count = 0;
    initials = 0;
    firstAnchorWord = WORDS_MAX;
    lastAnchorWord = -1;
    int bytes = 0;
    int p = first;
    while (p < limit
        && text[p] != Reach.SEPARATOR
        && count < WORDS_MAX
        && (lastAnchorWord < 0 || count - lastAnchorWord <= wordsAfter)) {
      if (!isWord(text[p])) {
        p++;
        continue;
      }
      starts[count] = p;
      from[count] = bytes;
      while (p < limit) {
        final byte lower = FOLDED[text[p] & 0xFF];
        if (lower != 0) {
          folded[bytes++] = lower;
        } else if (!isApostrophe(text, p, limit)) {
          break;
        }
        p++;
      }
      initial[count] = initial(folded[from[count]]);
      initials |= initial[count];
      to[count] = bytes;
      ends[count] = p;
      if (p > anchorStart && starts[count] < anchorEnd) {
        firstAnchorWord = Math.min(firstAnchorWord, count);
        lastAnchorWord = count;
      }
      count++;
    }
  }

  private static boolean isWord(final byte b) {
    return FOLDED[b & 0xFF] != 0;
  }

  private static boolean isApostrophe(final byte[] text, final int at, final int limit) {
    return text[at] == '\'' && at + 1 < limit && isWord(text[at + 1]);
  }

  int count() {
    return count;
  }

  /** The first word that the anchor touches. */
  int firstAnchorWord() {
    return firstAnchorWord;
  }

  /** The last word that the anchor touches; less than the first when it touches none. */
  int lastAnchorWord() {
    return lastAnchorWord;
  }

  /** The set of the word's first byte. */
  long initial(final int word) {
    return initial[word];
  }

  /** The set of the first bytes of all words. */
  long initials() {
    return initials;
  }

  int start(final int word) {
    return starts[word];
  }

  int end(final int word) {
    return ends[word];
  }

  /** Whether a word is {@code expected}, or begins so. */
  boolean is(final int word, final byte[] expected, final boolean prefix) {
    final int bytes = to[word] - from[word];
    if (prefix ? bytes < expected.length : bytes != expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (folded[from[word] + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
