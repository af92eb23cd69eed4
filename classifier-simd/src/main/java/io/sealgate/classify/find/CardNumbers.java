package io.sealgate.classify.find;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Rule;

/**
 * Payment card numbers (ISO/IEC 7812-1): an issuer range with one of its lengths, and Luhn.
 *
 * <p>Digits stand together or in groups with one space or one hyphen between all of them. Groups
 * are those printed on cards and typed by people: four or eight digits first, four or more each
 * then, the last three or more (one or more from 17 digits on); or six digits and 13 more. Letters
 * must not touch the number, nor may it be the fraction of a decimal. Other groups may stand before
 * and after it: "2026 4111 1111 1111 1111" holds a card, and what follows a card of up to 16 digits
 * is not added to it.
 */
public final class CardNumbers {
  public static final int DIGITS_MIN = 12;
  public static final int DIGITS_MAX = 19;

  private static final int GROUP_DIGITS_MIN = 4;
  private static final int LAST_GROUP_DIGITS_MIN = 3;
  private static final int USUAL_DIGITS_MAX = 16;
  private static final int LONG_CARD_DIGITS = 17;
  private static final int IIN_DIGITS = 6;

  // What twice a digit adds to the Luhn sum.
  private static final byte[] DOUBLED = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};

  // Rows of first, last (six-digit issuer numbers), then the lengths as a bit set.
  private static final int[] RANGES = {
    100000, 199999, lengths(15), // UATP
    220000, 220499, lengths(16, 17, 18, 19), // Mir
    222100, 272099, lengths(16), // Mastercard
    300000, 305999, lengths(14, 16, 17, 18, 19), // Diners Club
    309500, 309599, lengths(14, 16, 17, 18, 19),
    340000, 349999, lengths(15), // American Express
    352800, 358999, lengths(16, 17, 18, 19), // JCB
    360000, 369999, lengths(14, 15, 16, 17, 18, 19), // Diners Club
    370000, 379999, lengths(15), // American Express
    380000, 399999, lengths(14, 16, 17, 18, 19), // Diners Club
    400000, 499999, lengths(13, 16, 19), // Visa
    500000, 509999, lengths(12, 13, 14, 15, 16, 17, 18, 19), // Maestro, Dankort, Elo, Verve
    510000, 559999, lengths(16), // Mastercard
    560000, 589999, lengths(12, 13, 14, 15, 16, 17, 18, 19), // Maestro
    600000, 609999, lengths(16, 17, 18, 19), // Discover, RuPay, Hipercard
    620000, 629999, lengths(16, 17, 18, 19), // UnionPay
    630000, 639999, lengths(12, 13, 14, 15, 16, 17, 18, 19), // Maestro, InstaPayment
    644000, 659999, lengths(16, 17, 18, 19), // Discover, Troy
    670000, 679999, lengths(12, 13, 14, 15, 16, 17, 18, 19), // Maestro
    810000, 829999, lengths(16, 17, 18, 19), // UnionPay, RuPay
    860000, 860099, lengths(16), // Uzcard
    979200, 979299, lengths(16), // Troy
    986000, 986099, lengths(16), // Humo
  };

  private CardNumbers() {}

  /** Looks for a card that starts with the digit run at {@code start}; the longest wins. */
  public static void find(
      final byte[] text, final int length, final int start, final Rule rule, final Hits out) {
    if (Ascii.at(text, start - 1, length) == '.'
        && Ascii.digit(Ascii.at(text, start - 2, length))) {
      return;
    }
    int at = start;
    int digits = 0;
    int iin = 0;
    int separator = 0;
    int lead = 0;
    // The sum with every second digit doubled, for an even and for an odd number of digits.
    int evenSum = 0;
    int oddSum = 0;
    int end = -1;
    while (true) {
      final int group = Ascii.digits(text, at, length, DIGITS_MAX + 1 - digits);
      if (digits + group > DIGITS_MAX) {
        break;
      }
      for (int i = 0; i < group; i++, digits++, at++) {
        final int digit = text[at] - '0';
        iin = digits < IIN_DIGITS ? iin * 10 + digit : iin;
        evenSum += (digits & 1) == 0 ? DOUBLED[digit] : digit;
        oddSum += (digits & 1) == 0 ? digit : DOUBLED[digit];
      }
      final int sum = (digits & 1) == 0 ? evenSum : oddSum;
      final int next = Ascii.at(text, at, length);
      if (sum % 10 == 0
          && (group >= LAST_GROUP_DIGITS_MIN || digits >= LONG_CARD_DIGITS)
          && issued(iin, digits)
          && (lead != IIN_DIGITS || digits == DIGITS_MAX)
          && (end < 0 || digits <= USUAL_DIGITS_MAX)
          && !Ascii.letter(next)) {
        end = at;
      }
      final boolean first = separator == 0;
      lead = first ? group : lead;
      if (group < GROUP_DIGITS_MIN
          || first
              && group != GROUP_DIGITS_MIN
              && group != IIN_DIGITS
              && group != 2 * GROUP_DIGITS_MIN
          || (first ? next != ' ' && next != '-' : next != separator)) {
        break;
      }
      separator = next;
      at++;
    }
    if (end >= 0) {
      out.add(rule.type(), start, end, rule.scoreMicros(), Evidence.CHECKSUM);
    }
  }

  private static boolean issued(final int iin, final int digits) {
    if (digits < DIGITS_MIN) {
      return false;
    }
    for (int row = 0; row < RANGES.length && RANGES[row] <= iin; row += 3) {
      if (iin <= RANGES[row + 1]) {
        return (RANGES[row + 2] >> digits & 1) != 0;
      }
    }
    return false;
  }

  private static int lengths(final int... digits) {
    int set = 0;
    for (final int n : digits) {
      set |= 1 << n;
    }
    return set;
  }
}
