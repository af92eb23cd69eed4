package io.sealgate.classify.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The inside of a JSON string (RFC 8259, section 7): checking it and decoding it. */
public final class JsonStrings {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private static final VectorSpecies<Byte> SPECIES =
      ByteVector.SPECIES_PREFERRED.vectorBitSize() >= 128
          ? ByteVector.SPECIES_PREFERRED
          : ByteVector.SPECIES_128;

  private static final int LANES = SPECIES.length();

  private JsonStrings() {}

  /**
   * First index in {@code [from, to)} of a byte that is not plain: quote, backslash, control or
   * non-ASCII; {@code to} when there is none.
   */
  public static int skipPlain(final byte[] buf, final int from, final int to) {
    int p = from;
    while (p + 8 <= to) {
      final long w = (long) LONG.get(buf, p);
      final long quote = w ^ (ONES * '"');
      final long backslash = w ^ (ONES * '\\');
      // A borrow only travels upwards, so the lowest flagged byte is exact.
      final long special =
          (((quote - ONES) & ~quote)
                  | ((backslash - ONES) & ~backslash)
                  | ((w - ONES * 0x20) & ~w)
                  | w)
              & HIGH_BITS;
      if (special != 0) {
        return p + (Long.numberOfTrailingZeros(special) >>> 3);
      }
      p += 8;
    }
    while (p < to && buf[p] >= 0x20 && buf[p] != '"' && buf[p] != '\\') {
      p++;
    }
    return p;
  }

  /** First index in {@code [from, to)} of a byte of 0x80 or more; {@code to} when there is none. */
  public static int skipAscii(final byte[] buf, final int from, final int to) {
    int p = from;
    while (p + LANES <= to) {
      final long high =
          ByteVector.fromArray(SPECIES, buf, p).compare(VectorOperators.LT, (byte) 0).toLong();
      if (high != 0) {
        return p + Long.numberOfTrailingZeros(high);
      }
      p += LANES;
    }
    while (p + Long.BYTES <= to) {
      final long high = (long) LONG.get(buf, p) & HIGH_BITS;
      if (high != 0) {
        return p + (Long.numberOfTrailingZeros(high) >>> 3);
      }
      p += Long.BYTES;
    }
    while (p < to && buf[p] >= 0) {
      p++;
    }
    return p;
  }

