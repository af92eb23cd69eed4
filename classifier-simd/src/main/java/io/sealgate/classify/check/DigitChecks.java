package io.sealgate.classify.check;

import static io.sealgate.classify.check.Digits.at;
import static io.sealgate.classify.check.Digits.date;
import static io.sealgate.classify.check.Digits.luhn;
import static io.sealgate.classify.check.Digits.mod11and10;
import static io.sealgate.classify.check.Digits.number;
import static io.sealgate.classify.check.Digits.same;
import static io.sealgate.classify.check.Digits.verhoeff;
import static io.sealgate.classify.check.Digits.weighted;

/** Identifiers of digits alone. The issuer's rule stands with each. */
final class DigitChecks {
  private static final int[] KR_RRN_WEIGHTS = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
  private static final int[] ABA_WEIGHTS = {3, 7, 1, 3, 7, 1, 3, 7, 1};
  private static final int[] UK_NHS_WEIGHTS = {10, 9, 8, 7, 6, 5, 4, 3, 2};
  private static final int[] AU_TFN_WEIGHTS = {1, 4, 3, 7, 5, 8, 6, 9, 10};
  private static final int[] AU_ACN_WEIGHTS = {8, 7, 6, 5, 4, 3, 2, 1};
  private static final int[] AU_MEDICARE_WEIGHTS = {1, 3, 7, 9, 1, 3, 7, 9};
  private static final int[] TH_ID_WEIGHTS = {13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2};
  private static final int[] KR_BRN_WEIGHTS = {1, 3, 7, 1, 3, 7, 1, 3, 5};
  private static final int[] NL_BSN_WEIGHTS = {9, 8, 7, 6, 5, 4, 3, 2, -1};
  private static final int[] DE_LANR_WEIGHTS = {4, 9, 4, 9, 4, 9};
  private static final int[] PESEL = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3};
  private static final int[] ABN = {10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19};

  private DigitChecks() {}

  /** Social Security Administration: what was never assigned, and the numbers of advertisements. */
  static boolean usSsn(final byte[] s, final int n) {
    final int area = number(s, 0, 3);
    final int whole = number(s, 0, 9);
    return area != 0
        && area != 666
        && area < 900
        && number(s, 3, 5) != 0
        && number(s, 5, 9) != 0
        && whole != 78_051_120
        && whole != 219_099_999
        && !same(s, 0, 9);
  }

  /** Internal Revenue Service: 9xx with the groups in use. */
  static boolean usItin(final byte[] s, final int n) {
    final int group = number(s, 3, 5);
    return s[0] == '9'
        && !same(s, 0, n)
        && (group >= 50 && group <= 65 || group >= 70 && group <= 88 || group >= 90 && group != 93);
  }

  /** American Bankers Association: district and weights 3, 7, 1. */
  static boolean aba(final byte[] s, final int n) {
    final int district = number(s, 0, 2);
    return (district <= 12
            || district >= 21 && district <= 32
            || district >= 61 && district <= 72
            || district == 80)
        && weighted(s, 0, ABA_WEIGHTS) % 10 == 0
        && !same(s, 0, n);
  }

  /** 45 CFR 162.406: Luhn with the prefix 80840, which adds 24. */
  static boolean usNpi(final byte[] s, final int n) {
    return (s[0] == '1' || s[0] == '2')
        && (Digits.luhnSum(s, 0, n) + 24) % 10 == 0
        && !same(s, 0, n - 1);
  }

  /** NHS Data Dictionary: mod 11. */
  static boolean ukNhs(final byte[] s, final int n) {
    final int check = 11 - weighted(s, 0, UK_NHS_WEIGHTS) % 11;
    return (check == 11 ? 0 : check) == at(s, 9) && !same(s, 0, n);
  }

  /** Service Canada: Luhn; 0 and 8 do not begin one. */
  static boolean caSin(final byte[] s, final int n) {
    return s[0] != '0' && s[0] != '8' && luhn(s, 0, n) && !same(s, 0, n);
  }

  static boolean auTfn(final byte[] s, final int n) {
    return weighted(s, 0, AU_TFN_WEIGHTS) % 11 == 0 && !same(s, 0, n);
  }

  static boolean auAcn(final byte[] s, final int n) {
    return (weighted(s, 0, AU_ACN_WEIGHTS) + at(s, 8)) % 10 == 0 && !same(s, 0, n);
  }

  /** Australian Business Register: mod 89 after one is taken from the first digit. */
  static boolean auAbn(final byte[] s, final int n) {
    return s[0] != '0' && (weighted(s, 0, ABN) - ABN[0]) % 89 == 0;
  }

  static boolean auMedicare(final byte[] s, final int n) {
    return s[0] >= '2'
        && s[0] <= '6'
        && weighted(s, 0, AU_MEDICARE_WEIGHTS) % 10 == at(s, 8)
        && s[9] != '0';
  }

  /** UIDAI: Verhoeff; does not begin with 0 or 1 and is no palindrome. */
  static boolean inAadhaar(final byte[] s, final int n) {
    boolean palindrome = true;
    for (int i = 0; i < n / 2; i++) {
      palindrome &= s[i] == s[n - 1 - i];
    }
    return s[0] >= '2' && !palindrome && verhoeff(s, n);
  }

  static boolean ngNin(final byte[] s, final int n) {
    return verhoeff(s, n) && !same(s, 0, n);
  }

  /** Ministry of Digital Affairs: month carries the century. */
  static boolean plPesel(final byte[] s, final int n) {
    final int century = number(s, 2, 4) / 20;
    final int year = (century == 4 ? 1800 : 1900 + century * 100) + number(s, 0, 2);
    return date(year, number(s, 2, 4) % 20, number(s, 4, 6))
        && (weighted(s, 0, PESEL) + at(s, 10)) % 10 == 0;
  }

  /** BZSt: ISO 7064 mod 11,10; of the first ten digits one stands there twice or three times. */
  static boolean deTaxIdStrict(final byte[] s, final int n) {
    int twice = 0;
    for (int digit = '0'; digit <= '9'; digit++) {
      final int count = count(s, 10, digit);
      twice += count > 1 ? 1 : 0;
    }
    return twice == 1 && deTaxId(s, n);
  }

  /** As the strict one for test numbers, which may hold all ten digits. */
  static boolean deTaxId(final byte[] s, final int n) {
    for (int digit = '0'; digit <= '9'; digit++) {
      if (count(s, 10, digit) > 3) {
        return false;
      }
    }
    return s[0] != '0' && mod11and10(s, 0, n);
  }

  private static int count(final byte[] s, final int n, final int symbol) {
    int count = 0;
    for (int i = 0; i < n; i++) {
      count += s[i] == symbol ? 1 : 0;
    }
    return count;
  }

  /** Two check digits. */
  static boolean trId(final byte[] s, final int n) {
    final int odd = at(s, 0) + at(s, 2) + at(s, 4) + at(s, 6) + at(s, 8);
    final int even = at(s, 1) + at(s, 3) + at(s, 5) + at(s, 7);
    return s[0] != '0'
        && Math.floorMod(odd * 7 - even, 10) == at(s, 9)
        && (odd + even + at(s, 9)) % 10 == at(s, 10);
  }

  /** Kind of person, province, then weights 13 to 2 mod 11. */
  static boolean thId(final byte[] s, final int n) {
    final int province = number(s, 1, 3);
    final int unit = province % 10;
    final boolean known =
        switch (province / 10) {
          case 1, 3, 4 -> true;
          case 2, 6, 7 -> unit <= 7;
          case 5 -> unit <= 8;
          case 8, 9 -> unit <= 6;
          default -> false;
        };
    final int sum = weighted(s, 0, TH_ID_WEIGHTS);
    return known && s[0] != '0' && (11 - sum % 11) % 10 == at(s, 12);
  }

  /** Since October 2020 the last six digits are random, so there is no checksum to ask for. */
  static boolean krRrn(final byte[] s, final int n) {
    return date(number(s, 2, 4), number(s, 4, 6)) && s[6] >= '1' && s[6] <= '4';
  }

  /** As {@link #krRrn} with the check digit of numbers given before that. */
  static boolean krRrnChecked(final byte[] s, final int n) {
    return krRrn(s, n) && (11 - weighted(s, 0, KR_RRN_WEIGHTS) % 11) % 10 == at(s, 12);
  }

  /** As {@link #krRrn} for foreigners. */
  static boolean krFrn(final byte[] s, final int n) {
    return date(number(s, 2, 4), number(s, 4, 6)) && s[6] >= '5' && s[6] <= '8';
  }

  /** National Tax Service: weights 1, 3, 7, with the carry of the last product. */
  static boolean krBrn(final byte[] s, final int n) {
    final int sum = weighted(s, 0, KR_BRN_WEIGHTS) + at(s, 8) * 5 / 10;
    return (sum + at(s, 9)) % 10 == 0 && number(s, 0, 3) > 100;
  }

  /** Date, citizenship 0 to 2, then 8 or 9, Luhn. */
  static boolean zaId(final byte[] s, final int n) {
    return date(number(s, 2, 4), number(s, 4, 6))
        && plausibleLeapDay(s)
        && s[10] <= '2'
        && s[11] >= '8'
        && luhn(s, 0, n);
  }

  private static boolean plausibleLeapDay(final byte[] s) {
    return number(s, 2, 6) != 229 || number(s, 0, 2) % 4 == 0;
  }

  /** As {@link #krFrn} with the check digit of numbers given before October 2020. */
  static boolean krFrnChecked(final byte[] s, final int n) {
    return krFrn(s, n) && (13 - weighted(s, 0, KR_RRN_WEIGHTS) % 11) % 10 == at(s, 12);
  }

  /** Receita Federal: two check digits mod 11. */
  static boolean brCpf(final byte[] s, final int n) {
    return !same(s, 0, n) && brDigit(s, 9, 11) == at(s, 9) && brDigit(s, 10, 11) == at(s, 10);
  }

  /** Letters are allowed in the first twelve places from July 2026 on; they count 17 and up. */
  static boolean brCnpj(final byte[] s, final int n) {
    return !same(s, 0, n) && brDigit(s, 12, 9) == at(s, 12) && brDigit(s, 13, 9) == at(s, 13);
  }

  /** Weights 2, 3, ... from the right, beginning again after {@code weightMax}. */
  private static int brDigit(final byte[] s, final int n, final int weightMax) {
    int sum = 0;
    for (int i = n - 1, weight = 2; i >= 0; i--) {
      sum += (s[i] - '0') * weight;
      weight = weight == weightMax ? 2 : weight + 1;
    }
    return sum % 11 < 2 ? 0 : 11 - sum % 11;
  }

  /** Burgerservicenummer: weights 9 to 2 and -1, mod 11. */
  static boolean nlBsn(final byte[] s, final int n) {
    return weighted(s, 0, NL_BSN_WEIGHTS) % 11 == 0 && !same(s, 0, n);
  }

  /** Rijksregister: 97 minus the rest of the first nine digits, with 2 before them from 2000 on. */
  static boolean beNrn(final byte[] s, final int n) {
    final int month = number(s, 2, 4) % 20;
    final int first = number(s, 0, 9);
    final int check = number(s, 9, 11);
    return number(s, 2, 4) < 60
        && month <= 12
        && number(s, 4, 6) <= 31
        && number(s, 6, 9) != 0
        && (check == 97 - first % 97 || check == 97 - (int) ((2_000_000_000L + first) % 97));
  }

  /** GSMA TS.06: a reporting body in use, Luhn. */
  static boolean imei(final byte[] s, final int n) {
    final boolean body =
        switch (number(s, 0, 2)) {
          case 1, 10, 30, 33, 35, 44, 45, 49, 50, 51, 52, 53, 54, 86, 91, 98, 99 -> true;
          default -> false;
        };
    return body && luhn(s, 0, n) && !same(s, 2, n);
  }

  static boolean itVat(final byte[] s, final int n) {
    return luhn(s, 0, n) && number(s, 0, 7) != 0;
  }

  /** Skatteverket: date (a coordination number adds 60 to the day), Luhn over the last ten. */
  static boolean sePersonnummer(final byte[] s, final int n) {
    final int from = n - 10;
    final int day = number(s, from + 4, from + 6);
    final int month = number(s, from + 2, from + 4);
    final boolean century = n == 10 || number(s, 0, 2) >= 18 && number(s, 0, 2) <= 20;
    return century && date(month, day > 60 ? day - 60 : day) && luhn(s, from, n);
  }

  /** Bolagsverket: the third digit is 2 or more, so that it is no person's. */
  static boolean seOrganisation(final byte[] s, final int n) {
    return s[0] != '0' && s[0] != '4' && s[2] >= '2' && luhn(s, 0, n);
  }

  /** Kassenärztliche Bundesvereinigung: check digit at the seventh place, then the specialty. */
  static boolean deLanr(final byte[] s, final int n) {
    return (weighted(s, 0, DE_LANR_WEIGHTS) + at(s, 6)) % 10 == 0
        && number(s, 0, 6) != 0
        && number(s, 7, 9) != 0;
  }

  /** Year first or last with four digits, or two-digit parts; day and month in either order. */
  static boolean writtenDate(final byte[] s, final int n) {
    if (n == 8 && livedIn(number(s, 0, 4)) && date(number(s, 4, 6), number(s, 6, 8))) {
      return true;
    }
    if (n == 6) {
      return eitherOrder(number(s, 0, 2), number(s, 2, 4))
          || livedIn(number(s, 2, 6)) && eitherOrder(at(s, 0), at(s, 1));
    }
    return livedIn(number(s, n - 4, n))
        && (n == 8
            ? eitherOrder(number(s, 0, 2), number(s, 2, 4))
            : eitherOrder(number(s, 0, 2), at(s, 2)) || eitherOrder(at(s, 0), number(s, 1, 3)));
  }

  private static boolean livedIn(final int year) {
    return year >= 1880 && year < 2100;
  }

  private static boolean eitherOrder(final int one, final int other) {
    return date(one, other) || date(other, one);
  }

  /** Vehicle, account and other numbers: not one digit over and over. */
  static boolean varied(final byte[] s, final int n) {
    return !same(s, 0, n);
  }

  static boolean luhnVaried(final byte[] s, final int n) {
    return luhn(s, 0, n) && !same(s, 0, n);
  }

  /** German VAT number without its letters: ISO 7064 mod 11,10. */
  static boolean deVat(final byte[] s, final int n) {
    return s[2] != '0' && mod11and10(s, 2, n);
  }

  /** ISO 7064 mod 97-10 in the French way: 97 minus the rest; Corsica counts as 19 and 18. */
  static boolean frNir(final byte[] s, final int n) {
    final int month = number(s, 3, 5);
    final boolean corsica = s[6] == 'A' || s[6] == 'B';
    if (s[0] == '0' || s[0] == '5' || s[0] == '6' || s[0] == '9' || corsica && s[5] != '2') {
      return false;
    }
    if (month == 0 || month > 12 && month < 20 || month > 42 && month < 50) {
      return false;
    }
    final long head = number(s, 0, 5) * 100L;
    final int department = corsica ? (s[6] == 'A' ? 19 : 18) : number(s, 5, 7);
    final long body = (head + department) * 1_000_000L + number(s, 7, 13);
    return department != 0 && 97 - (int) (body % 97) == number(s, 13, 15);
  }
}
