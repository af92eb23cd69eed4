package io.sealgate.policy.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259) into the values that {@link CanonicalJson} writes, strictly: duplicate
 * keys, lone surrogates, trailing text and nesting beyond {@link #DEPTH_MAX} are refused. A number
 * without fraction and exponent that fits is a {@code Long}, any other a {@code Double}.
 */
public final class JsonReader {
  /** Bound of nested lists and mappings. */
  public static final int DEPTH_MAX = 64;

  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /**
   * @throws IllegalArgumentException if the text is not JSON; the message names the place and none
   *     of the values
   */
  public static Object read(String text) {
    final JsonReader reader = new JsonReader(text);
    final Object value = reader.value(0);
    reader.space();
    if (reader.at < text.length()) {
      throw reader.refuse("text after the value");
    }
    return value;
  }

  private Object value(int depth) {
    if (depth > DEPTH_MAX) {
      throw refuse("nested too deep");
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
        throw refuse("a key is given twice");
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
        throw refuse("a control character in text");
      }
      out.append(c == '\\' ? escape() : c);
    }
    at++;
    for (int i = 0; i < out.length(); i++) {
      if (Character.isHighSurrogate(out.charAt(i))
          && i + 1 < out.length()
          && Character.isLowSurrogate(out.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(out.charAt(i))) {
        throw refuse("a lone surrogate in text");
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
      final int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw refuse("an escape without four hex digits");
      }
      unit = unit << 4 | digit;
      at++;
    }
    return (char) unit;
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw refuse("no JSON value");
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
      digits();
      whole = false;
    }
    final String number = text.substring(start, at);
    if (whole && number.length() <= 18) {
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
      throw refuse("no JSON value");
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
