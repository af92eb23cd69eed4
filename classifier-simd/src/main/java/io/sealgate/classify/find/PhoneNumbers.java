package io.sealgate.classify.find;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Rule;
import java.nio.charset.StandardCharsets;

/**
 * Phone numbers: international ones after {@code '+'}, and national ones of the US and GB when they
 * are written in groups. A cheap look at the shape picks what libphonenumber then confirms; only
 * this confirmation allocates.
 *
 * <p>Any run of digits can be some country's number, so bare national digits never count, and a
 * number must not be one of a longer row with the same separator. One instance per thread.
 */
final class PhoneNumbers {
  private static final int DIGITS_MIN = 7;
  private static final int DIGITS_MAX = 15;
  private static final int GAP_BYTES_MAX = 2;
  private static final int GROUPS_MAX = 8;
  private static final int CONFIRMATIONS_MAX = 4;
  private static final int CALLING_CODE_DIGITS_MAX = 3;

  private final Rule international;
  private final int internationalIndex;
  private final Rule national;
  private final int nationalIndex;
  private final ContextWords context;
  private final PhonePlans plans;
  private final boolean american;
  private final boolean british;
  private final int[] groupEnds = new int[GROUPS_MAX];

  /**
   * @param rules all rules, of which two have finder {@code phone}: international, then national
   * @param context of the same rules
   */
  PhoneNumbers(
      final BuiltInRules rules,
      final PhoneRegions regions,
      final ContextWords context,
      final PhonePlans plans) {
    internationalIndex = rules.index("phone-international");
    international = rules.rule(internationalIndex);
    nationalIndex = rules.index(PhoneRegions.RULE);
    national = rules.rule(nationalIndex);
    this.context = context;
    this.plans = plans;
    american = regions.codes().contains("US") || regions.codes().contains("CA");
    british = regions.codes().contains("GB");
  }

  /** Looks for a number whose first digits are the run at {@code start}. */
  void find(final byte[] text, final int length, final int start, final int run, final Hits out) {
    if (run > DIGITS_MAX) {
      return;
    }
    final int before = Ascii.at(text, start - 1, length);
    if (before == '+') {
      final int ahead = Ascii.at(text, start - 2, length);
      if (text[start] != '0' && ahead != '+' && !Ascii.alnum(ahead)) {
        international(text, length, start, out);
      }
    } else if (text[start] == '0' && british) {
      british(text, length, start, run, out);
    } else if (american && (run == 3 || run == 1 && text[start] == '1')) {
      american(text, length, start, run, out);
    }
  }

  private void international(final byte[] text, final int length, final int start, final Hits out) {
    int groups = 0;
    int digits = 0;
    int at = start;
    while (groups < GROUPS_MAX) {
      final int run = Ascii.digits(text, at, length, DIGITS_MAX + 1);
      // One more for the trunk zero of "+44 (0)20 ...".
      if (run == 0 || digits + run > DIGITS_MAX + 1) {
        break;
      }
      digits += run;
      at += run;
      groupEnds[groups++] = at;
      at = nextGroup(text, length, at);
      if (at < 0) {
        break;
      }
    }
    for (int tries = 0; tries < CONFIRMATIONS_MAX && groups > 0; tries++) {
      final int end = groupEnds[--groups];
      if (digits < DIGITS_MIN || !called(text, start, end)) {
        return;
      }
      if (!Ascii.letter(Ascii.at(text, end, length))
          && confirm(text, length, start - 1, end, PhonePlans.NO_REGION, out)) {
        return;
      }
      digits -= groups == 0 ? digits : digitsBetween(text, groupEnds[groups - 1], end);
    }
  }

