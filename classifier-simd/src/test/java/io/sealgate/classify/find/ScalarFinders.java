package io.sealgate.classify.find;

/** {@link RunFinders} byte by byte, the twin it is tested against. */
final class ScalarFinders {
  private ScalarFinders() {}

  static void scan(final RunCandidates candidates, final byte[] text, final int length) {
    boolean digitBefore = false;
    for (int i = 0; i < length; i++) {
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