  /**
   * Length of the well-formed UTF-8 sequence that starts at {@code p} with a byte of 0x80 or more,
   * or 0 when it is malformed (Unicode 15, table 3-7).
   */
  public static int utf8Length(final byte[] buf, final int p, final int to) {
    final int lead = buf[p] & 0xff;
    if (lead < 0xc2 || lead > 0xf4) {
      return 0;
    }
    final int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (to - p < length) {
      return 0;
    }
    final int second = buf[p + 1] & 0xff;
    final int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    final int high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((buf[p + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /**
   * Checks the escape whose backslash is at {@code p} and returns its length on the wire: 2, 6, or
   * 12 for a surrogate pair.
   */
  public static int checkEscape(final byte[] buf, final int p, final int to, final int base)
      throws JsonRejected {
    if (p + 1 >= to) {
      throw new JsonRejected(JsonRejected.Reason.NOT_JSON, to - base);
    }
    switch (buf[p + 1]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return 2;
      }
      case 'u' -> {
        final int unit = hex4(buf, p + 2, to);
        if (unit < 0) {
          throw new JsonRejected(JsonRejected.Reason.BAD_ESCAPE, p - base);
        }
        if (unit < 0xd800 || unit > 0xdfff) {
          return 6;
        }
        final boolean pair =
            unit <= 0xdbff && p + 7 < to && buf[p + 6] == '\\' && buf[p + 7] == 'u';
        final int low = pair ? hex4(buf, p + 8, to) : -1;
        if (low < 0xdc00 || low > 0xdfff) {
          throw new JsonRejected(JsonRejected.Reason.LONE_SURROGATE, p - base);
        }
        return 12;
      }
      default -> throw new JsonRejected(JsonRejected.Reason.BAD_ESCAPE, p - base);
    }
  }

  /** Wire length of an escape that {@link #checkEscape} accepted. */
  public static int escapeLength(final byte[] buf, final int p) {
    if (buf[p + 1] != 'u') {
      return 2;
    }
    final int unit = hex4(buf, p + 2, p + 6);
    return unit >= 0xd800 && unit <= 0xdfff ? 12 : 6;
  }

  /** The code point that an accepted escape stands for. */
  public static int codePoint(final byte[] buf, final int p) {
    return switch (buf[p + 1]) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        final int unit = hex4(buf, p + 2, p + 6);
        yield unit < 0xd800 || unit > 0xdfff
            ? unit
            : Character.toCodePoint((char) unit, (char) hex4(buf, p + 8, p + 12));
      }
      default -> buf[p + 1];
    };
  }

  /** Writes the UTF-8 of an accepted escape to {@code dst} and returns how many bytes that took. */
  public static int decodeEscape(final byte[] buf, final int p, final byte[] dst, final int at) {
    return encode(codePoint(buf, p), dst, at);
  }

  /** True when the inside of an accepted string decodes to exactly this ASCII text. */
  public static boolean decodesTo(
      final byte[] buf, final int from, final int to, final String ascii) {
    int p = from;
    int i = 0;
    while (p < to && i < ascii.length()) {
      final boolean escape = buf[p] == '\\';
      final int c = escape ? codePoint(buf, p) : buf[p];
      if (c >= 0x80 || c != ascii.charAt(i)) {
        return false;
      }
      p += escape ? escapeLength(buf, p) : 1;
      i++;
    }
    return p == to && i == ascii.length();
  }

  /**
   * Decodes the inside of an accepted string. The decoded form is never longer than the wire form.
   */
  public static int decode(
      final byte[] buf, final int from, final int to, final byte[] dst, final int at) {
    int out = at;
    int p = from;
    while (p < to) {
      final int run = nextBackslash(buf, p, to);
      System.arraycopy(buf, p, dst, out, run - p);
      out += run - p;
      p = run;
      if (p < to) {
        out += decodeEscape(buf, p, dst, out);
        p += escapeLength(buf, p);
      }
    }
    return out - at;
  }

  /** First backslash in {@code [from, to)}, or {@code to}. */
  public static int nextBackslash(final byte[] buf, final int from, final int to) {
    int p = from;
    while (p + 8 <= to) {
      final long x = (long) LONG.get(buf, p) ^ (ONES * '\\');
      final long hit = (x - ONES) & ~x & HIGH_BITS;
      if (hit != 0) {
        return p + (Long.numberOfTrailingZeros(hit) >>> 3);
      }
      p += 8;
    }
    while (p < to && buf[p] != '\\') {
      p++;
    }
    return p;
  }

  private static int encode(final int codePoint, final byte[] dst, final int at) {
    if (codePoint < 0x80) {
      dst[at] = (byte) codePoint;
      return 1;
    }
    if (codePoint < 0x800) {
      dst[at] = (byte) (0xc0 | (codePoint >> 6));
      dst[at + 1] = (byte) (0x80 | (codePoint & 0x3f));
      return 2;
    }
    if (codePoint < 0x10000) {
      dst[at] = (byte) (0xe0 | (codePoint >> 12));
      dst[at + 1] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
      dst[at + 2] = (byte) (0x80 | (codePoint & 0x3f));
      return 3;
    }
    dst[at] = (byte) (0xf0 | (codePoint >> 18));
    dst[at + 1] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
    dst[at + 2] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
    dst[at + 3] = (byte) (0x80 | (codePoint & 0x3f));
    return 4;
  }

  private static int hex4(final byte[] buf, final int p, final int to) {
    if (to - p < 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < 4; i++) {
      final int digit = hexDigit(buf[p + i]);
      if (digit < 0) {
        return -1;
      }
      value = (value << 4) | digit;
    }
    return value;
  }

  /** Value of an ASCII hex digit, or -1; {@link Character#digit} would take non-ASCII digits. */
  private static int hexDigit(final byte b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    final int lower = b | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }
}
