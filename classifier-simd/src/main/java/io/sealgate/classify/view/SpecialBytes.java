package io.sealgate.classify.view;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds what makes a text differ from its detection copy: bytes of 0x80 and more, and the first
 * bytes of escapes.
 */
public final class SpecialBytes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private static final int BACKSLASHES_MAX = 8;

  /** What {@link #isDisguise} reads at most, from its byte on. */
  static final int LOOK_AHEAD_BYTES = BACKSLASHES_MAX + 4;

  private SpecialBytes() {}

  /** The first special byte in {@code [from, to)}, or {@code to}; for short stretches. */
  public static int next(final byte[] text, final int from, final int to) {
    int p = from;
    while (p + Long.BYTES <= to) {
      final long word = (long) LONG.get(text, p);
      // A borrow only travels upwards, so the lowest flagged byte is exact.
      final long special =
          (zeros(word, '\\') | zeros(word, '%') | zeros(word, '&') | word) & HIGH_BITS;
      if (special != 0) {
        return p + (Long.numberOfTrailingZeros(special) >>> 3);
      }
      p += Long.BYTES;
    }
    while (p < to && !special(text[p])) {
      p++;
    }
    return p;
  }

  private static long zeros(final long word, final int ascii) {
    final long x = word ^ ONES * ascii;
    return x - ONES & ~x;
  }

  private static boolean special(final byte b) {
    return b < 0 || b == '\\' || b == '%' || b == '&';
  }

  /**
   * The first byte of a text that begins a disguise, or {@code length}.
   *
   * @param masks of {@code text[0, length)}
   */
  public static int firstDisguise(final byte[] text, final int length, final ByteMasks masks) {
    for (int block = 0; block < masks.blocks(); block++) {
      for (long rest = masks.specials(block); rest != 0; rest &= rest - 1) {
        final int at = block * ByteMasks.BLOCK_BYTES + Long.numberOfTrailingZeros(rest);
        if (isDisguise(text, at, length)) {
          return at;
        }
      }
    }
    return length;
  }

  /**
   * Whether the special byte at {@code at} begins something that may look different in the
   * detection copy. A percent or ampersand sign that begins no escape ("100 % of", "a && b") does
   * not; nor do escapes that stand for the same kind of edge as their own bytes: quotes, and line
   * ends before a space, a quote or a brace, not before anything that may begin a word, which the
   * letter of the escape would seem to belong to. Reads up to {@link #LOOK_AHEAD_BYTES} bytes.
   */
  static boolean isDisguise(final byte[] text, final int at, final int to) {
    return switch (text[at]) {
      // What follows may itself be written as an escape.
      case '%' -> at + 2 < to && (hex(text[at + 1]) || special(text[at + 1]));
      case '&' ->
          at + 2 < to && (text[at + 1] == '#' || letter(text[at + 1]) || special(text[at + 1]));
      case '\\' -> isEscape(text, at, to);
      default -> text[at] < 0;
    };
  }

  private static boolean isEscape(final byte[] text, final int at, final int to) {
    int p = at + 1;
    while (p < to && text[p] == '\\') {
      if (++p - at > BACKSLASHES_MAX) {
        return true;
      }
    }
    if (p == to) {
      return false;
    }
    return switch (text[p]) {
      case 'b', 'f', 'n', 'r', 't' -> p + 1 < to && wordMayBegin(text[p + 1]);
      case 'u', 'x', '/' -> true;
      default -> special(text[p]);
    };
  }

  private static boolean wordMayBegin(final byte b) {
    return b < 0 || b > ' ' && b != '"' && b != '\'' && b != '{' && b != '}';
  }

  private static boolean letter(final byte b) {
    return (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
  }

  private static boolean hex(final byte b) {
    return b >= '0' && b <= '9' || (b | 0x20) >= 'a' && (b | 0x20) <= 'f';
  }
}
