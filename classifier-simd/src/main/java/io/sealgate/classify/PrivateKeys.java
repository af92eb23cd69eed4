package io.sealgate.classify;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Private keys in textual encoding (RFC 7468, section 2; RFC 4880, section 6.2). The body is not
 * read strictly: a key inside JSON or a log has escapes, quotes and indentation in it.
 */
final class PrivateKeys {
  static final int NONE = -1;

  /** Bytes from the first dash to the last; a longer or cut off key is covered up to here. */
  static final int KEY_BYTES_MAX = 16 * 1024;

  /** Between the dashes of the first line: {@code RSA PRIVATE KEY}, {@code PGP ... BLOCK}. */
  private static final int LABEL_BYTES_MAX = 48;

  /** Shorter bodies are placeholders. */
  private static final int BODY_CHARACTERS_MIN = 32;

  private static final byte[] PRIVATE_KEY = "PRIVATE KEY".getBytes(US_ASCII);
  private static final byte[] DASHES = "-----".getBytes(US_ASCII);
  private static final byte[] END = "-----END ".getBytes(US_ASCII);

  private PrivateKeys() {}

  /**
   * End of the key whose first line has its label at {@code label}, or {@link #NONE}.
   *
   * @param start of the first line
   */
  static int end(final byte[] text, final int start, final int label, final int length) {
    final int limit = Math.min(length, start + KEY_BYTES_MAX);
    final int labelEnd =
        TokenText.indexOf(text, label, Math.min(limit, label + LABEL_BYTES_MAX), DASHES);
    if (labelEnd < 0 || TokenText.indexOf(text, label, labelEnd, PRIVATE_KEY) < 0) {
      return NONE;
    }
    final int body = labelEnd + DASHES.length;
    int characters = 0;
    int p = body;
    while (p < limit
        && text[p] != Segments.SEPARATOR
        && !TokenText.startsWith(text, p, limit, DASHES)) {
      if (TokenText.is(text[p], TokenText.ALPHANUMERIC)) {
        characters++;
      }
      p++;
    }
    if (characters < BODY_CHARACTERS_MIN) {
      return NONE;
    }
    if (!TokenText.startsWith(text, p, limit, END)) {
      return bodyEnd(text, body, p);
    }
    final int endLabel = p + END.length;
    final int close =
        TokenText.indexOf(text, endLabel, Math.min(length, endLabel + LABEL_BYTES_MAX), DASHES);
    return close < 0 ? endLabel : close + DASHES.length;
  }

  /** Without a last line: as far as the text looks like a key's body. */
  private static int bodyEnd(final byte[] text, final int body, final int limit) {
    int p = body;
    int spaces = 0;
    int characters = 0;
    int end = body;
    while (p < limit && spaces <= BODY_CHARACTERS_MIN) {
      final byte b = text[p++];
      if (TokenText.is(b, TokenText.ALPHANUMERIC) || b == '+' || b == '/' || b == '=') {
        spaces = 0;
        characters++;
        end = p;
      } else {
        spaces++;
      }
    }
    return characters < BODY_CHARACTERS_MIN ? NONE : end;
  }
}
