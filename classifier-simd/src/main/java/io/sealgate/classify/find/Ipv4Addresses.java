package io.sealgate.classify.find;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Rule;

/**
 * IPv4 addresses in dotted decimal: four numbers 0 to 255 without leading zeros.
 *
 * <p>Not part of a longer dotted number ("1.2.3.4.5") nor touched by a letter. A prefix length
 * ("/24") after it is part of the finding, a port is not.
 */
public final class Ipv4Addresses {
  private static final int OCTETS = 4;
  private static final int BITS = 32;

  private Ipv4Addresses() {}

  /** Looks for an address that starts with the digit run at {@code start}. */
  public static void find(
      final byte[] text, final int length, final int start, final Rule rule, final Hits out) {
    final int before = Ascii.at(text, start - 1, length);
    if (before == '.' && Ascii.alnum(Ascii.at(text, start - 2, length))) {
      return;
    }
    final int end = match(text, length, start);
    if (end >= 0) {
      final int whole = PrefixLengths.end(text, length, start, end, BITS);
      out.add(rule.type(), start, whole, rule.scoreMicros(), Evidence.FORMAT);
    }
  }

  /**
   * The end of the address that starts here, or -1. Looks at what follows, not at what precedes.
   */
  public static int match(final byte[] text, final int length, final int start) {
    int at = start;
    for (int octet = 0; octet < OCTETS; octet++) {
      if (octet > 0 && Ascii.at(text, at++, length) != '.') {
        return -1;
      }
      final int digits = Ascii.digits(text, at, length, 4);
      if (digits == 0 || digits > 3 || digits > 1 && text[at] == '0') {
        return -1;
      }
      int value = 0;
      for (int i = 0; i < digits; i++) {
        value = value * 10 + text[at++] - '0';
      }
      if (value > 255) {
        return -1;
      }
    }
    final int next = Ascii.at(text, at, length);
    final boolean longer =
        Ascii.letter(next) || next == '.' && Ascii.digit(Ascii.at(text, at + 1, length));
    return longer ? -1 : at;
  }
}
