package io.sealgate.classify;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/** Ways to write a text so that a reader who looks for plain ASCII misses it. */
public enum Disguise {
  PLAIN(Disguise::plain),
  ZERO_WIDTH(Disguise::plain, "\u200B"),
  SOFT_HYPHENS(Disguise::plain, "\u00AD"),
  VARIATION_SELECTORS(Disguise::plain, "\uFE0F"),
  TAGS(Disguise::plain, Character.toString(0xE0041)),
  COMBINING(Disguise::plain, "\u0336"),
  FULL_WIDTH(c -> c > ' ' && c < 0x7F ? Character.toString(c + 0xFEE0) : plain(c)),
  FULL_WIDTH_DIGITS(c -> digit(c) ? Character.toString(c + 0xFEE0) : plain(c)),
  ARABIC_DIGITS(c -> digit(c) ? Character.toString(c + 0x630) : plain(c)),
  MATHEMATICAL_DIGITS(c -> digit(c) ? Character.toString(c - '0' + 0x1D7CE) : plain(c)),
  UNICODE_PUNCTUATION(c -> c == '-' ? "\u2010" : c == ' ' ? "\u00A0" : plain(c)),
  EN_DASHES(c -> c == '-' ? "\u2013" : c == ' ' ? "\u2003" : plain(c)),
  ESCAPED(c -> utf16(c, "\\u%04x")),
  ESCAPED_TWICE(c -> utf16(c, "\\\\u%04X")),
  ESCAPED_BACKSLASHES(c -> utf16(c, "\\u005cu%04x")),
  HEX_ESCAPED(c -> c < 0x80 ? String.format("\\x%02x", c) : plain(c)),
  PERCENT(c -> utf8(c, "%%%02X")),
  PERCENT_TWICE(c -> utf8(c, "%%25%02x")),
  ENTITIES(c -> String.format("&#%d;", c)),
  HEX_ENTITIES(c -> String.format("&#x%x;", c)),
  ENTITIES_TWICE(c -> String.format("&amp;#%d;", c));

  private interface Mapping {
    String of(int codePoint);
  }

  private final Mapping mapping;
  private final String between;

  Disguise(final Mapping mapping) {
    this(mapping, "");
  }

  Disguise(final Mapping mapping, final String between) {
    this.mapping = mapping;
    this.between = between;
  }

  /**
   * The text in this disguise. The last character has nothing after it, so that the span stays what
   * it is.
   */
  public String write(final String text) {
    return text.codePoints().mapToObj(mapping::of).collect(Collectors.joining(between));
  }

  /**
   * Where each code point of the text begins in the UTF-8 of {@link #write}, and where the last one
   * ends; what stands between two belongs to the first.
   */
  int[] starts(final String text) {
    final int[] codePoints = text.codePoints().toArray();
    final int[] starts = new int[codePoints.length + 1];
    for (int i = 0; i < codePoints.length; i++) {
      final boolean last = i == codePoints.length - 1;
      starts[i + 1] =
          starts[i] + Texts.utf8(mapping.of(codePoints[i]) + (last ? "" : between)).length;
    }
    return starts;
  }

  /** In base64, filled up so that the encoded run is long enough. */
  public static String base64(final String text) {
    final byte[] utf8 = ("The number is " + text + " as said").getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(utf8);
  }

  private static boolean digit(final int c) {
    return c >= '0' && c <= '9';
  }

  private static String plain(final int c) {
    return Character.toString(c);
  }

  private static String utf16(final int c, final String format) {
    return plain(c)
        .chars()
        .mapToObj(unit -> String.format(format, unit))
        .collect(Collectors.joining());
  }

  private static String utf8(final int c, final String format) {
    final byte[] bytes = Texts.utf8(plain(c));
    return Arrays.stream(toInts(bytes))
        .mapToObj(b -> String.format(format, b))
        .collect(Collectors.joining());
  }

  private static int[] toInts(final byte[] bytes) {
    final int[] ints = new int[bytes.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = bytes[i] & 0xFF;
    }
    return ints;
  }
}
