package io.sealgate.classify.view;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What a code point outside of ASCII looks like to a recogniser. Built once from the character
 * database of the running JDK: invisible characters (default ignorables, Cf) and combining marks go
 * away; decimal digits, dashes and spaces become ASCII; the rest takes its NFKD form (UAX #15) code
 * point by code point, without its marks. Hangul and unified ideographs stay as they are.
 */
final class Folds {
  /** Stands for itself. */
  static final int SAME = 0;

  /** Invisible: nothing stands for it. */
  static final int DROP = 1;

  /** A combining mark: nothing stands for it, and it belongs to what is before it. */
  static final int MARK = 2;

  private static final int PAGE_BITS = 8;
  private static final int PAGE_CODE_POINTS = 1 << PAGE_BITS;
  private static final int FIRST = 0x80;
  private static final int LAST = 0xE0FFF;

  /** Beyond these there are only ideographs, private use and the tags of the last plane. */
  private static final int FOLDED_END = 0x20000;

  private static final int TAGS = 0xE0000;

  /** Each entry is a length byte and as many bytes of UTF-8. */
  private static byte[] pool = new byte[1 << 16];

  private static int pooled = MARK + 1;
  private static final char[][] PAGES = pages();

  private Folds() {}

  /** {@link #SAME}, {@link #DROP}, {@link #MARK}, or where in the pool its plain form is. */
  static int of(final int codePoint) {
    if (codePoint > LAST) {
      return SAME;
    }
    final char[] page = PAGES[codePoint >> PAGE_BITS];
    return page == null ? SAME : page[codePoint & PAGE_CODE_POINTS - 1];
  }

  /** Writes the plain form to {@code to} and returns its length, at most {@link #BYTES_MAX}. */
  static int write(final int fold, final byte[] to, final int at) {
    final int length = pool[fold];
    // Most are one byte, for which a call costs more than the copy.
    for (int i = 0; i < length; i++) {
      to[at + i] = pool[fold + 1 + i];
    }
    return length;
  }

  /** The longest plain form; longer ones (a few Arabic ligatures) are cut to {@link #SAME}. */
  static final int BYTES_MAX = 33;

  private static char[][] pages() {
    final char[][] pages = new char[(LAST >> PAGE_BITS) + 1][];
    final Map<String, Character> known = new HashMap<>();
    for (int codePoint = FIRST; codePoint <= LAST; codePoint++) {
      if (codePoint == FOLDED_END) {
        codePoint = TAGS;
      }
      final int fold = fold(codePoint, known);
      if (fold != SAME) {
        final int page = codePoint >> PAGE_BITS;
        if (pages[page] == null) {
          pages[page] = new char[PAGE_CODE_POINTS];
        }
        pages[page][codePoint & PAGE_CODE_POINTS - 1] = (char) fold;
      }
    }
    pool = Arrays.copyOf(pool, pooled);
    return pages;
  }

  private static int fold(final int codePoint, final Map<String, Character> known) {
    final int type = Character.getType(codePoint);
    if (codePoint >= TAGS || type == Character.FORMAT || ignorable(codePoint)) {
      return DROP;
    }
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return MARK;
    }
    if (type == Character.UNASSIGNED || type == Character.SURROGATE || keptWhole(codePoint)) {
      return SAME;
    }
    final String plain = plain(codePoint);
    if (plain.isEmpty() || plain.codePointAt(0) == codePoint) {
      return SAME;
    }
    return known.computeIfAbsent(plain, Folds::pool);
  }

  private static String plain(final int codePoint) {
    final int digit = dingbatDigit(codePoint);
    if (digit >= 0) {
      return Integer.toString(digit);
    }
    if (codePoint >= 0x1F150 && codePoint < 0x1F150 + 26
        || codePoint >= 0x1F170 && codePoint < 0x1F170 + 26) {
      return Character.toString('A' + (codePoint - 0x1F150 & 0x1F));
    }
    final StringBuilder plain = new StringBuilder();
    Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKD)
        .codePoints()
        .forEach(part -> appendPlain(part, plain));
    return plain.toString();
  }

  private static void appendPlain(final int part, final StringBuilder plain) {
    switch (Character.getType(part)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> {}
      case Character.DECIMAL_DIGIT_NUMBER -> plain.append(Character.digit(part, 10));
      case Character.DASH_PUNCTUATION -> plain.append('-');
      case Character.SPACE_SEPARATOR -> plain.append(' ');
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> plain.append('\n');
      default -> {
        if (part == 0x2212 || part == 0x2043 || part == 0x02D7 || part == 0x2796) {
          plain.append('-');
        } else {
          plain.appendCodePoint(part);
        }
      }
    }
  }

  /** Digits in filled or doubled circles, which have no decomposition; -1 for all else. */
  private static int dingbatDigit(final int codePoint) {
    for (final int one : new int[] {0x2776, 0x2780, 0x278A, 0x24F5}) {
      if (codePoint >= one && codePoint < one + 10) {
        return codePoint - one + 1;
      }
    }
    return codePoint == 0x24FF ? 0 : -1;
  }

  /** Invisible characters that are not Cf (Default_Ignorable_Code_Point, DerivedCoreProperties). */
  private static boolean ignorable(final int codePoint) {
    return codePoint >= 0xFE00 && codePoint <= 0xFE0F
        || codePoint >= 0x180B && codePoint <= 0x180F
        || codePoint == 0x034F
        || codePoint == 0x115F
        || codePoint == 0x1160
        || codePoint == 0x17B4
        || codePoint == 0x17B5
        || codePoint == 0x2800
        || codePoint == 0x3164
        || codePoint == 0xFFA0;
  }

  private static boolean keptWhole(final int codePoint) {
    return codePoint >= 0x3400 && codePoint <= 0x9FFF
        || codePoint >= 0xAC00 && codePoint <= 0xD7A3
        || codePoint >= 0xE000 && codePoint <= 0xFAFF;
  }

  private static char pool(final String plain) {
    final byte[] utf8 = plain.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > BYTES_MAX) {
      return SAME;
    }
    final int at = pooled;
    pool[at] = (byte) utf8.length;
    System.arraycopy(utf8, 0, pool, at + 1, utf8.length);
    pooled += utf8.length + 1;
    return (char) at;
  }
}
