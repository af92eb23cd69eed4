package io.sealgate.classify.tripwire;

/** Tells text in base64 or hexadecimal from digests and identifiers, which decode to noise. */
final class EncodedText {
  /** Of a hundred decoded bytes, so many are printable ASCII. */
  private static final int READABLE_PERCENT = 95;

  private EncodedText() {}

  /** The alphabets of base64 and base64url; a {@code +} is read as a space in a URL. */
  static boolean isEncoded(final byte b) {
    return value(b) >= 0 && b != '+';
  }

  /** Whether {@code text[from, to)} decodes to text. */
  static boolean isReadable(final byte[] text, final int from, final int to) {
    return isReadable(text, from, to, 4, 16) || isReadable(text, from, to, 6, 64);
  }

  private static boolean isReadable(
      final byte[] text, final int from, final int to, final int bitsEach, final int base) {
    int bits = 0;
    int held = 0;
    int bytes = 0;
    int readable = 0;
    for (int p = from; p < to; p++) {
      final int value = base == 16 ? Character.digit(text[p], 16) : value(text[p]);
      if (value < 0) {
        return false;
      }
      held = held << bitsEach | value;
      bits += bitsEach;
      if (bits >= 8) {
        bits -= 8;
        final int b = held >> bits & 0xFF;
        bytes++;
        readable += b >= ' ' && b < 0x7F || b == '\n' ? 1 : 0;
      }
    }
    return bytes > 0 && readable * 100 >= bytes * READABLE_PERCENT;
  }

  private static int value(final byte b) {
    if (b >= 'A' && b <= 'Z') {
      return b - 'A';
    }
    if (b >= 'a' && b <= 'z') {
      return b - 'a' + 26;
    }
    if (b >= '0' && b <= '9') {
      return b - '0' + 52;
    }
    return switch (b) {
      case '+', '-' -> 62;
      case '/', '_' -> 63;
      default -> -1;
    };
  }
}
