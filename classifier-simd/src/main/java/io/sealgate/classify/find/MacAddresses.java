package io.sealgate.classify.find;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Rule;

/**
 * MAC addresses (IEEE 802 EUI-48): six pairs of hexadecimal digits with one kind of separator,
 * colon or hyphen, or three groups of four with full stops. Neither all zeros nor the broadcast
 * address, and not part of a longer one.
 */
final class MacAddresses {
  /** Bytes of a group in the form with full stops. */
  static final int GROUP_BYTES = 4;

  private static final int PAIRS = 6;
  private static final int BYTES = 17;
  private static final int DOTTED_BYTES = 14;

  private MacAddresses() {}

  /**
   * Looks for an address.
   *
   * @param start where its first pair would stand
   * @param separator what has to stand after each pair but the last
   */
  static void find(
      final byte[] text,
      final int length,
      final int start,
      final int separator,
      final Rule rule,
      final Hits out) {
    if (!Ascii.hex(Ascii.at(text, start, length))
        || !Ascii.hex(Ascii.at(text, start + 1, length))) {
      return;
    }
    int zeros = 0;
    int ones = 0;
    for (int i = 0; i < BYTES; i++) {
      final int c = Ascii.at(text, start + i, length);
      if (i % 3 == 2 ? c != separator : !Ascii.hex(c)) {
        return;
      }
      zeros += c == '0' ? 1 : 0;
      ones += (c | 0x20) == 'f' ? 1 : 0;
    }
    if (zeros < 2 * PAIRS && ones < 2 * PAIRS) {
      emit(text, length, start, start + BYTES, separator, rule, out);
    }
  }

  /** Looks for an address in the form of Cisco whose first group is at {@code start}. */
  static void findDotted(
      final byte[] text, final int length, final int start, final Rule rule, final Hits out) {
    if (Ascii.at(text, start - 1, length) == '.') {
      return; // the tail of some dotted number
    }
    int zeros = 0;
    int ones = 0;
    for (int i = 0; i < DOTTED_BYTES; i++) {
      final int c = Ascii.at(text, start + i, length);
      if (i % 5 == 4 ? c != '.' : !Ascii.hex(c)) {
        return;
      }
      zeros += c == '0' ? 1 : 0;
      ones += (c | 0x20) == 'f' ? 1 : 0;
    }
    if (zeros < 2 * PAIRS && ones < 2 * PAIRS) {
      emit(text, length, start, start + DOTTED_BYTES, '.', rule, out);
    }
  }

  private static void emit(
      final byte[] text,
      final int length,
      final int start,
      final int end,
      final int separator,
      final Rule rule,
      final Hits out) {
    final int before = Ascii.at(text, start - 1, length);
    final int after = Ascii.at(text, end, length);
    final boolean longer =
        Ascii.alnum(before)
            || Ascii.alnum(after)
            || before == separator && Ascii.hex(Ascii.at(text, start - 2, length))
            || after == separator && Ascii.hex(Ascii.at(text, end + 1, length));
    if (!longer) {
      out.add(rule.type(), start, end, rule.scoreMicros(), Evidence.FORMAT);
    }
  }
}
