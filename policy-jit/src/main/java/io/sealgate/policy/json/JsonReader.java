package io.sealgate.policy.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259) strictly: duplicate keys, lone surrogates, trailing text and nesting beyond
 * a bound are refused. Objects are {@code Map}s in the order of the text, the rest is {@code List},
 * {@code String}, {@code Boolean}, null, and numbers as the method says.
 */
public final class JsonReader {
  /** Bound of nested lists and mappings of {@link #read}. */
  public static final int DEPTH_MAX = 64;

  /** The same of {@link #readExact}. */
  public static final int EXACT_DEPTH_MAX = 200;

  private static final int WHOLE_DIGITS_MAX = 18;

  /** With larger exponents a short text would stand for a number of great length. */
  private static final int EXPONENT_DIGITS_MAX = 4;

  private final String text;
  private final int depthMax;
  private final boolean exact;
  private int at;

  private JsonReader(String text, int depthMax, boolean exact) {
    this.text = text;
    this.depthMax = depthMax;
    this.exact = exact;
  }

  /**
   * Reads what {@link CanonicalJson} writes: a number without fraction and exponent that fits is a
   * {@code Long}, any other a {@code Double}.
   *
   * @throws IllegalArgumentException if the text is not JSON; the message names the place and none
   *     of the values
   */
  public static Object read(String text) {
    return new JsonReader(text, DEPTH_MAX, false).whole();
  }

  /**
   * Reads numbers as {@code BigDecimal}s, with all their digits.
   *
   * @throws IllegalArgumentException as {@link #read}
   */
  public static Object readExact(String text) {
    return new JsonReader(text, EXACT_DEPTH_MAX, true).whole();
  }

  private Object whole() {
    final Object value = value(0);
    space();
    if (at < text.length()) {
      throw refuse("there is more after the value");
    }
    return value;
  }

  private Object value(int depth) {
    if (depth > depthMax) {
      throw refuse("it is nested more than " + depthMax + " deep");
    }
    space();
    return switch (peek()) {
      case '{' -> map(depth);
      case '[' -> list(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, Object> map(int depth) {
    final Map<String, Object> map = new LinkedHashMap<>();
    at++;
    space();
    if (peek() == '}') {
      at++;
      return map;
    }
    while (true) {
      space();
      final String key = string();
      space();
      expect(':');
      if (map.containsKey(key)) {
        throw refuse("an object has one key twice");
      }
      map.put(key, value(depth + 1));
      space();
      if (peek() == '}') {
        at++;
        return map;
      }
      expect(',');
    }
  }

  private List<Object> list(int depth) {
    final List<Object> list = new ArrayList<>();
    at++;
    space();
    if (peek() == ']') {
      at++;
      return list;
    }
    while (true) {
      list.add(value(depth + 1));
      space();
      if (peek() == ']') {
        at++;
        return list;
      }
      expect(',');
    }
  }

  private String string() {
    expect('"');
    final StringBuilder out = new StringBuilder();
    while (peek() != '"') {
      final char c = text.charAt(at++);
      if (c < 0x20) {
        throw refuse("a text holds a bare control character");
      }
      out.append(c == '\\' ? escape() : c);
    }
    at++;
    for (int i = 0; i < out.length(); i++) {
      if (JsonText.isLone(out, i)) {
        throw refuse("a text holds a lone surrogate");
      }
    }
    return out.toString();
  }

  private char escape() {
    final char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw refuse("an unknown escape");
    };
  }

  private char unicode() {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      final char c = peek();
      // Character.digit knows the digits of other scripts too.
      final int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw refuse("\\u without four hex digits");
      }
      unit = unit << 4 | digit;
      at++;
    }
    return (char) unit;
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw refuse("this is no value");
    }
    at += word.length();
    return value;
  }

  private Object number() {
    final int start = at;
    at += peek() == '-' ? 1 : 0;
    final int first = at;
    digits();
    if (text.charAt(first) == '0' && at > first + 1) {
      throw refuse("a number with a leading zero");
    }
    boolean whole = true;
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      digits();
      whole = false;
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      final int exponent = at;
      digits();
      if (exact && at - exponent > EXPONENT_DIGITS_MAX) {
        throw refuse("an exponent has more than " + EXPONENT_DIGITS_MAX + " digits");
      }
      whole = false;
    }
    final String number = text.substring(start, at);
    if (exact) {
      return new BigDecimal(number);
    }
    if (whole && number.length() <= WHOLE_DIGITS_MAX) {
      return Long.valueOf(number);
    }
    final double value = Double.parseDouble(number);
    if (!Double.isFinite(value)) {
      throw refuse("a number beyond the range of a double");
    }
    return value;
  }

  private void digits() {
    final int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw refuse("this is no value");
    }
  }

  private void space() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw refuse("the text ends too early");
    }
    return text.charAt(at);
  }

  private void expect(char c) {
    if (peek() != c) {
      throw refuse("'" + c + "' is missing");
    }
    at++;
  }

  private IllegalArgumentException refuse(String problem) {
    return new IllegalArgumentException(
        "this is not JSON: " + problem + " at character " + (at + 1));
  }
}