  /** Whether the first digits, which gaps may part, are a calling code; no code begins another. */
  private boolean called(final byte[] text, final int start, final int end) {
    int code = 0;
    int digits = 0;
    for (int i = start; i < end && digits < CALLING_CODE_DIGITS_MAX; i++) {
      if (Ascii.digit(text[i])) {
        code = code * 10 + text[i] - '0';
        digits++;
        if (plans.callingCode(code)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Where the next group of digits starts after a gap, or -1. */
  private static int nextGroup(final byte[] text, final int length, final int end) {
    int at = end;
    while (at - end < GAP_BYTES_MAX && gap(Ascii.at(text, at, length))) {
      at++;
    }
    return at > end && Ascii.digit(Ascii.at(text, at, length)) ? at : -1;
  }

  private static boolean gap(final int c) {
    return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/';
  }

  private static int digitsBetween(final byte[] text, final int from, final int to) {
    int digits = 0;
    for (int i = from; i < to; i++) {
      digits += Ascii.digit(text[i]) ? 1 : 0;
    }
    return digits;
  }

  /** 3-3-4 with one separator, after "1" or not, or "(415) 555-0132". */
  private void american(
      final byte[] text, final int length, final int start, final int run, final Hits out) {
    final boolean bracket = Ascii.at(text, start - 1, length) == '(';
    int separator = Ascii.at(text, start + run, length);
    if (bracket) {
      if (run != 3 || separator != ')') {
        return;
      }
    } else if (separator != ' ' && separator != '-' && separator != '.'
        || inRow(text, length, start, separator)) {
      return;
    }
    final int area = run == 1 ? start + 2 : start;
    int exchange = area + 4;
    if (bracket) {
      exchange += Ascii.at(text, exchange, length) == ' ' ? 1 : 0;
      separator = Ascii.at(text, exchange + 3, length);
    }
    final int line = exchange + 4;
    final int end = line + 4;
    final boolean shape =
        Ascii.digits(text, area, length, 4) == 3
            && text[area] >= '2'
            && (bracket || Ascii.at(text, area + 3, length) == separator)
            && Ascii.digits(text, exchange, length, 4) == 3
            && text[exchange] >= '2'
            && Ascii.at(text, exchange + 3, length) == separator
            && (separator == ' ' || separator == '-' || separator == '.')
            && Ascii.digits(text, line, length, 5) == 4;
    if (shape && !followed(text, length, end, separator)) {
      confirm(text, length, bracket ? start - 1 : start, end, "US", out);
    }
  }

  /** A trunk zero and groups of three digits or more, ten or eleven in all. */
  private void british(
      final byte[] text, final int length, final int start, final int run, final Hits out) {
    final boolean bracket = Ascii.at(text, start - 1, length) == '(';
    int at = start + run;
    int separator = Ascii.at(text, at, length);
    if (bracket) {
      if (separator != ')') {
        return;
      }
      // The gap is the bracket alone or bracket and space; either way the group is at + 1 now.
      at += Ascii.at(text, at + 1, length) == ' ' ? 1 : 0;
      separator = ' ';
    }
    if (separator != ' ' && separator != '-' || inRow(text, length, start, separator)) {
      return;
    }
    int digits = run;
    int groups = 1;
    boolean more = run >= 3;
    while (more && groups < 4) {
      final int group = Ascii.digits(text, at + 1, length, DIGITS_MAX);
      if (group < 3) {
        return;
      }
      digits += group;
      groups++;
      at += 1 + group;
      more =
          Ascii.at(text, at, length) == separator
              && Ascii.digit(Ascii.at(text, at + 1, length))
              && digits < 10;
    }
    if (groups > 1 && (digits == 10 || digits == 11) && !followed(text, length, at, separator)) {
      confirm(text, length, bracket ? start - 1 : start, at, "GB", out);
    }
  }

  private static boolean inRow(
      final byte[] text, final int length, final int start, final int separator) {
    final int before = Ascii.at(text, start - 1, length);
    return (before == separator || before == '-' || before == '.')
        && Ascii.digit(Ascii.at(text, start - 2, length));
  }

  private static boolean followed(
      final byte[] text, final int length, final int end, final int separator) {
    final int next = Ascii.at(text, end, length);
    return Ascii.alnum(next)
        || (next == separator || next == '-' || next == '.')
            && Ascii.digit(Ascii.at(text, end + 1, length));
  }

  private boolean confirm(
      final byte[] text,
      final int length,
      final int start,
      final int end,
      final String region,
      final Hits out) {
    if (!plans.valid(new String(text, start, end - start, StandardCharsets.US_ASCII), region)) {
      return false;
    }
    final boolean abroad = region.equals(PhonePlans.NO_REGION);
    final Rule rule = abroad ? international : national;
    final int index = abroad ? internationalIndex : nationalIndex;
    final boolean named = context.near(text, length, start, end, index);
    final int score = named ? rule.scoreWithContextMicros() : rule.scoreMicros();
    out.by(index);
    out.add(national.type(), start, end, score, named ? Evidence.CONTEXT : Evidence.PATTERN);
    return true;
  }
}
