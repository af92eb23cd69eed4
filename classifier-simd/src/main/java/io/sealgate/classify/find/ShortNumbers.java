package io.sealgate.classify.find;

/**
 * Tells numbers that can lead to nothing from the few that may: most digits in code, JSON and
 * Markdown are array indexes, counters and decimals, which stand alone. Looks at the number and the
 * few bytes around it only.
 */
final class ShortNumbers {
  /** No rule is about a number of so few digits with nothing joined to it. */
  static final int DIGITS_MAX = 4;

  private static final int FRACTION_DIGITS_MAX = 3;

  /** A number, a full stop, a fraction and two bytes more. */
  private static final int READ_BYTES_MAX = DIGITS_MAX + 1 + FRACTION_DIGITS_MAX + 2;

  private static final byte END = 0;
  private static final byte LETTER = 1;
  private static final byte GAP = 2;
  private static final byte STOP = 3;
  private static final byte COMMA = 4;
  private static final byte[] KINDS = kinds();

  private ShortNumbers() {}

  private static byte[] kinds() {
    final byte[] kinds = new byte[256];
    for (int c = 0; c < kinds.length; c++) {
      kinds[c] = Ascii.letter(c) ? LETTER : END;
    }
    for (final char gap : new char[] {' ', '-', '/', ')', ':', '+'}) {
      kinds[gap] = GAP;
    }
    kinds['.'] = STOP;
    kinds[','] = COMMA;
    return kinds;
  }

  /**
   * Whether no rule can find anything at the {@code run} digits that begin at {@code place}; false
   * when that is not plain to see.
   */
  static boolean standsAlone(final byte[] text, final int place, final int run, final int length) {
    if (run > DIGITS_MAX || place == 0 || length - place < READ_BYTES_MAX) {
      return false;
    }
    final byte before = text[place - 1];
    if (Ascii.letter(before) || before == '+' || before == '-' || before == '(') {
      return false;
    }
    final int at = place + run;
    final byte next = text[at + 1];
    return switch (KINDS[text[at] & 0xFF]) {
      case END -> true;
      case GAP -> !goesOn(next);
      case STOP -> Ascii.digit(next) ? decimal(text, at + 2) : !goesOn(next);
      // "March 12, 1985"
      case COMMA ->
          !(Ascii.digit(next) || (next == ' ' || next == '-') && Ascii.digit(text[at + 2]));
      default -> false;
    };
  }

  private static boolean goesOn(final byte next) {
    return Ascii.alnum(next) || next == ' ' || next == '(';
  }

  /**
   * Whether the number ends with its fraction, whose second digit would stand at {@code second}.
   */
  private static boolean decimal(final byte[] text, final int second) {
    int at = second;
    while (Ascii.digit(text[at])) {
      if (++at - second >= FRACTION_DIGITS_MAX) {
        return false;
      }
    }
    final byte kind = KINDS[text[at] & 0xFF];
    if (kind == GAP || kind == STOP) {
      final byte next = text[at + 1];
      return !Ascii.alnum(next) && next != ' ' && next != '(';
    }
    return kind != LETTER;
  }
}
