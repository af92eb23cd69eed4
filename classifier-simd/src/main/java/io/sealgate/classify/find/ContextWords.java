package io.sealgate.classify.find;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Looks for words that name a type, near a candidate whose shape already fits: within {@value
 * #BEFORE_BYTES} bytes before it, or within {@value #AFTER_BYTES} after it in the same line.
 *
 * <p>ASCII letters match in either case. A space in a word stands for a space, a hyphen, an
 * underscore or nothing. A word of ASCII letters begins where no letter stands before it or where a
 * small letter is followed by a capital (as in code), and, when it has fewer than {@value
 * #FREE_END_BYTES} bytes, ends likewise; longer ones may be the head of a compound.
 *
 * <p>All words are looked up in one walk, whose answer for a place is kept. One instance per
 * thread.
 */
final class ContextWords {
  static final int BEFORE_BYTES = 64;
  static final int AFTER_BYTES = 48;
  private static final int FREE_END_BYTES = 5;
  private static final int WORD_BYTES_MIN = 3;
  private static final int BUCKETS = 4096;

  private static final byte OTHER = 0;
  private static final byte SMALL = 1;
  private static final byte CAPITAL = 2;
  private static final byte BREAK = 3;

  /** Where the table of places starts to be tidied; it grows when that is not enough. */
  private static final int PLACES_MAX = 128;

  private static final byte[] KINDS = kinds();

  private record Word(byte[] bytes, long[] rules, Word next) {}

  private static final Word SEGMENT_END = new Word(new byte[0], new long[0], null);
  private static final Word LINE_END = new Word(new byte[0], new long[0], null);

  private final Word[] buckets = new Word[BUCKETS];

  /** Of the rules that have a word near the last candidate asked about. */
  private final long[] rules;

  private int beforeStart = -1;
  private int afterEnd = -1;

  /** Words and breaks in {@code [firstRead, read)} by start; every byte is looked at once. */
  private int[] starts = new int[PLACES_MAX];

  private int[] ends = new int[PLACES_MAX];
  private Word[] words = new Word[PLACES_MAX];
  private int places;
  private int firstRead;
  private int read;

  /**
   * @param words of each rule, in lower case
   */
  ContextWords(final List<List<String>> words) {
    final int longs = (words.size() >> 6) + 1;
    rules = new long[longs];
    final List<String> done = new ArrayList<>();
    for (final List<String> ofRule : words) {
      for (final String word : ofRule) {
        if (!done.contains(word)) {
          done.add(word);
          add(word, words, longs);
        }
      }
    }
  }

  private void add(final String word, final List<List<String>> words, final int longs) {
    final int space = word.indexOf(' ');
    if (space >= 0 && space < WORD_BYTES_MIN) {
      // The bucket needs plain bytes, so the forms of this space are words of their own.
      for (final String form : new String[] {"_", "-", ""}) {
        add(
            word.substring(0, space) + form + word.substring(space + 1),
            rulesWith(word, words, longs));
      }
    }
    add(word, rulesWith(word, words, longs));
  }

  private static long[] rulesWith(
      final String word, final List<List<String>> words, final int longs) {
    final long[] rules = new long[longs];
    for (int rule = 0; rule < words.size(); rule++) {
      if (words.get(rule).contains(word)) {
        rules[rule >> 6] |= 1L << rule;
      }
    }
    return rules;
  }

  private void add(final String word, final long[] rules) {
    final byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < WORD_BYTES_MIN) {
      throw new IllegalArgumentException(
          "context word '" + word + "' is shorter than " + WORD_BYTES_MIN + " bytes; use a longer");
    }
    final int bucket = bucket(bytes[0], bytes[1], bytes[2]);
    buckets[bucket] = new Word(bytes, rules, buckets[bucket]);
  }

  private static byte[] kinds() {
    final byte[] kinds = new byte[128];
    for (int c = 0; c < kinds.length; c++) {
      kinds[c] = !Ascii.letter(c) ? OTHER : c >= 'a' ? SMALL : CAPITAL;
    }
    kinds[0] = BREAK;
    kinds['\n'] = BREAK;
    return kinds;
  }

  private static int bucket(final int first, final int second, final int third) {
    return (first * 961 + second * 31 + third) & BUCKETS - 1;
  }

  /** Forgets what it knows of another text. */
  void begin() {
    beforeStart = -1;
    afterEnd = -1;
    read = 0;
    places = 0;
  }

  /** Whether a word of the rule stands near {@code [start, end)}. */
  boolean near(
      final byte[] text, final int length, final int start, final int end, final int rule) {
    if (beforeStart != start || afterEnd != end) {
      beforeStart = start;
      afterEnd = end;
      collect(text, length, start, end);
    }
    return (rules[rule >> 6] >> rule & 1) != 0;
  }

  private void collect(final byte[] text, final int length, final int start, final int end) {
    final int from = Math.max(0, start - BEFORE_BYTES);
    if (from < firstRead || from > read) {
      places = 0;
      firstRead = from;
      read = from;
    } else if (places > PLACES_MAX / 2) {
      forget(from);
    }
    read(text, length, Math.min(length, end + AFTER_BYTES));
    Arrays.fill(rules, 0);
    int place = places;
    while (place > 0 && starts[place - 1] >= start) {
      place--;
    }
    final int middle = place;
    while (place > 0 && starts[place - 1] >= from && words[place - 1] != SEGMENT_END) {
      place--;
      if (ends[place] <= start && words[place] != LINE_END) {
        add(words[place].rules());
      }
    }
    place = middle;
    while (place < places && (words[place].bytes().length != 0 || starts[place] < end)) {
      if (starts[place] >= end && ends[place] <= end + AFTER_BYTES) {
        add(words[place].rules());
      }
      place++;
    }
  }

  private void add(final long[] more) {
    for (int i = 0; i < rules.length; i++) {
      rules[i] |= more[i];
    }
  }

  /** Drops places before {@code from}; the table is never full of those still needed. */
  private void forget(final int from) {
    int first = 0;
    while (first < places && starts[first] < from) {
      first++;
    }
    places -= first;
    System.arraycopy(starts, first, starts, 0, places);
    System.arraycopy(ends, first, ends, 0, places);
    System.arraycopy(words, first, words, 0, places);
    firstRead = from;
  }

  /** Notes the words and line ends up to {@code to}, once for each byte. */
  private void read(final byte[] text, final int length, final int to) {
    boolean letterBefore = Ascii.letter(Ascii.at(text, read - 1, length));
    boolean smallBefore = letterBefore && text[read - 1] >= 'a';
    for (int at = read; at < to; at++) {
      final byte c = text[at];
      final byte kind = c < 0 ? OTHER : KINDS[c];
      if (kind == BREAK) {
        note(at, at + 1, c == 0 ? SEGMENT_END : LINE_END);
      } else if ((kind == OTHER || !letterBefore || smallBefore && kind == CAPITAL)
          && at + WORD_BYTES_MIN <= length) {
        // Most bytes continue a word, where none of the words can begin.
        final int bucket = bucket(fold(c), fold(text[at + 1]), fold(text[at + 2]));
        for (Word word = buckets[bucket]; word != null; word = word.next()) {
          final int end = match(text, at, length, word.bytes());
          if (end > 0) {
            note(at, end, word);
          }
        }
      }
      letterBefore = kind == SMALL || kind == CAPITAL;
      smallBefore = kind == SMALL;
    }
    read = Math.max(read, to);
  }

  private void note(final int start, final int end, final Word word) {
    if (places == starts.length) {
      starts = Arrays.copyOf(starts, places * 2);
      ends = Arrays.copyOf(ends, places * 2);
      words = Arrays.copyOf(words, places * 2);
    }
    starts[places] = start;
    ends[places] = end;
    words[places++] = word;
  }

  /** Where the word that begins at {@code start} ends, or -1 when it is another. */
  private static int match(
      final byte[] text, final int start, final int length, final byte[] word) {
    int at = start;
    for (final byte expected : word) {
      final int c = at < length ? fold(text[at]) : 0;
      if (expected == ' ') {
        at += c == ' ' || c == '_' || c == '-' ? 1 : 0;
      } else if (c == expected) {
        at++;
      } else {
        return -1;
      }
    }
    final boolean ends =
        word.length >= FREE_END_BYTES
            || !Ascii.letter(word[word.length - 1])
            || edge(text, at, length)
            || (Ascii.at(text, at, length) | 0x20) == 's' && edge(text, at + 1, length);
    return ends ? at : -1;
  }

  /** Whether no letter stands before or at {@code at}, or a capital follows a small letter. */
  private static boolean edge(final byte[] text, final int at, final int length) {
    final int left = Ascii.at(text, at - 1, length);
    final int right = Ascii.at(text, at, length);
    return !Ascii.letter(left) || !Ascii.letter(right) || left >= 'a' && right < 'a';
  }

  private static int fold(final byte c) {
    return c >= 'A' && c <= 'Z' ? c + 0x20 : c;
  }
}
