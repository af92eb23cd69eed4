package io.sealgate.classify.find;

/**
 * Byte classes of UTF-8 text. Reading outside of the text gives the separator 0, which belongs to
 * no class, so that no validator needs a bounds check of its own and none can cross a segment.
 */
public final class Ascii {
  private Ascii() {}

  /** The byte at {@code i}, 0 to 255; 0 outside of {@code [0, length)}. */
  public static int at(final byte[] text, final int i, final int length) {
    return i >= 0 && i < length ? text[i] & 0xFF : 0;
  }

  public static boolean digit(final int c) {
    return c - '0' >= 0 && c - '0' < 10;
  }

  public static boolean letter(final int c) {
    final int lower = c | 0x20;
    return lower >= 'a' && lower <= 'z';
  }

  public static boolean alnum(final int c) {
    return digit(c) || letter(c);
  }

  public static boolean hex(final int c) {
    final int lower = c | 0x20;
    return digit(c) || lower >= 'a' && lower <= 'f';
  }

  /** Digits from {@code i} on, counted up to {@code max}. */
  public static int digits(final byte[] text, final int i, final int length, final int max) {
    int n = 0;
    while (n < max && digit(at(text, i + n, length))) {
      n++;
    }
    return n;
  }
}
