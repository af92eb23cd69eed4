package io.sealgate.gateway.loopback;

/**
 * The loopback model's tokens: four bytes of UTF-8 each, the last one may be shorter. A lone
 * surrogate counts as the three bytes it would take.
 */
final class Tokens {
  private static final int TOKEN_BYTES = 4;

  private Tokens() {}

  static int count(final String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += bytes(text, i);
    }
    return (bytes + TOKEN_BYTES - 1) / TOKEN_BYTES;
  }

  /** The longest start of a text, in whole code points, that has no more tokens than this. */
  static String clip(final String text, final int tokensMax) {
    final long bytesMax = (long) tokensMax * TOKEN_BYTES;
    long bytes = 0;
    int i = 0;
    while (i < text.length()) {
      final int step = Character.charCount(text.codePointAt(i));
      for (int j = i; j < i + step; j++) {
        bytes += bytes(text, j);
      }
      if (bytes > bytesMax) {
        break;
      }
      i += step;
    }
    return text.substring(0, i);
  }

  /** Bytes of the code unit at an index: each half of a surrogate pair has two of its four. */
  private static int bytes(final String text, final int i) {
    final char c = text.charAt(i);
    if (c < 0x80) {
      return 1;
    }
    if (c < 0x800) {
      return 2;
    }
    final boolean first =
        Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1));
    final boolean second =
        Character.isLowSurrogate(c) && i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    return first || second ? 2 : 3;
  }
}
