package io.sealgate.classify;

/**
 * US social security numbers, by the rules of the Social Security Administration for numbers never
 * assigned: area not 000, 666 or 9xx, group not 00, serial not 0000.
 *
 * <p>Written 3-2-4 with hyphens or with single spaces. Nine bare digits have no shape of their own;
 * they count only when "ssn" or "social security" stands within 40 bytes before them.
 */
final class SocialSecurityNumbers {
  private static final int SCORE_HYPHENS_MICROS = 850_000;
  private static final int SCORE_SPACES_MICROS = 600_000;
  private static final int SCORE_CONTEXT_MICROS = 500_000;
  private static final int CONTEXT_BYTES = 40;
  private static final String[] CONTEXT = {"ssn", "social security"};

  private SocialSecurityNumbers() {}

  /** Looks for a number that starts with the run of 3 or 9 digits at {@code start}. */
  static void find(
      final byte[] text, final int length, final int start, final int run, final Hits out) {
    final int before = Ascii.at(text, start - 1, length);
    if ((before == '-' || before == '.') && Ascii.digit(Ascii.at(text, start - 2, length))) {
      return;
    }
    final int separator = run == 9 ? 0 : Ascii.at(text, start + 3, length);
    if (separator != 0 && separator != '-' && separator != ' ') {
      return;
    }
    final int gap = separator == 0 ? 0 : 1;
    final int group = start + 3 + gap;
    final int serial = group + 2 + gap;
    final int end = serial + 4;
    if (run == 3
        && (gap == 0
            || Ascii.digits(text, group, length, 3) != 2
            || Ascii.at(text, group + 2, length) != separator
            || Ascii.digits(text, serial, length, 5) != 4)) {
      return;
    }
    final int next = Ascii.at(text, end, length);
    if (Ascii.letter(next)
        || next == '-' && Ascii.digit(Ascii.at(text, end + 1, length))
        || !assigned(text, start, group, serial)) {
      return;
    }
    if (separator != 0) {
      final int score = separator == '-' ? SCORE_HYPHENS_MICROS : SCORE_SPACES_MICROS;
      out.add(FindingTypes.US_SSN, start, end, score, Evidence.FORMAT, -1);
    } else if (contextBefore(text, length, start)) {
      out.add(FindingTypes.US_SSN, start, end, SCORE_CONTEXT_MICROS, Evidence.CONTEXT, -1);
    }
  }

  private static boolean assigned(
      final byte[] text, final int start, final int group, final int serial) {
    final int area = number(text, start, 3);
    return area != 0
        && area != 666
        && area < 900
        && number(text, group, 2) != 0
        && number(text, serial, 4) != 0;
  }

  private static int number(final byte[] text, final int from, final int digits) {
    int value = 0;
    for (int i = from; i < from + digits; i++) {
      value = value * 10 + text[i] - '0';
    }
    return value;
  }

  private static boolean contextBefore(final byte[] text, final int length, final int start) {
    for (int at = start - 1; at >= start - CONTEXT_BYTES; at--) {
      if (Ascii.at(text, at, length) == 0) {
        return false;
      }
      for (final String word : CONTEXT) {
        if (wordAt(text, length, at, word)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the word stands at {@code at}, in any case and not inside a longer word. */
  private static boolean wordAt(
      final byte[] text, final int length, final int at, final String word) {
    for (int i = 0; i < word.length(); i++) {
      final int c = Ascii.at(text, at + i, length);
      if ((Ascii.letter(c) ? c | 0x20 : c) != word.charAt(i)) {
        return false;
      }
    }
    return !Ascii.letter(Ascii.at(text, at - 1, length))
        && !Ascii.letter(Ascii.at(text, at + word.length(), length));
  }
}
