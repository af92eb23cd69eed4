package io.sealgate.classify.find;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Rule;

/**
 * Street addresses as written in the US and UK: a house number, one to four capitalised words of
 * which a compass point or ordinal may be the first, and the kind of street.
 */
final class StreetAddresses {
  private static final int WORDS_MAX = 4;
  private static final int WORD_BYTES_MAX = 15;
  private static final int HOUSE_DIGITS_MAX = 5;

  // Each between blanks; the abbreviations may be followed by a full stop.
  private static final String KINDS =
      " street st avenue ave road rd boulevard blvd lane ln drive dr court ct way place pl square"
          + " sq terrace ter close crescent cres gardens gdns highway hwy parkway pkwy circle cir"
          + " trail trl alley aly mews grove row walk hill plaza loop pike turnpike ";

  private StreetAddresses() {}

  /** Looks for an address whose house number is the digit run at {@code start}. */
  static void find(
      final byte[] text,
      final int length,
      final int start,
      final int run,
      final Rule rule,
      final int ruleIndex,
      final ContextWords context,
      final Hits out) {
    int at = start + run;
    at += Ascii.letter(Ascii.at(text, at, length)) ? 1 : 0;
    if (run > HOUSE_DIGITS_MAX || text[start] == '0' || Ascii.at(text, at, length) != ' ') {
      return;
    }
    int end = -1;
    for (int word = 0; word <= WORDS_MAX && Ascii.at(text, at, length) == ' '; word++) {
      final int from = at + 1;
      final int first = Ascii.at(text, from, length);
      final boolean ordinal = word <= 1 && Ascii.digit(first);
      if (!ordinal && (first < 'A' || first > 'Z')) {
        break;
      }
      int to = from;
      while (to - from <= WORD_BYTES_MAX && wordByte(Ascii.at(text, to, length))) {
        to++;
      }
      if (word > 0 && kind(text, from, to)) {
        end = to;
      }
      at = to;
      at += to - from <= 2 && Ascii.at(text, to, length) == '.' ? 1 : 0;
    }
    final int before = Ascii.at(text, start - 1, length);
    if (end < 0 || before == '.' || before == '-' || before == '$') {
      return;
    }
    final boolean named = context.near(text, length, start, end, ruleIndex);
    out.add(
        rule.type(),
        start,
        end,
        named ? rule.scoreWithContextMicros() : rule.scoreMicros(),
        named ? Evidence.CONTEXT : Evidence.PATTERN);
  }

  private static boolean wordByte(final int c) {
    return Ascii.alnum(c) || c == '\'' || c >= 0x80;
  }

  private static boolean kind(final byte[] text, final int from, final int to) {
    final int n = to - from;
    int at = KINDS.indexOf(' ');
    while (at >= 0 && at + 1 < KINDS.length()) {
      final int next = KINDS.indexOf(' ', at + 1);
      if (next - at - 1 == n && same(text, from, at + 1, n)) {
        return true;
      }
      at = next;
    }
    return false;
  }

  private static boolean same(final byte[] text, final int from, final int kind, final int n) {
    for (int i = 0; i < n; i++) {
      if ((text[from + i] | 0x20) != KINDS.charAt(kind + i)) {
        return false;
      }
    }
    return true;
  }
}
