package io.sealgate.classify.find;

/** {@link RunFinders} byte by byte: its tail, and the twin it is tested against. */
public final class ScalarFinders {
  private ScalarFinders() {}

  /** Goes through {@code text[from, to)}, where {@code to} is the end of the text. */
  public static void scan(
      final RunCandidates candidates, final byte[] text, final int from, final int to) {
    boolean digitBefore = from > 0 && Ascii.digit(text[from - 1]);
    for (int i = from; i < to; i++) {
      final boolean digit = Ascii.digit(text[i]);
      final boolean hyphens =
          text[i] == '-'
              && i >= RunFinders.HYPHENS_APART
              && text[i - RunFinders.HYPHENS_APART] == '-';
      if (digit && !digitBefore || text[i] == '@' || text[i] == ':' || hyphens) {
        candidates.at(i);
      }
      digitBefore = digit;
    }
  }
}
