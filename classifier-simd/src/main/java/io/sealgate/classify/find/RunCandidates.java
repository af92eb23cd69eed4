package io.sealgate.classify.find;

import io.sealgate.classify.check.CryptoAddresses;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Finder;
import io.sealgate.classify.pack.Rule;

/**
 * Sends a possible place to the validators it can concern. Each validator reads a bounded number of
 * bytes around the place, which is what makes a scan linear.
 */
public final class RunCandidates {
  private static final byte[] NO_TEXT = {};

  /** Letters of a token before its first digit. */
  private static final int LEAD_LETTERS_MAX = 16;

  /** Forty hexadecimal digits of one case after "0x" may be another hash. */
  private static final int CRYPTO_FORM_SCORE_MICROS = 600_000;

  /** Nobody asks how much longer a run is. */
  static final int RUN_DIGITS_MAX = CardNumbers.DIGITS_MAX + 1;

  private static final int IP_DIGITS_MAX = 3;
  private static final int DAY_DIGITS_MAX = 2;
  private static final int MAC_SECOND_HYPHEN = 5;
  private static final int MAC_FIRST_COLON = 2;

  private final BuiltInRules rules = new BuiltInRules();
  private final int emailRule = rules.index(Finder.EMAIL);
  private final Rule email = rules.rule(emailRule);
  private final int cardRule = rules.index(Finder.CARD);
  private final Rule card = rules.rule(cardRule);
  private final int ibanRule = rules.index(Finder.IBAN);
  private final Rule iban = rules.rule(ibanRule);
  private final int ipRule = rules.index(Finder.IP);
  private final Rule ip = rules.rule(ipRule);
  private final int macRule = rules.index(Finder.MAC);
  private final Rule mac = rules.rule(macRule);
  private final int urlRule = rules.index(Finder.URL);
  private final Rule url = rules.rule(urlRule);
  private final int cryptoRule = rules.index(Finder.CRYPTO);
  private final Rule crypto = rules.rule(cryptoRule);
  private final int dateRule = rules.index(Finder.DATE);
  private final Rule date = rules.rule(dateRule);
  private final int streetRule = rules.index(Finder.STREET);
  private final Rule street = rules.rule(streetRule);
  private final ContextWords context = new ContextWords(rules.context());
  private final TokenRules tokens = new TokenRules(rules.all(), context);
  private final CryptoAddresses cryptoAddresses = new CryptoAddresses();
  private final PhonePlans plans = new PhonePlans();
  private final PhoneNumbers phones;
  private final NationalPhones nationalPhones;
  private byte[] text = NO_TEXT;
  private int length;
  private Hits out;

  public RunCandidates() {
    this(PhoneRegions.builtIn());
  }

  /**
   * @param regions whose national phone numbers are found
   */
  public RunCandidates(final PhoneRegions regions) {
    final int national = rules.index(PhoneRegions.RULE);
    phones = new PhoneNumbers(rules, regions, context, plans);
    nationalPhones = new NationalPhones(rules.rule(national), national, regions, context, plans);
  }

  public void begin(final byte[] text, final int length, final Hits out) {
    this.text = text;
    this.length = length;
    this.out = out;
    context.begin();
  }

  /** Lets go of the caller's text, so that a pooled instance does not keep a prompt alive. */
  public void end() {
    text = NO_TEXT;
    length = 0;
    out = null;
    plans.forget();
  }

  /**
   * {@code place} is the first digit of a run, an {@code '@'}, a {@code ':'}, or a {@code '-'}
   * three bytes after another; ascending.
   */
  public void at(final int place) {
    switch (text[place]) {
      case '@' -> {
        out.by(emailRule);
        EmailAddresses.find(text, length, place, email, out);
      }
      case ':' -> {
        final int next = Ascii.at(text, place + 1, length);
        if (!Ascii.hex(next) && next != ':' && next != '/') {
          return;
        }
        out.by(ipRule);
        Ipv6Addresses.find(text, length, place, ip, out);
        out.by(urlRule);
        Urls.find(text, length, place, url, out);
        out.by(macRule);
        MacAddresses.find(text, length, place - MAC_FIRST_COLON, ':', mac, out);
      }
      case '-' -> {
        out.by(macRule);
        MacAddresses.find(text, length, place - MAC_SECOND_HYPHEN, '-', mac, out);
      }
      default -> number(place, Ascii.digits(text, place, length, RUN_DIGITS_MAX));
    }
  }

