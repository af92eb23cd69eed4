package io.sealgate.classify.check;

import static io.sealgate.classify.check.Digits.at;
import static io.sealgate.classify.check.Digits.base36;
import static io.sealgate.classify.check.Digits.date;
import static io.sealgate.classify.check.Digits.number;

/** Identifiers of letters and digits. The issuer's rule stands with each. */
final class LetterChecks {
  private static final int[] SG_NRIC_WEIGHTS = {2, 7, 6, 5, 4, 3, 2};
  private static final String NIF = "TRWAGMYFPDXBNJZSQVHLCKE";
  private static final String HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY";
  private static final String FISCAL_MONTHS = "ABCDEHLMPRST";

  // What a symbol at an odd place (the first is odd) adds, by its value 0 to 9 or A to Z as 0 to
  // 25.
  private static final int[] FISCAL_ODD = {
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
  };

  private static final String FISCAL_DIGITS = "LMNPQRSTUV";
  private static final int[] VIN_WEIGHTS = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};

  // A to Z; I, O and Q are no symbols of a VIN.
  private static final String VIN_LETTERS = "12345678.12345.7.923456789";
  private static final int[] RVNR = {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1};
  private static final String UEN_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWX0123456789";
  private static final int[] UEN_WEIGHTS = {4, 3, 5, 3, 10, 2, 2, 5, 7};
  private static final int[] UEN_COMPANY = {10, 8, 6, 4, 9, 7, 5, 3, 1};
  private static final int[] UEN_BUSINESS = {10, 4, 9, 3, 8, 2, 7, 1};
  private static final int[] CN_WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};

  private static final int GSTIN_LADAKH = 38;

  private LetterChecks() {}

  /** Drug Enforcement Administration: registrant code, letter or 9, six digits and their check. */
  static boolean dea(final byte[] s, final int n) {
    final int odd = at(s, 2) + at(s, 4) + at(s, 6);
    final int even = at(s, 3) + at(s, 5) + at(s, 7);
    return "ABCDEFGHJKLMPRSTUX".indexOf(s[0]) >= 0 && (odd + 2 * even) % 10 == at(s, 8);
  }

  /** HMRC NIM39110: letters and prefixes never used. */
  static boolean ukNino(final byte[] s, final int n) {
    if ("DFIQUV".indexOf(s[0]) >= 0 || "DFIQUVO".indexOf(s[1]) >= 0) {
      return false;
    }
    return switch (s[0] << 8 | s[1]) {
      case 'B' << 8 | 'G',
          'G' << 8 | 'B',
          'K' << 8 | 'N',
          'N' << 8 | 'K',
          'N' << 8 | 'T',
          'T' << 8 | 'N',
          'Z' << 8 | 'Z' ->
          false;
      default -> true;
    };
  }

  /** DVLA: month and day of birth, 5 added to the month's first digit for women. */
  static boolean ukDriver(final byte[] s, final int n) {
    final int month = (at(s, 6) % 5) * 10 + at(s, 7);
    final int day = number(s, 8, 10);
    return at(s, 6) <= 6 && at(s, 6) != 2 && at(s, 6) != 3 && at(s, 6) != 4 && date(month, day);
  }

  /** Ministero delle Finanze, DM 23-12-1976; letters for digits resolve equal codes. */
  static boolean itFiscal(final byte[] s, final int n) {
    final int day = fiscalDigit(s[9]) * 10 + fiscalDigit(s[10]);
    if (FISCAL_MONTHS.indexOf(s[8]) < 0 || day % 40 < 1 || day % 40 > 31 || day > 71) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < 15; i++) {
      final int value = s[i] <= '9' ? s[i] - '0' : s[i] - 'A';
      sum += (i & 1) == 0 ? FISCAL_ODD[value] : value;
    }
    return sum % 26 == s[15] - 'A';
  }

  private static int fiscalDigit(final int c) {
    return c <= '9' ? c - '0' : FISCAL_DIGITS.indexOf(c);
  }

  /** Ministerio del Interior: number mod 23; X, Y and Z of foreigners count as 0, 1 and 2. */
  static boolean esNif(final byte[] s, final int n) {
    final int head = s[0] >= 'X' ? s[0] - 'X' : at(s, 0);
    int number = head;
    for (int i = 1; i < n - 1; i++) {
      number = number * 10 + at(s, i);
    }
    return number != 0 && NIF.charAt(number % 23) == s[n - 1];
  }

  /** Digital and Population Data Services Agency: date, sign of the century, mod 31. */
  static boolean fiHetu(final byte[] s, final int n) {
    final int serial = n - 4;
    return date(number(s, 2, 4), number(s, 0, 2))
        && number(s, serial, serial + 3) >= 2
        && HETU.charAt((number(s, 0, 6) * 1000 + number(s, serial, serial + 3)) % 31) == s[n - 1];
  }

  /** ICAO 9303 part 3: weights 7, 3, 1; letters count 10 to 35. */
  static boolean icao(final byte[] s, final int n) {
    int sum = 0;
    for (int i = 0; i < n - 1; i++) {
      sum += base36(s[i]) * (i % 3 == 0 ? 7 : i % 3 == 1 ? 3 : 1);
    }
    return sum % 10 == at(s, n - 1);
  }

  /** GKV-Spitzenverband, KVNR: Luhn from the left over the letter's number and eight digits. */
  static boolean deHealth(final byte[] s, final int n) {
    final int letter = s[0] - 'A' + 1;
    int sum = letter / 10 + cross(letter % 10 * 2);
    for (int i = 1; i < 9; i++) {
      sum += (i & 1) == 1 ? at(s, i) : cross(at(s, i) * 2);
    }
    return sum % 10 == at(s, 9);
  }

  /** Deutsche Rentenversicherung, VSNR: office, date, letter, serial. */
  static boolean dePension(final byte[] s, final int n) {
    final int day = number(s, 2, 4);
    if (number(s, 0, 2) < 2 || !date(number(s, 4, 6), day > 50 ? day - 50 : day)) {
      return false;
    }
    final int letter = s[8] - 'A' + 1;
    int sum = 0;
    for (int i = 0; i < 12; i++) {
      final int digit =
          i < 8 ? at(s, i) : i == 8 ? letter / 10 : i == 9 ? letter % 10 : at(s, i - 1);
      sum += cross(digit * RVNR[i]);
    }
    return sum % 10 == at(s, 11);
  }

  private static int cross(final int number) {
    return number / 10 + number % 10;
  }

  /**
   * GST Network: state, then a PAN. What is written as an example often has any letter for its
   * check character, so that counts only for the latest state, Ladakh.
   */
  static boolean inGstin(final byte[] s, final int n) {
    final int state = number(s, 0, 2);
    return state >= 1 && state <= 37
        || state == 97
        || state == GSTIN_LADAKH && gstinCheck(s, n - 1) == base36(s[n - 1]);
  }

  /** Luhn's sum to the base 36, every second symbol doubled from the second on. */
  private static int gstinCheck(final byte[] s, final int n) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
      final int product = base36(s[i]) * (1 + (i & 1));
      sum += product / 36 + product % 36;
    }
    return (36 - sum % 36) % 36;
  }

  /** 49 CFR 565: check digit at the ninth place. */
  static boolean vin(final byte[] s, final int n) {
    int sum = 0;
    int letters = 0;
    for (int i = 0; i < n; i++) {
      final boolean letter = s[i] > '9';
      final int value = (letter ? VIN_LETTERS.charAt(s[i] - 'A') : s[i]) - '0';
      if (value < 0) {
        return false;
      }
      letters += letter ? 1 : 0;
      sum += value * VIN_WEIGHTS[i];
    }
    return letters > 0 && sum % 11 == (s[8] == 'X' ? 10 : s[8] - '0');
  }

  /** Immigration & Checkpoints Authority: weights 2, 7, 6, 5, 4, 3, 2. */
  static boolean sgNric(final byte[] s, final int n) {
    int sum = Digits.weighted(s, 1, SG_NRIC_WEIGHTS);
    sum += s[0] == 'T' || s[0] == 'G' ? 4 : s[0] == 'M' ? 3 : 0;
    final int rest = sum % 11;
    return switch (s[0]) {
      case 'S', 'T' -> "JZIHGFEDCBA".charAt(rest) == s[8];
      case 'F', 'G' -> "XWUTRQPNMLK".charAt(rest) == s[8];
      default -> "KLJNPQRTUWX".charAt(10 - rest) == s[8];
    };
  }

  /** ACRA: a business, a local company, or another entity; each with its own check letter. */
  static boolean sgUen(final byte[] s, final int n) {
    if (n == 9) {
      return "XMKECAWLJDB".charAt(Digits.weighted(s, 0, UEN_BUSINESS) % 11) == s[8];
    }
    if (s[0] <= '9') {
      return "ZKCMDNERGWH".charAt(Digits.weighted(s, 0, UEN_COMPANY) % 11) == s[9];
    }
    int sum = -5;
    for (int i = 0; i < UEN_WEIGHTS.length; i++) {
      final int value = UEN_ALPHABET.indexOf(s[i]);
      if (value < 0) {
        return false;
      }
      sum += UEN_WEIGHTS[i] * value;
    }
    return UEN_ALPHABET.charAt(Math.floorMod(sum, 11)) == s[9];
  }

  /** GB 11643: region, date, ISO 7064 mod 11-2. */
  static boolean cnId(final byte[] s, final int n) {
    final int year = number(s, 6, 10);
    final int last = s[17] == 'X' ? 10 : at(s, 17);
    return number(s, 0, 2) >= 11
        && year >= 1900
        && year < 2100
        && date(year, number(s, 10, 12), number(s, 12, 14))
        && (Digits.weighted(s, 0, CN_WEIGHTS) + last) % 11 == 1;
  }

  /** Office of the Driver and Vehicle Licensing Agency: no I or Q, nor Z in the age part. */
  static boolean ukPlate(final byte[] s, final int n) {
    final int age = number(s, 2, 4);
    return s[0] != 'I'
        && s[0] != 'Q'
        && s[0] != 'Z'
        && s[1] != 'I'
        && s[1] != 'Q'
        && s[1] != 'Z'
        && (age >= 2 && age <= 29 || age >= 51 && age <= 79);
  }
}
