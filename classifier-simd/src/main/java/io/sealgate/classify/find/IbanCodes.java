package io.sealgate.classify.find;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Rule;

/**
 * International bank account numbers (ISO 13616): a known country, its length, and ISO 7064 mod 97.
 *
 * <p>Letters of either case. Compact, or in groups of four with one space or one hyphen between all
 * of them. No letter or digit may touch it; since the country gives the length, words that follow
 * after a space are not taken in.
 */
public final class IbanCodes {
  private static final int GROUP = 4;
  private static final int ALPHABET = 26;

  // Country code and length, from the registry that SWIFT keeps for ISO 13616.
  private static final String REGISTRY =
      "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24"
          + "FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28"
          + "LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25"
          + "QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

  private static final byte[] LENGTHS = lengths();

  private IbanCodes() {}

  /** Looks for an IBAN whose check digits are the digit run at {@code checkDigits}. */
  public static void find(
      final byte[] text, final int length, final int checkDigits, final Rule rule, final Hits out) {
    final int start = checkDigits - 2;
    final int first = Ascii.at(text, start, length);
    if (!Ascii.letter(first)
        || !Ascii.letter(Ascii.at(text, start + 1, length))
        || !Ascii.digit(Ascii.at(text, checkDigits + 1, length))
        || Ascii.alnum(Ascii.at(text, start - 1, length))) {
      return;
    }
    final int symbols = LENGTHS[country(first, text[start + 1])];
    final int fifth = Ascii.at(text, start + GROUP, length);
    final int separator = fifth == ' ' || fifth == '-' ? fifth : 0;
    int at = start;
    int remainder = 0;
    int head = 0;
    for (int i = 0; i < symbols; i++) {
      if (separator != 0 && i != 0 && i % GROUP == 0) {
        if (Ascii.at(text, at, length) != separator) {
          return;
        }
        at++;
      }
      final int c = Ascii.at(text, at++, length);
      if (!Ascii.alnum(c)) {
        return;
      }
      if (i < GROUP) {
        head = append(head, c, Integer.MAX_VALUE);
      } else {
        remainder = append(remainder, c, 97);
      }
    }
    // The first four symbols count last: two letters are four digits, two digits follow.
    final int check = head % 100;
    final boolean valid = check >= 2 && check <= 98 && (remainder * 1_000_000L + head) % 97 == 1;
    if (symbols > 0 && valid && !Ascii.alnum(Ascii.at(text, at, length))) {
      out.add(rule.type(), start, at, rule.scoreMicros(), Evidence.CHECKSUM);
    }
  }

  private static int append(final int number, final int c, final int modulus) {
    return (Ascii.digit(c) ? number * 10 + (c - '0') : number * 100 + ((c | 0x20) - 'a' + 10))
        % modulus;
  }

  private static int country(final int first, final int second) {
    return ((first | 0x20) - 'a') * ALPHABET + (second | 0x20) - 'a';
  }

  private static byte[] lengths() {
    final byte[] lengths = new byte[ALPHABET * ALPHABET];
    for (int i = 0; i < REGISTRY.length(); i += GROUP) {
      lengths[country(REGISTRY.charAt(i), REGISTRY.charAt(i + 1))] =
          (byte) Integer.parseInt(REGISTRY, i + 2, i + GROUP, 10);
    }
    return lengths;
  }
}
