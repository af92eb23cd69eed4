package io.sealgate.policy.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes values as canonical JSON (RFC 8785): {@code Map} with text keys, {@code List}, {@code
 * String}, {@code Long}, {@code Double}, {@code Boolean} and null. Members are sorted by UTF-16
 * units; numbers are written as ECMAScript does.
 */
public final class CanonicalJson {
  /** Whole numbers beyond this are not exact in every JSON reader and are refused. */
  public static final long EXACT_MAX = (1L << 53) - 1;

  private final StringBuilder out = new StringBuilder();

  private CanonicalJson() {}

  /**
   * @throws IllegalArgumentException if a value is of another class, is not finite, is a whole
   *     number beyond {@link #EXACT_MAX}, or is text with a lone surrogate
   */
  public static String write(Object value) {
    final CanonicalJson json = new CanonicalJson();
    json.value(value);
    return json.out.toString();
  }

  private void value(Object value) {
    switch (value) {
      case null -> out.append("null");
      case Boolean b -> out.append(b.booleanValue());
      case Long n -> whole(n);
      case Double d -> out.append(number(d));
      case String s -> text(s);
      case List<?> list -> list(list);
      case Map<?, ?> map -> map(map);
      default ->
          throw new IllegalArgumentException("no JSON value: a " + value.getClass().getName());
    }
  }

  private void whole(long number) {
    if (number > EXACT_MAX || number < -EXACT_MAX) {
      throw new IllegalArgumentException("a whole number is beyond what JSON holds exactly");
    }
    out.append(number);
  }

  private void list(List<?> list) {
    out.append('[');
    for (int i = 0; i < list.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      value(list.get(i));
    }
    out.append(']');
  }

  private void map(Map<?, ?> map) {
    final TreeMap<String, Object> sorted = new TreeMap<>();
    for (final Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String key)) {
        throw new IllegalArgumentException("a key must be text");
      }
      sorted.put(key, entry.getValue());
    }
    String separator = "{";
    for (final Map.Entry<String, Object> entry : sorted.entrySet()) {
      out.append(separator);
      text(entry.getKey());
      out.append(':');
      value(entry.getValue());
      separator = ",";
    }
    out.append(sorted.isEmpty() ? "{}" : "}");
  }

  private void text(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      final char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            requirePaired(text, i);
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static void requirePaired(String text, int i) {
    if (JsonText.isLone(text, i)) {
      throw new IllegalArgumentException("text holds a lone surrogate");
    }
  }

  /** ECMAScript's Number::toString (ECMA-262, 6.1.6.1.20), which RFC 8785 asks for. */
  private static String number(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a number is not finite");
    }
    if (value == 0) {
      return "0";
    }
    final BigDecimal shortest = shortest(Math.abs(value));
    final String digits = shortest.unscaledValue().toString();
    final int point = digits.length() - shortest.scale();
    final String sign = value < 0 ? "-" : "";
    if (point > 21 || point <= -6) {
      final String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      final int exponent = point - 1;
      return sign + digits.charAt(0) + fraction + "e" + (exponent > 0 ? "+" : "") + exponent;
    }
    if (point <= 0) {
      return sign + "0." + "0".repeat(-point) + digits;
    }
    return digits.length() <= point
        ? sign + digits + "0".repeat(point - digits.length())
        : sign + digits.substring(0, point) + "." + digits.substring(point);
  }

  /**
   * Double.toString gives at least two digits, though one may be enough for the smallest values.
   */
  private static BigDecimal shortest(double value) {
    final BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    final BigDecimal one = digits.round(new MathContext(1)).stripTrailingZeros();
    return one.doubleValue() == value ? one : digits;
  }
}
