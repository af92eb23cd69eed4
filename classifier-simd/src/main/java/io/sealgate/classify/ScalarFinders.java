package io.sealgate.classify;

/** {@link RunFinders} byte by byte: its tail, and the twin it is tested against. */
final class ScalarFinders {
  private ScalarFinders() {}

  /** As {@link RunFinders#scan}. */
  static void scan(final byte[] text, final int length, final Hits out) {
    final RunCandidates candidates = new RunCandidates();
    candidates.begin(text, length, out);
    scan(candidates, text, 0, length);
  }

  /** Goes through {@code text[from, to)}, where {@code to} is the end of the text. */
  static void scan(
      final RunCandidates candidates, final byte[] text, final int from, final int to) {
    boolean digitBefore = from > 0 && Ascii.digit(text[from - 1]);
    for (int i = from; i < to; i++) {
      final boolean digit = Ascii.digit(text[i]);
      if (digit && !digitBefore || text[i] == '@' || text[i] == ':') {
        candidates.at(i);
      }
      digitBefore = digit;
    }
  }
}
