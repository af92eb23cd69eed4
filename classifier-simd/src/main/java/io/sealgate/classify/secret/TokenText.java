package io.sealgate.classify.secret;

/** Alphabets and edges of tokens in a text. Every walk is bounded by its caller. */
public final class TokenText {
  public static final int DIGIT = 1;
  public static final int UPPER = 2;
  public static final int LOWER = 4;
  public static final int UNDERSCORE = 8;
  public static final int DASH = 16;

  /** {@code A-Z2-7} (RFC 4648, section 6). */
  public static final int BASE32 = 32;

  public static final int ALPHANUMERIC = DIGIT | UPPER | LOWER;
  public static final int WORD = ALPHANUMERIC | UNDERSCORE;

  /** {@code A-Za-z0-9_-} (RFC 4648, section 5). */
  public static final int BASE64_URL = WORD | DASH;

  private static final byte[] CLASSES = classes();

  private TokenText() {}

  private static byte[] classes() {
    final var classes = new byte[256];
    for (int c = 0; c < 128; c++) {
      if (c >= '0' && c <= '9') {
        classes[c] |= DIGIT;
      }
      if (c >= 'A' && c <= 'Z') {
        classes[c] |= UPPER;
      }
      if (c >= 'a' && c <= 'z') {
        classes[c] |= LOWER;
      }
      if (c >= 'A' && c <= 'Z' || c >= '2' && c <= '7') {
        classes[c] |= BASE32;
      }
    }
    classes['_'] |= UNDERSCORE;
    classes['-'] |= DASH;
    return classes;
  }

  public static boolean is(final byte b, final int alphabet) {
    return (CLASSES[b & 0xFF] & alphabet) != 0;
  }

  /** End of the run of {@code alphabet} from {@code at}, after at most {@code bytesMax}. */
  public static int runEnd(
      final byte[] text, final int at, final int length, final int alphabet, final int bytesMax) {
    final int limit = (int) Math.min(length, (long) at + bytesMax);
    int p = at;
    while (p < limit && is(text[p], alphabet)) {
      p++;
    }
    return p;
  }

  public static boolean contains(
      final byte[] text, final int from, final int to, final int alphabet) {
    for (int p = from; p < to; p++) {
      if (is(text[p], alphabet)) {
        return true;
      }
    }
    return false;
  }

  public static boolean startsWith(
      final byte[] text, final int at, final int length, final byte[] ascii) {
    if (at < 0 || length - at < ascii.length) {
      return false;
    }
    for (int i = 0; i < ascii.length; i++) {
      if (text[at + i] != ascii[i]) {
        return false;
      }
    }
    return true;
  }

  /** Where {@code ascii} first stands in {@code [from, to)}, or -1. */
  public static int indexOf(final byte[] text, final int from, final int to, final byte[] ascii) {
    for (int p = from; p <= to - ascii.length; p++) {
      if (startsWith(text, p, to, ascii)) {
        return p;
      }
    }
    return -1;
  }

  /**
   * Whether a token may begin at {@code at}: no ASCII letter, digit or underscore before it. An
   * escape that the text itself still holds ({@code \n} of JSON within JSON, {@code %3D} of a URL)
   * is an edge. Bytes of other scripts are edges, because they glue words to tokens.
   */
  public static boolean tokenMayBegin(final byte[] text, final int at) {
    if (at == 0 || !is(text[at - 1], WORD)) {
      return true;
    }
    final byte last = text[at - 1];
    if (at >= 2 && text[at - 2] == '\\') {
      return last == 'n' || last == 'r' || last == 't';
    }
    return at >= 3 && text[at - 3] == '%' && isHex(text[at - 2]) && isHex(last);
  }

  public static boolean tokenEnds(final byte[] text, final int at, final int length) {
    return at >= length || !is(text[at], WORD);
  }

  private static boolean isHex(final byte b) {
    return is(b, DIGIT) || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F';
  }
}