  /**
   * As {@link #at} for a digit.
   *
   * @param run how many digits there are, or {@link #RUN_DIGITS_MAX}
   */
  void number(final int place, final int run) {
    if (!ShortNumbers.standsAlone(text, place, run, length)) {
      digits(place, run);
    }
  }

  /** Asks everybody about the digit run at {@code place}. */
  void digits(final int place, final int run) {
    if (Ascii.letter(Ascii.at(text, place - 1, length))) {
      // Glued to a word, so a code of some kind.
      out.by(ibanRule);
      IbanCodes.find(text, length, place, iban, out);
      int start = place - 1;
      while (Ascii.letter(Ascii.at(text, start - 1, length))) {
        start--;
        if (place - start > LEAD_LETTERS_MAX) {
          return;
        }
      }
      if (!Ascii.digit(Ascii.at(text, start - 1, length))) {
        token(start);
      }
      return;
    }
    final int next = Ascii.at(text, place + run, length);
    final int second = Ascii.at(text, place + run + 1, length);
    if (run <= IP_DIGITS_MAX && Ascii.letter(next) && Ascii.at(text, place - 1, length) != '+') {
      lettersAfter(place, run, second);
      return;
    }
    if (run <= IP_DIGITS_MAX) {
      if (next == '.') {
        out.by(ipRule);
        Ipv4Addresses.find(text, length, place, ip, out);
      }
    } else if (run >= CardNumbers.DIGITS_MIN
        || (next == ' ' || next == '-') && Ascii.digit(second)) {
      out.by(cardRule);
      CardNumbers.find(text, length, place, card, out);
    }
    final boolean grouped =
        (next == ' ' || next == '-' || next == '.' || next == '/' || next == ')')
            && (Ascii.digit(second) || second == ' ' || second == '(');
    if (grouped || Ascii.at(text, place - 1, length) == '+') {
      phones.find(text, length, place, run, out);
    }
    if (grouped || run >= NationalPhones.DIGITS_MIN) {
      nationalPhones.find(text, length, place, run, out);
    }
    if (run <= DAY_DIGITS_MAX) {
      out.by(dateRule);
      WrittenDates.find(text, length, place, run, date, dateRule, context, out);
    }
    if (next == ' ' || Ascii.letter(next)) {
      out.by(streetRule);
      StreetAddresses.find(text, length, place, run, street, streetRule, context, out);
    }
    token(place);
  }

  /**
   * As {@link #digits} for few digits and a letter, as in "0xFF" and "16px": the end of a word that
   * begins so is what a date, a street number or a token needs.
   */
  private void lettersAfter(final int place, final int run, final int second) {
    // A day has two letters, as in 12th; a house number one.
    if (run <= DAY_DIGITS_MAX
        && Ascii.letter(second)
        && !Ascii.letter(Ascii.at(text, place + run + 2, length))) {
      out.by(dateRule);
      WrittenDates.find(text, length, place, run, date, dateRule, context, out);
    }
    if (second == ' ') {
      out.by(streetRule);
      StreetAddresses.find(text, length, place, run, street, streetRule, context, out);
    }
    token(place);
  }

  /** {@code start} is the first byte of a run of letters and digits. */
  private void token(final int start) {
    int n = 0;
    long letters = 0;
    int next = Ascii.at(text, start, length);
    while (n <= CryptoAddresses.BYTES_MAX && Ascii.alnum(next)) {
      letters |= (next > '9' ? 1L : 0) << n;
      n++;
      next = Ascii.at(text, start + n, length);
    }
    if (n <= TokenRules.TOKEN_BYTES_MAX && tokens.mayBegin(n, letters, next)) {
      tokens.find(text, length, start, n, out);
    }
    if (n == MacAddresses.GROUP_BYTES && next == '.') {
      out.by(macRule);
      MacAddresses.findDotted(text, length, start, mac, out);
    }
    if (n >= CryptoAddresses.BYTES_MIN && !Ascii.alnum(Ascii.at(text, start + n, length))) {
      out.by(cryptoRule);
      final CryptoAddresses.Verdict verdict = cryptoAddresses.judge(text, start, n);
      if (verdict == CryptoAddresses.Verdict.CHECKED) {
        out.add(crypto.type(), start, start + n, crypto.scoreMicros(), Evidence.CHECKSUM);
      } else if (verdict == CryptoAddresses.Verdict.FORM) {
        out.add(crypto.type(), start, start + n, CRYPTO_FORM_SCORE_MICROS, Evidence.FORMAT);
      }
    }
  }
}
