package io.sealgate.policy.cel;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;

/** The functions named like types, and base64. */
public final class Conversions {
  private static final Pattern INT = Pattern.compile("[+-]?[0-9]+");
  private static final Pattern DOUBLE =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
  private static final Pattern INFINITE = Pattern.compile("(?i)[+-]?inf(inity)?");

  private Conversions() {}

  /** {@code type(value)}. */
  public static Object type(Object value) {
    return value instanceof CelError ? value : TypeName.of(value);
  }

  /** {@code dyn(value)}. */
  public static Object dyn(Object value) {
    return value;
  }

  /** {@code bool(value)}. */
  public static Object toBool(Object value) {
    return switch (value) {
      case Boolean b -> b;
      case String text ->
          switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> Boolean.TRUE;
            case "0", "f", "F", "false", "FALSE", "False" -> Boolean.FALSE;
            default -> new CelError("bool() of a text that is no bool");
          };
      default -> CelError.noOverload("bool", value);
    };
  }

  /** {@code int(value)}: doubles lose their fraction, timestamps become seconds. */
  public static Object toInt(Object value) {
    return switch (value) {
      case Long i -> i;
      case Uint u -> u.bits() >= 0 ? (Object) u.bits() : outOfRange("int");
      case Double d -> d > -0x1p63 && d < 0x1p63 ? (Object) d.longValue() : outOfRange("int");
      case Instant t -> t.getEpochSecond();
      case String text -> parseInt(text);
      default -> CelError.noOverload("int", value);
    };
  }

  private static Object parseInt(String text) {
    if (INT.matcher(text).matches()) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        return outOfRange("int");
      }
    }
    return new CelError("int() of a text that is no int");
  }

  /** {@code uint(value)}. */
  public static Object toUint(Object value) {
    return switch (value) {
      case Uint u -> u;
      case Long i -> i >= 0 ? new Uint(i) : outOfRange("uint");
      case Double d when d >= 0x1p63 && d < 0x1p64 -> new Uint(Numbers.unsignedBits(d));
      case Double d -> d >= 0 && d < 0x1p63 ? new Uint(d.longValue()) : outOfRange("uint");
      case String text -> {
        final Uint u = Uint.parse(text);
        yield u == null ? new CelError("uint() of a text that is no uint") : u;
      }
      default -> CelError.noOverload("uint", value);
    };
  }

  /** {@code double(value)}. */
  public static Object toDouble(Object value) {
    return switch (value) {
      case Double d -> d;
      case Long i -> i.doubleValue();
      case Uint u -> u.toDouble();
      case String text -> parseDouble(text);
      default -> CelError.noOverload("double", value);
    };
  }

  private static Object parseDouble(String text) {
    if (DOUBLE.matcher(text).matches()) {
      final double d = Double.parseDouble(text);
      return Double.isInfinite(d) ? outOfRange("double") : (Object) d;
    }
    if (INFINITE.matcher(text).matches()) {
      return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    return text.equalsIgnoreCase("nan")
        ? (Object) Double.NaN
        : new CelError("double() of a text that is no number");
  }

  /** {@code string(value)}. */
  public static Object toText(Object value) {
    return switch (value) {
      case String text -> text;
      case Boolean b -> b.toString();
      case Long i -> i.toString();
      case Uint u -> u.toString();
      case Double d -> doubleText(d);
      case Bytes bytes -> decode(bytes);
      case Instant t -> Times.text(t);
      case Duration d -> Times.text(d);
      default -> CelError.noOverload("string", value);
    };
  }

  private static Object doubleText(double d) {
    if (!Double.isFinite(d)) {
      return Double.isNaN(d) ? "NaN" : d > 0 ? "+Inf" : "-Inf";
    }
    // The shortest digits that read back, plain where that is readable: the way of printf's %g.
    final BigDecimal digits = new BigDecimal(Double.toString(d)).stripTrailingZeros();
    final int exponent = digits.precision() - digits.scale() - 1;
    if (d == 0 || (exponent >= -4 && exponent < 6)) {
      return (d == 0 && 1 / d < 0 ? "-" : "") + Formats.plain(digits);
    }
    final BigDecimal mantissa = digits.scaleByPowerOfTen(-exponent);
    return Formats.plain(mantissa)
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  /** The text that bytes are in UTF-8, or an error. */
  static Object decode(Bytes bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.array())).toString();
    } catch (CharacterCodingException e) {
      return new CelError("the bytes are not UTF-8");
    }
  }

  /** {@code bytes(value)}, in UTF-8. */
  public static Object toBytes(Object value) {
    return switch (value) {
      case Bytes b -> b;
      case String text -> new Bytes(text.getBytes(StandardCharsets.UTF_8));
      default -> CelError.noOverload("bytes", value);
    };
  }

  /** {@code base64.encode(bytes)}. */
  public static Object base64Encode(Object value) {
    return value instanceof Bytes bytes
        ? Base64.getEncoder().encodeToString(bytes.array())
        : CelError.noOverload("base64.encode", value);
  }

  /** {@code base64.decode(string)}, with or without padding. */
  public static Object base64Decode(Object value) {
    if (!(value instanceof String text)) {
      return CelError.noOverload("base64.decode", value);
    }
    try {
      return new Bytes(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      return new CelError("base64.decode() of a text that is not base64");
    }
  }

  private static CelError outOfRange(String type) {
    return new CelError("a number is out of the range of " + type);
  }
}
