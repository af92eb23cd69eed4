package io.sealgate.classify.check;

/** Arithmetic of check digits over ASCII digits. */
final class Digits {
  // What twice a digit adds to the Luhn sum.
  private static final byte[] DOUBLED = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};

  // Verhoeff: multiplication in the dihedral group D5, and the permutation by position.
  private static final String D5 =
      "01234567891234067895234017895634012895674012395678"
          + "59876043216598710432765982104387659321049876543210";
  private static final String PERMUTATION =
      "01234567891576283094580379614289160435279453126870428657390127938064157046913258";

  private Digits() {}

  static int at(final byte[] s, final int i) {
    return s[i] - '0';
  }

  /** The number in {@code [from, to)}, at most nine digits. */
  static int number(final byte[] s, final int from, final int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = value * 10 + at(s, i);
    }
    return value;
  }

  /** Sum of digit times weight, from the first digit on. */
  static int weighted(final byte[] s, final int from, final int[] weights) {
    int sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += at(s, from + i) * weights[i];
    }
    return sum;
  }

  /** ISO/IEC 7812-1 annex B over {@code [from, to)}, check digit included. */
  static boolean luhn(final byte[] s, final int from, final int to) {
    return luhnSum(s, from, to) % 10 == 0;
  }

  static int luhnSum(final byte[] s, final int from, final int to) {
    int sum = 0;
    for (int i = to - 1, place = 0; i >= from; i--, place++) {
      sum += (place & 1) == 0 ? at(s, i) : DOUBLED[at(s, i)];
    }
    return sum;
  }

  /** Verhoeff's dihedral check over {@code [0, n)}, check digit included. */
  static boolean verhoeff(final byte[] s, final int n) {
    int c = 0;
    for (int i = n - 1, place = 0; i >= 0; i--, place++) {
      final int p = PERMUTATION.charAt(place % 8 * 10 + at(s, i)) - '0';
      c = D5.charAt(c * 10 + p) - '0';
    }
    return c == 0;
  }

  /** ISO/IEC 7064 mod 11,10 over {@code [from, to)}, check digit included. */
  static boolean mod11and10(final byte[] s, final int from, final int to) {
    int product = 10;
    for (int i = from; i < to - 1; i++) {
      final int sum = (at(s, i) + product) % 10;
      product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (11 - product) % 10 == at(s, to - 1);
  }

  /** Whether {@code [from, to)} is one digit over and over. */
  static boolean same(final byte[] s, final int from, final int to) {
    for (int i = from + 1; i < to; i++) {
      if (s[i] != s[from]) {
        return false;
      }
    }
    return true;
  }

  /** Whether month and day exist; 29 February always does, since the century may be unknown. */
  static boolean date(final int month, final int day) {
    return month >= 1
        && month <= 12
        && day >= 1
        && day
            <= (month == 2 ? 29 : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31);
  }

  /** As {@link #date(int, int)}, with 29 February in leap years only. */
  static boolean date(final int year, final int month, final int day) {
    final boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return date(month, day) && (month != 2 || day < 29 || leap);
  }

  /** Value 0 to 35 of a digit or an upper-case letter. */
  static int base36(final int c) {
    return c <= '9' ? c - '0' : c - 'A' + 10;
  }
}
