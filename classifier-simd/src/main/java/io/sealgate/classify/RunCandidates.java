package io.sealgate.classify;

/**
 * Sends a possible place to the validators it can concern. Each validator reads a bounded number of
 * bytes around the place, which is what makes a scan linear.
 */
final class RunCandidates {
  private static final byte[] NO_TEXT = {};

  private final PhoneNumbers phones = new PhoneNumbers();
  private byte[] text = NO_TEXT;
  private int length;
  private Hits out;

  void begin(final byte[] text, final int length, final Hits out) {
    this.text = text;
    this.length = length;
    this.out = out;
    phones.begin();
  }

  /** Lets go of the caller's text, so that a pooled instance does not keep a prompt alive. */
  void end() {
    text = NO_TEXT;
    length = 0;
    out = null;
  }

  /** {@code place} is the first digit of a run, an {@code '@'} or a {@code ':'}; ascending. */
  void at(final int place) {
    switch (text[place]) {
      case '@' -> EmailAddresses.find(text, length, place, out);
      case ':' -> Ipv6Addresses.find(text, length, place, out);
      default -> digits(place);
    }
  }

  private void digits(final int place) {
    if (Ascii.letter(Ascii.at(text, place - 1, length))) {
      // Glued to a word, so a code of some kind; the only such code known here is the IBAN.
      IbanCodes.find(text, length, place, out);
      return;
    }
    final int run = Ascii.digits(text, place, length, CardNumbers.DIGITS_MAX + 1);
    if (run <= 3) {
      Ipv4Addresses.find(text, length, place, out);
    } else {
      CardNumbers.find(text, length, place, out);
    }
    if (run == 3 || run == 9) {
      SocialSecurityNumbers.find(text, length, place, run, out);
    }
    phones.find(text, length, place, run, out);
  }
}
