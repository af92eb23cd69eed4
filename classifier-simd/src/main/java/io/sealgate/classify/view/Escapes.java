package io.sealgate.classify.view;

/**
 * Reads one character of a text that may be written as an escape: of JSON (RFC 8259, section 7, and
 * {@code \xHH}), a percent triplet (RFC 3986, section 2.1) or a character reference of HTML. An
 * escape may be made of escaped characters, to a depth of {@value #DEPTH_MAX}; what is no whole
 * escape stands for itself.
 */
final class Escapes {
  static final int DEPTH_MAX = 2;

  /** Bytes of an escape that {@link #control} reads. */
  static final int CONTROL_BYTES = 2;

  /** The text ends within what could be an escape, and goes on. */
  static final int MORE = -1;

  private static final int END = -2;
  private static final int REPLACEMENT = 0xFFFD;
  private static final int NAME_BYTES_MAX = 6;
  private static final int NUMBER_DIGITS_MAX = 7;
  private static final String[] NAMES = {
    "amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "nbsp", " ", "commat", "@",
    "period", ".", "hyphen", "-", "dash", "-", "colon", ":", "sol", "/", "lowbar", "_", "plus", "+",
    "num", "#", "shy", "\u00AD", "zwnj", "\u200C", "zwj", "\u200D", "lpar", "(", "rpar", ")", "Tab",
    "\t", "equals", "=",
  };

  private byte[] text;
  private int to;
  private boolean last;

  /** Bytes that the character last read takes, for each depth. */
  private final int[] lengths = new int[DEPTH_MAX + 1];

  /** The start of the text's next bytes; {@code last} when none follow {@code to}. */
  void begin(final byte[] text, final int to, final boolean last) {
    this.text = text;
    this.to = to;
    this.last = last;
  }

  /**
   * The control character that the escape at {@code at} stands for, when it is written in two bytes
   * as they are; else 0. Whatever follows, {@link #read} would say the same.
   */
  static int control(final byte[] text, final int at, final int to) {
    if (text[at] != '\\' || to - at < CONTROL_BYTES) {
      return 0;
    }
    return switch (text[at + 1]) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> 0;
    };
  }

  /** The code point at {@code at}, or {@link #MORE}. */
  int read(final int at) {
    return read(at, DEPTH_MAX);
  }

  /** Bytes of what {@link #read} returned. */
  int length() {
    return lengths[DEPTH_MAX];
  }

  private int read(final int at, final int depth) {
    if (depth == 0) {
      return raw(at);
    }
    final int c = read(at, depth - 1);
    final int own = lengths[depth - 1];
    final int escaped =
        switch (c) {
          case '\\' -> backslash(at + own, depth);
          case '%' -> percent(at + own, depth);
          case '&' -> reference(at + own, depth);
          default -> END;
        };
    if (escaped == END) {
      lengths[depth] = own;
      return c;
    }
    // Where the parts of an escape leave their end; see next().
    lengths[depth] = cursor - at;
    return escaped;
  }

  private int cursor;

  private int raw(final int at) {
    if (at >= to) {
      return last ? END : MORE;
    }
    final int lead = text[at] & 0xFF;
    if (lead < 0x80) {
      lengths[0] = 1;
      return lead;
    }
    final int codePoint = Utf8.codePoint(text, at);
    lengths[0] = Utf8.length(codePoint);
    return codePoint;
  }

  /** The character at the cursor, one depth further down, and moves past it. */
  private int next(final int at, final int depth) {
    final int c = read(at, depth - 1);
    cursor = c < 0 ? at : at + lengths[depth - 1];
    return c;
  }

  private int backslash(final int at, final int depth) {
    final int c = next(at, depth);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'x' -> hex(cursor, depth, 2);
      case 'u' -> {
        final int unit = hex(cursor, depth, 4);
        yield unit < 0xD800 || unit > 0xDFFF ? unit : surrogate(unit, depth);
      }
      case MORE -> MORE;
      default -> END;
    };
  }

  /** A lone half is U+FFFD, as everywhere where text is decoded. */
  private int surrogate(final int unit, final int depth) {
    final int end = cursor;
    if (unit <= 0xDBFF) {
      int c = next(cursor, depth);
      if (c == '\\') {
        c = next(cursor, depth);
        if (c == 'u') {
          c = hex(cursor, depth, 4);
          if (c >= 0xDC00 && c <= 0xDFFF) {
            return Character.toCodePoint((char) unit, (char) c);
          }
        }
      }
      if (c == MORE) {
        return MORE;
      }
    }
    cursor = end;
    return REPLACEMENT;
  }

  private int hex(final int at, final int depth, final int digits) {
    int value = 0;
    int p = at;
    for (int i = 0; i < digits; i++) {
      final int c = next(p, depth);
      final int digit = hexDigit(c);
      if (digit < 0) {
        return c == MORE ? MORE : END;
      }
      value = value << 4 | digit;
      p = cursor;
    }
    return value;
  }

  private static int hexDigit(final int c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    final int lower = c | 0x20;
    return c >= 0 && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /** One triplet, or as many as the UTF-8 that they hold needs. */
  private int percent(final int at, final int depth) {
    final int lead = hex(at, depth, 2);
    if (lead < 0x80) {
      return lead;
    }
    if (lead < 0xC2 || lead > 0xF4) {
      return END;
    }
    final int bytes = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    int codePoint = lead & 0xFF >> bytes + 1;
    for (int i = 1; i < bytes; i++) {
      final int sign = next(cursor, depth);
      final int b = sign == '%' ? hex(cursor, depth, 2) : sign;
      if (b == MORE) {
        return MORE;
      }
      if (sign != '%' || b < 0x80 || b > 0xBF) {
        return END;
      }
      codePoint = codePoint << 6 | b & 0x3F;
    }
    final int least = bytes == 2 ? 0x80 : bytes == 3 ? 0x800 : 0x10000;
    return codePoint < least ? END : scalar(codePoint);
  }

  private int reference(final int at, final int depth) {
    int c = next(at, depth);
    if (c == '#') {
      return numeric(depth);
    }
    long name = 0;
    int bytes = 0;
    while (bytes < NAME_BYTES_MAX && c >= 'A' && c <= 'z') {
      name = name << 8 | c;
      bytes++;
      c = next(cursor, depth);
    }
    return c == MORE ? MORE : c == ';' ? named(name) : END;
  }

  private int numeric(final int depth) {
    int c = next(cursor, depth);
    final int radix = c == 'x' || c == 'X' ? 16 : 10;
    if (radix == 16) {
      c = next(cursor, depth);
    }
    int value = 0;
    int digits = 0;
    int digit = hexDigit(c);
    while (digit >= 0 && digit < radix && digits < NUMBER_DIGITS_MAX) {
      value = value * radix + digit;
      digits++;
      c = next(cursor, depth);
      digit = hexDigit(c);
    }
    if (c == MORE) {
      return MORE;
    }
    return c != ';' || digits == 0 ? END : scalar(value);
  }

  private static int scalar(final int value) {
    final boolean surrogate = value >= 0xD800 && value <= 0xDFFF;
    return value > Character.MAX_CODE_POINT || surrogate ? REPLACEMENT : value;
  }

  private static int named(final long name) {
    for (int i = 0; i < NAMES.length; i += 2) {
      long known = 0;
      for (int k = 0; k < NAMES[i].length(); k++) {
        known = known << 8 | NAMES[i].charAt(k);
      }
      if (known == name) {
        return NAMES[i + 1].charAt(0);
      }
    }
    return END;
  }
}
