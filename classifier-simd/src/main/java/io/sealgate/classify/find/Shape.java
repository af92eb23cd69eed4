package io.sealgate.classify.find;

import java.util.Arrays;

/**
 * The written form of an identifier, symbol by symbol: {@code 9} a digit, {@code A} a letter,
 * {@code N} a letter or digit, {@code H} a hexadecimal digit, {@code [ABC0-9]} one of these, {@code
 * {n}} after any of them n times; {@code ~} a space or a hyphen, the same wherever it stands in the
 * shape; anything else itself. Letters match in either case.
 *
 * <p>The first group (run of symbols) that must hold a digit, or else can, is what a text is
 * searched for.
 */
final class Shape {
  private static final byte SAME_SEPARATOR = -1;
  private static final String DIGITS = "0123456789";
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  /** A set of symbols for each place, by {@link #symbol}; 0 where a separator stands. */
  private final long[] sets;

  /** The separator at each place, {@link #SAME_SEPARATOR}, or 0 where a symbol stands. */
  private final byte[] separators;

  private int anchorOffset;
  private int anchorLength;
  private long mustBeDigits;
  private long mustBeLetters;

  /**
   * @throws IllegalArgumentException when it is malformed or too long
   */
  Shape(final String text) {
    long[] parsed = new long[text.length() * 32];
    final byte[] between = new byte[parsed.length];
    int n = 0;
    for (int i = 0; i < text.length(); i++) {
      final char c = text.charAt(i);
      if (c == '{') {
        final int close = text.indexOf('}', i);
        final int times = Integer.parseInt(text.substring(i + 1, close));
        if (n == 0 || parsed[n - 1] == 0 || times < 1 || times > 32) {
          throw new IllegalArgumentException("nothing to repeat in shape " + text);
        }
        for (int k = 1; k < times; k++, n++) {
          parsed[n] = parsed[n - 1];
        }
        i = close;
      } else if (c == '[') {
        final int close = text.indexOf(']', i);
        parsed[n++] = set(text.substring(i + 1, close));
        i = close;
      } else {
        final long set =
            switch (c) {
              case '9' -> set(DIGITS);
              case 'A' -> set(LETTERS);
              case 'N' -> set(DIGITS + LETTERS);
              case 'H' -> set("0-9A-F");
              default -> 0;
            };
        parsed[n] = set;
        between[n++] = set != 0 ? 0 : c == '~' ? SAME_SEPARATOR : (byte) c;
      }
    }
    sets = Arrays.copyOf(parsed, n);
    separators = Arrays.copyOf(between, n);
    anchor(text);
  }

  private void anchor(final String text) {
    final long digits = set(DIGITS);
    int first = firstGroup(~digits);
    first = first < sets.length ? first : firstGroup(-1L);
    if (first == sets.length) {
      throw new IllegalArgumentException("no digit in shape " + text + "; use finder anchor");
    }
    anchorOffset = first;
    while (first + anchorLength < sets.length && sets[first + anchorLength] != 0) {
      final long set = sets[first + anchorLength];
      mustBeDigits |= (set & ~digits) == 0 ? 1L << anchorLength : 0;
      mustBeLetters |= (set & digits) == 0 ? 1L << anchorLength : 0;
      anchorLength++;
    }
    if (anchorLength > TokenRules.TOKEN_BYTES_MAX || sets.length > TokenRules.SHAPE_BYTES_MAX) {
      throw new IllegalArgumentException("shape " + text + " is too long");
    }
  }

  /** Start of the first group with a place for digits but for none of {@code others}. */
  private int firstGroup(final long others) {
    final long digits = set(DIGITS);
    int first = 0;
    while (first < sets.length
        && ((sets[first] & digits) == 0 || others != -1L && (sets[first] & others) != 0)) {
      first++;
    }
    while (first < sets.length && first > 0 && sets[first - 1] != 0) {
      first--;
    }
    return first;
  }

  private static long set(final String members) {
    long set = 0;
    for (int i = 0; i < members.length(); i++) {
      final int from = members.charAt(i);
      final boolean range = i + 2 < members.length() && members.charAt(i + 1) == '-';
      final int to = range ? members.charAt(i + 2) : from;
      for (int c = from; c <= to; c++) {
        set |= bit(c);
      }
      i += range ? 2 : 0;
    }
    return set;
  }

  /** Digits are bits 0 to 9, letters of either case 10 to 35; 0 for anything else. */
  private static long bit(final int c) {
    if (Ascii.digit(c)) {
      return 1L << (c - '0');
    }
    return Ascii.letter(c) ? 1L << ((c | 0x20) - 'a' + 10) : 0;
  }

  /** Bytes of the group that is searched for. */
  int anchorLength() {
    return anchorLength;
  }

  /** Bytes before that group. */
  int anchorOffset() {
    return anchorOffset;
  }

  int bytes() {
    return sets.length;
  }

  /** Whether the group is all there is. */
  boolean single() {
    return anchorLength == sets.length;
  }

  /** Whether {@code c}, which is no letter or digit, may follow the group that is searched for. */
  boolean mayBeFollowedBy(final int c) {
    final int next = anchorOffset + anchorLength;
    if (next == sets.length) {
      return true;
    }
    return separators[next] == SAME_SEPARATOR ? c == ' ' || c == '-' : c == separators[next];
  }

  /**
   * Whether a group with letters at the places in {@code letters} and digits elsewhere can be it.
   */
  boolean mayBe(final long letters) {
    return (letters & mustBeDigits) == 0 && (letters & mustBeLetters) == mustBeLetters;
  }

  /**
   * Compares, and puts the symbols, letters in upper case, into {@code symbols}.
   *
   * @return how many symbols there are, or 0 when the text has not this shape
   */
  int match(final byte[] text, final int length, final int start, final byte[] symbols) {
    int n = 0;
    int separator = 0;
    for (int i = 0; i < sets.length; i++) {
      final int c = Ascii.at(text, start + i, length);
      if (sets[i] != 0) {
        if ((sets[i] & bit(c)) == 0) {
          return 0;
        }
        symbols[n++] = (byte) (c >= 'a' ? c - 0x20 : c);
      } else if (separators[i] == SAME_SEPARATOR) {
        if (c != ' ' && c != '-' || separator != 0 && c != separator) {
          return 0;
        }
        separator = c;
      } else if (c != separators[i]) {
        return 0;
      }
    }
    return n;
  }

  /** The last separator before the end of a text that matched, or 0 when there is none. */
  int lastSeparator(final byte[] text, final int start) {
    for (int i = sets.length - 1; i >= 0; i--) {
      if (sets[i] == 0) {
        return text[start + i];
      }
    }
    return 0;
  }
}
