package io.sealgate.classify.find;

/** Edges of words in UTF-8 text. Malformed bytes count as no word character. */
public final class Words {
  private static final int NONE = -1;

  private Words() {}

  /**
   * Letters, marks, digits and connectors such as the underscore, except in scripts that are
   * written without spaces: there every character may begin or end a word.
   */
  public static boolean isWordCharacter(final int codePoint) {
    if (codePoint < 0x80) {
      return isAsciiWord(codePoint);
    }
    final int type = Character.getType(codePoint);
    final boolean word =
        Character.isLetterOrDigit(codePoint)
            || type == Character.NON_SPACING_MARK
            || type == Character.COMBINING_SPACING_MARK
            || type == Character.CONNECTOR_PUNCTUATION;
    return word && !isWrittenWithoutSpaces(codePoint);
  }

  public static boolean isAsciiWord(final int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
  }

  private static boolean isWrittenWithoutSpaces(final int codePoint) {
    return switch (Character.UnicodeScript.of(codePoint)) {
      case HAN, HIRAGANA, KATAKANA, BOPOMOFO, THAI, LAO, KHMER, MYANMAR, TIBETAN -> true;
      default -> false;
    };
  }

  /** Whether the character that ends before {@code at} is a word character. */
  public static boolean wordEndsAt(final byte[] text, final int at) {
    if (at <= 0) {
      return false;
    }
    if (text[at - 1] >= 0) {
      return isAsciiWord(text[at - 1]);
    }
    int first = at - 1;
    while (first > 0 && at - first < 4 && (text[first] & 0xC0) == 0x80) {
      first--;
    }
    final int codePoint = codePoint(text, first, at);
    return codePoint != NONE && isWordCharacter(codePoint);
  }

  /** Whether the character that begins at {@code at} is a word character. */
  public static boolean wordBeginsAt(final byte[] text, final int at, final int length) {
    if (at >= length) {
      return false;
    }
    final byte first = text[at];
    if (first >= 0) {
      return isAsciiWord(first);
    }
    final int bytes = (first & 0xE0) == 0xC0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : 4;
    if (bytes > length - at) {
      return false;
    }
    final int codePoint = codePoint(text, at, at + bytes);
    return codePoint != NONE && isWordCharacter(codePoint);
  }

  private static int codePoint(final byte[] text, final int from, final int to) {
    final int first = text[from];
    final int bytes = to - from;
    int value;
    if (bytes == 2 && (first & 0xE0) == 0xC0) {
      value = first & 0x1F;
    } else if (bytes == 3 && (first & 0xF0) == 0xE0) {
      value = first & 0x0F;
    } else if (bytes == 4 && (first & 0xF8) == 0xF0) {
      value = first & 0x07;
    } else {
      return NONE;
    }
    for (int i = from + 1; i < to; i++) {
      if ((text[i] & 0xC0) != 0x80) {
        return NONE;
      }
      value = value << 6 | text[i] & 0x3F;
    }
    return Character.isValidCodePoint(value) ? value : NONE;
  }
}
