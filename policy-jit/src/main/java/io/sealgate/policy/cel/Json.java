package io.sealgate.policy.cel;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON (RFC 8259) as maps, lists, texts, {@link BigDecimal}s, booleans and null. Refuses a name
 * that an object has twice.
 */
final class Json {
  private static final int NESTING_MAX = 200;

  private final String text;
  private int at;
  private int depth;

  private Json(String text) {
    this.text = text;
  }

  /** Where and why a text is no JSON; column counts from 1. */
  static final class BadJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    BadJsonException(String problem, int column) {
      super(problem + " (column " + column + ")");
    }
  }

  static Object parse(String text) throws BadJsonException {
    final Json json = new Json(text);
    final Object value = json.value();
    json.space();
    if (json.at < text.length()) {
      throw json.bad("there is more after the value");
    }
    return value;
  }

  static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      final char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || Character.isSurrogate(c) || c == 0x7f) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private BadJsonException bad(String problem) {
    return new BadJsonException(problem, at + 1);
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean take(char c) {
    space();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) throws BadJsonException {
    if (!take(c)) {
      throw bad("'" + c + "' is missing");
    }
  }

  private Object value() throws BadJsonException {
    space();
    if (at >= text.length()) {
      throw bad("a value is missing");
    }
    if (++depth > NESTING_MAX) {
      throw bad("it is nested more than " + NESTING_MAX + " deep");
    }
    final Object value =
        switch (text.charAt(at)) {
          case '{' -> object();
          case '[' -> array();
          case '"' -> string();
          case 't' -> word("true", Boolean.TRUE);
          case 'f' -> word("false", Boolean.FALSE);
          case 'n' -> word("null", null);
          default -> number();
        };
    depth--;
    return value;
  }

  private Object word(String word, Object value) throws BadJsonException {
    if (!text.startsWith(word, at)) {
      throw bad("this is no value");
    }
    at += word.length();
    return value;
  }

  private Map<String, Object> object() throws BadJsonException {
    final Map<String, Object> object = new LinkedHashMap<>();
    expect('{');
    if (take('}')) {
      return object;
    }
    do {
      space();
      final String name = string();
      expect(':');
      if (object.containsKey(name)) {
        throw bad("an object has one name twice");
      }
      object.put(name, value());
    } while (take(','));
    expect('}');
    return object;
  }

  private List<Object> array() throws BadJsonException {
    final List<Object> array = new ArrayList<>();
    expect('[');
    if (take(']')) {
      return array;
    }
    do {
      array.add(value());
    } while (take(','));
    expect(']');
    return array;
  }

  private String string() throws BadJsonException {
    expect('"');
    final StringBuilder string = new StringBuilder();
    while (at < text.length()) {
      final char c = text.charAt(at++);
      if (c == '"') {
        return string.toString();
      }
      if (c < 0x20) {
        throw bad("a text holds a bare control character");
      }
      string.append(c == '\\' ? escape() : c);
    }
    throw bad("a text does not end");
  }

  private char escape() throws BadJsonException {
    final char c = at < text.length() ? text.charAt(at++) : ' ';
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
          throw bad("\\u without four hex digits");
        }
        at += 4;
        yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      default -> throw bad("an unknown escape");
    };
  }

  private BigDecimal number() throws BadJsonException {
    final int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    final String number = text.substring(start, at);
    if (!number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,4})?")) {
      throw bad("this is no value");
    }
    return new BigDecimal(number);
  }
}
