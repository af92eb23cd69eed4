package io.sealgate.classify;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.UnaryOperator;

/** Ways to write a text so that a reader who looks for plain ASCII misses it. */
public enum Disguise {
  PLAIN(text -> text),
  ZERO_WIDTH(text -> between(text, "\u200B")),
  SOFT_HYPHENS(text -> between(text, "\u00AD")),
  VARIATION_SELECTORS(text -> between(text, "\uFE0F")),
  TAGS(text -> between(text, Character.toString(0xE0041))),
  COMBINING(text -> between(text, "\u0336")),
  FULL_WIDTH(
      text -> mapped(text, c -> c > ' ' && c < 0x7F ? Character.toString(c + 0xFEE0) : plain(c))),
  FULL_WIDTH_DIGITS(
      text -> mapped(text, c -> digit(c) ? Character.toString(c + 0xFEE0) : plain(c))),
  ARABIC_DIGITS(text -> mapped(text, c -> digit(c) ? Character.toString(c + 0x630) : plain(c))),
  MATHEMATICAL_DIGITS(
      text -> mapped(text, c -> digit(c) ? Character.toString(c - '0' + 0x1D7CE) : plain(c))),
  UNICODE_PUNCTUATION(
      text -> mapped(text, c -> c == '-' ? "\u2010" : c == ' ' ? "\u00A0" : plain(c))),
  ESCAPED(text -> escaped(text, "\\u%04x")),
  ESCAPED_TWICE(text -> escaped(text, "\\\\u%04X")),
  ESCAPED_BACKSLASHES(text -> escaped(text, "\\u005cu%04x")),
  HEX_ESCAPED(text -> escaped(text, "\\x%02x")),
  PERCENT(text -> escaped(text, "%%%02X")),
  PERCENT_TWICE(text -> escaped(text, "%%25%02x")),
  ENTITIES(text -> escaped(text, "&#%d;")),
  HEX_ENTITIES(text -> escaped(text, "&#x%x;")),
  ENTITIES_TWICE(text -> escaped(text, "&amp;#%d;"));

  private final UnaryOperator<String> write;

  Disguise(final UnaryOperator<String> write) {
    this.write = write;
  }

  /** The text, ASCII, in this disguise. */
  public String write(final String text) {
    return write.apply(text);
  }

  /** In base64, filled up so that the encoded run is long enough. */
  public static String base64(final String text) {
    final byte[] utf8 = ("The number is " + text + " as said").getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(utf8);
  }

  private interface Mapping {
    String of(int codePoint);
  }

  private static boolean digit(final int c) {
    return c >= '0' && c <= '9';
  }

  private static String plain(final int c) {
    return Character.toString(c);
  }

  private static String mapped(final String text, final Mapping mapping) {
    final StringBuilder mapped = new StringBuilder();
    text.codePoints().forEach(c -> mapped.append(mapping.of(c)));
    return mapped.toString();
  }

  private static String escaped(final String text, final String format) {
    return mapped(text, c -> String.format(format, c));
  }

  /** The last character has nothing after it, so that the span stays what it is. */
  private static String between(final String text, final String invisible) {
    return String.join(invisible, text.split(""));
  }
}
