package io.sealgate.classify.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Random JSON whose meaning is known, written in as many forms as the grammar has. */
public final class JsonSamples {
  private static final String PLAIN = "abcXYZ019 @.-_/:'{}[],~\u007f";
  private static final String SHORT_ESCAPES = "\"\\/\b\f\n\r\t";
  private static final int[] WIDE = {0, 0x1f, 0xe9, 0x7ff, 0x800, 0x20ac, 0xffff, 0x10000, 0x1f600};

  private final Random random;

  public JsonSamples(final Random random) {
    this.random = random;
  }

  /** A map, list, string, long, boolean or null, as nested as {@code depth}. */
  public Object value(final int depth) {
    final int kind = random.nextInt(depth > 0 ? 7 : 5);
    return switch (kind) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong() >> random.nextInt(64);
      case 3, 4 -> text(random.nextInt(20));
      case 5 -> {
        final List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
          list.add(value(depth - 1));
        }
        yield list;
      }
      default -> {
        final Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(random.nextInt(8) == 0 ? 40 : 6); i > 0; i--) {
          map.put(text(random.nextInt(12)), value(depth - 1));
        }
        yield map;
      }
    };
  }

  public String text(final int codePoints) {
    final StringBuilder text = new StringBuilder();
    for (int i = 0; i < codePoints; i++) {
      switch (random.nextInt(6)) {
        case 0 -> text.append(SHORT_ESCAPES.charAt(random.nextInt(SHORT_ESCAPES.length())));
        case 1 -> text.appendCodePoint(WIDE[random.nextInt(WIDE.length)]);
        default -> text.append(PLAIN.charAt(random.nextInt(PLAIN.length())));
      }
    }
    return text.toString();
  }

  public String write(final Object value) {
    final StringBuilder out = new StringBuilder();
    space(out);
    write(value, out);
    space(out);
    return out.toString();
  }

  private void write(final Object value, final StringBuilder out) {
    switch (value) {
      case final String text -> writeString(text, out);
      case final List<?> list -> {
        out.append('[');
        space(out);
        String comma = "";
        for (final Object item : list) {
          out.append(comma);
          space(out);
          write(item, out);
          space(out);
          comma = ",";
        }
        out.append(']');
      }
      case final Map<?, ?> map -> {
        out.append('{');
        space(out);
        String comma = "";
        for (final Map.Entry<?, ?> member : map.entrySet()) {
          out.append(comma);
          space(out);
          writeString((String) member.getKey(), out);
          space(out);
          out.append(':');
          space(out);
          write(member.getValue(), out);
          space(out);
          comma = ",";
        }
        out.append('}');
      }
      case null, default -> out.append(value);
    }
  }

  /** Each code point raw, as its short escape, or as \\u escapes, whichever are allowed. */
  void writeString(final String text, final StringBuilder out) {
    out.append('"');
    final boolean plain = random.nextBoolean();
    text.codePoints()
        .forEach(
            c -> {
              final int at = c < 0x80 ? SHORT_ESCAPES.indexOf(c) : -1;
              final boolean rawAllowed = c >= 0x20 && c != '"' && c != '\\';
              if (rawAllowed && (plain || random.nextInt(3) > 0)) {
                out.appendCodePoint(c);
              } else if (at >= 0 && random.nextBoolean()) {
                out.append('\\').append("\"\\/bfnrt".charAt(at));
              } else {
                for (final char unit : Character.toChars(c)) {
                  final String hex = String.format("%04x", (int) unit);
                  out.append("\\u")
                      .append(random.nextBoolean() ? hex : hex.toUpperCase(Locale.ROOT));
                }
              }
            });
    out.append('"');
  }

  private void space(final StringBuilder out) {
    for (int i = random.nextInt(8) - 5; i > 0; i--) {
      out.append(" \t\r\n".charAt(random.nextInt(4)));
    }
  }
}
