package io.sealgate.classify.find;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Rule;

/**
 * Dates with the English name of a month, "March 12, 1985" and "12th of March 1985", beside a word
 * of the rule.
 */
final class WrittenDates {
  private static final String[] MONTHS = {
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december"
  };

  private static final int ABBREVIATION = 3;
  private static final int NAME_BYTES_MAX = 9;
  private static final int YEAR_DIGITS = 4;

  private WrittenDates() {}

  /** Looks for a date whose day is the run of one or two digits at {@code start}. */
  static void find(
      final byte[] text,
      final int length,
      final int start,
      final int run,
      final Rule rule,
      final int ruleIndex,
      final ContextWords context,
      final Hits out) {
    int at = start + run;
    if (Ascii.letter(Ascii.at(text, at, length)) && Ascii.letter(Ascii.at(text, at + 1, length))) {
      at += 2; // st, nd, rd, th
    }
    int from = start;
    if (Ascii.at(text, at, length) == ',' || Ascii.digit(Ascii.at(text, at + 1, length))) {
      from = monthBefore(text, length, start);
    } else {
      at = monthAfter(text, length, at);
    }
    if (from < 0 || at < 0) {
      return;
    }
    at += Ascii.at(text, at, length) == ',' ? 1 : 0;
    final int gap = Ascii.at(text, at, length);
    at += gap == ' ' || gap == '-' ? 1 : 0;
    if (Ascii.digits(text, at, length, YEAR_DIGITS + 1) != YEAR_DIGITS
        || Ascii.letter(Ascii.at(text, at + YEAR_DIGITS, length))
        || text[at] != '1' && text[at] != '2') {
      return;
    }
    final int end = at + YEAR_DIGITS;
    if (context.near(text, length, from, end, ruleIndex)) {
      out.add(rule.type(), from, end, rule.scoreWithContextMicros(), Evidence.CONTEXT);
    }
  }

  /** Where the name of a month begins that ends, but for a space, before {@code day}; or -1. */
  private static int monthBefore(final byte[] text, final int length, final int day) {
    int end = day;
    end -= Ascii.at(text, end - 1, length) == ' ' ? 1 : 0;
    end -= Ascii.at(text, end - 1, length) == '.' ? 1 : 0;
    int start = end;
    while (end - start <= NAME_BYTES_MAX && Ascii.letter(Ascii.at(text, start - 1, length))) {
      start--;
    }
    return month(text, start, end) ? start : -1;
  }

  /** Where the name of a month ends that follows {@code day}, "of" perhaps between them; or -1. */
  private static int monthAfter(final byte[] text, final int length, final int day) {
    int start = day;
    final int gap = Ascii.at(text, start, length);
    if (gap != ' ' && gap != '-' && gap != '.') {
      return -1;
    }
    start++;
    start += Ascii.at(text, start, length) == ' ' ? 1 : 0;
    if (Ascii.at(text, start, length) == 'o'
        && Ascii.at(text, start + 1, length) == 'f'
        && Ascii.at(text, start + 2, length) == ' ') {
      start += 3;
    }
    int end = start;
    while (end - start <= NAME_BYTES_MAX && Ascii.letter(Ascii.at(text, end, length))) {
      end++;
    }
    if (!month(text, start, end)) {
      return -1;
    }
    return Ascii.at(text, end, length) == '.' ? end + 1 : end;
  }

  private static boolean monthLetter(final int first) {
    return switch (first) {
      case 'j', 'f', 'm', 'a', 's', 'o', 'n', 'd' -> true;
      default -> false;
    };
  }

  private static boolean month(final byte[] text, final int start, final int end) {
    final int n = end - start;
    if (n < ABBREVIATION || n > NAME_BYTES_MAX || !monthLetter(text[start] | 0x20)) {
      return false;
    }
    for (final String month : MONTHS) {
      int same = 0;
      while (same < n
          && same < month.length()
          && (text[start + same] | 0x20) == month.charAt(same)) {
        same++;
      }
      if (same == n
          && (n == ABBREVIATION || n == month.length() || n == 4 && month.startsWith("sept"))) {
        return true;
      }
    }
    return false;
  }
}
