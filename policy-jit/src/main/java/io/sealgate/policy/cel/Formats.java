package io.sealgate.policy.cel;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** {@code text.format(args)}: the verbs s, d, f, e, b, o, x, X and %%. */
public final class Formats {
  private static final int PRECISION_DEFAULT = 6;
  private static final int PRECISION_MAX = 1_000;

  private final List<?> args;
  private final StringBuilder result = new StringBuilder();
  private int next;

  private Formats(List<?> args) {
    this.args = args;
  }

  /** A decimal without exponent and without zeros at the end. */
  static String plain(BigDecimal digits) {
    final String text = digits.stripTrailingZeros().toPlainString();
    return digits.signum() == 0 ? "0" : text;
  }

  /** {@code text.format(args)}. */
  public static Object format(Object text, Object args) {
    if (!(text instanceof String t) || !(args instanceof List<?> list)) {
      return CelError.noOverload("format", text, args);
    }
    final Formats formats = new Formats(list);
    final CelError error = formats.run(t);
    if (error != null) {
      return error;
    }
    return formats.next < list.size()
        ? CelError.unspecified("format() with more arguments than verbs")
        : formats.result.toString();
  }

  private CelError run(String text) {
    for (int i = 0; i < text.length(); i++) {
      final char c = text.charAt(i);
      if (c != '%') {
        result.append(c);
        continue;
      }
      i++;
      if (i < text.length() && text.charAt(i) == '%') {
        result.append('%');
        continue;
      }
      int precision = PRECISION_DEFAULT;
      final boolean precise = i < text.length() && text.charAt(i) == '.';
      if (precise) {
        precision = 0;
        final int digits = i + 1;
        for (i++; i < text.length() && Character.digit(text.charAt(i), 10) >= 0; i++) {
          precision = Math.min(precision * 10 + text.charAt(i) - '0', PRECISION_MAX + 1);
        }
        if (i == digits || precision > PRECISION_MAX) {
          return new CelError("format() with a bad precision");
        }
      }
      if (i >= text.length()) {
        return new CelError("format() of an unfinished verb");
      }
      if (next >= args.size()) {
        return new CelError("format() with fewer arguments than verbs");
      }
      final char verb = text.charAt(i);
      if (precise && "ef".indexOf(verb) < 0) {
        return CelError.unspecified("a precision of %" + verb);
      }
      final Object formatted = verb(verb, precision, args.get(next++));
      if (formatted instanceof CelError error) {
        return error;
      }
      result.append(formatted);
      if (result.length() > Limits.SIZE_MAX) {
        return Numbers.tooLarge();
      }
    }
    return null;
  }

  private static Object verb(char verb, int precision, Object arg) {
    return switch (verb) {
      case 's' -> text(arg);
      case 'd' ->
          switch (arg) {
            case Long i -> i.toString();
            case Uint u -> u.toString();
            case Double d when !Double.isFinite(d) -> d.toString();
            default -> CelError.noOverload("%d", arg);
          };
      case 'f', 'e' -> real(verb, precision, arg);
      case 'b' ->
          switch (arg) {
            case Boolean b -> b ? "1" : "0";
            default -> whole(arg, 2, "%b");
          };
      case 'o' -> whole(arg, 8, "%o");
      case 'x' -> hex(arg);
      case 'X' -> hex(arg) instanceof String h ? h.toUpperCase(Locale.ROOT) : hex(arg);
      default -> new CelError("format() with an unknown verb");
    };
  }

  private static Object whole(Object arg, int radix, String verb) {
    return switch (arg) {
      case Long i -> Long.toString(i, radix);
      case Uint u -> Long.toUnsignedString(u.bits(), radix);
      default -> CelError.noOverload(verb, arg);
    };
  }

  private static Object hex(Object arg) {
    return switch (arg) {
      case String text -> HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
      case Bytes bytes -> HexFormat.of().formatHex(bytes.array());
      default -> whole(arg, 16, "%x");
    };
  }

  private static Object real(char verb, int precision, Object arg) {
    if (!Comparison.isNumber(arg)) {
      return CelError.noOverload("%" + verb, arg);
    }
    if (arg instanceof Double d && !Double.isFinite(d)) {
      return d.toString();
    }
    final BigDecimal number = Numbers.exact(arg);
    final String sign =
        number.signum() < 0 || (arg instanceof Double d && d == 0 && 1 / d < 0) ? "-" : "";
    final BigDecimal size = number.abs();
    if (verb == 'f') {
      return sign + size.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    }
    if (size.signum() == 0) {
      return sign + BigDecimal.ZERO.setScale(precision).toPlainString() + "e+00";
    }
    final BigDecimal rounded = size.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
    final int exponent = rounded.precision() - rounded.scale() - 1;
    return sign
        + rounded.scaleByPowerOfTen(-exponent).setScale(precision).toPlainString()
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  private static Object text(Object arg) {
    return switch (arg) {
      case Null _ -> "null";
      case TypeName type -> type.name();
      case Double d when !Double.isFinite(d) -> d.toString();
      case Double d when d == 0 -> 1 / d < 0 ? "-0" : "0";
      case Double d -> plain(new BigDecimal(d.toString()));
      case Boolean _, String _, Long _, Uint _, Bytes _, Instant _, Duration _ ->
          Conversions.toText(arg);
      case List<?> list -> {
        final List<String> parts = new ArrayList<>();
        for (final Object element : list) {
          final Object part = text(element);
          if (part instanceof CelError) {
            yield part;
          }
          parts.add((String) part);
        }
        yield "[" + String.join(", ", parts) + "]";
      }
      case CelMap map -> mapText(map);
      default -> CelError.noOverload("%s", arg);
    };
  }

  private static Object mapText(CelMap map) {
    final List<String[]> entries = new ArrayList<>();
    for (final CelMap.Entry entry : map.entries()) {
      final Object key = text(entry.key());
      final Object value = text(entry.value());
      if (key instanceof CelError || value instanceof CelError) {
        return key instanceof CelError ? key : value;
      }
      entries.add(new String[] {(String) key, (String) value});
    }
    entries.sort((a, b) -> Comparison.textOrder(a[0], b[0]));
    return "{" + String.join(", ", entries.stream().map(e -> e[0] + ": " + e[1]).toList()) + "}";
  }
}
