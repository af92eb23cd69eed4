package io.sealgate.classify.view;

/** One code point of well-formed UTF-8 (RFC 3629). */
final class Utf8 {
  private Utf8() {}

  /** The code point that begins at {@code at} with a byte of 0x80 or more. */
  static int codePoint(final byte[] text, final int at) {
    final int lead = text[at] & 0xFF;
    if (lead < 0xE0) {
      return (lead & 0x1F) << 6 | text[at + 1] & 0x3F;
    }
    if (lead < 0xF0) {
      return (lead & 0x0F) << 12 | (text[at + 1] & 0x3F) << 6 | text[at + 2] & 0x3F;
    }
    return (lead & 0x07) << 18
        | (text[at + 1] & 0x3F) << 12
        | (text[at + 2] & 0x3F) << 6
        | text[at + 3] & 0x3F;
  }

  /** How many bytes a code point takes. */
  static int length(final int codePoint) {
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  /** Writes a code point to the front of {@code to} and returns its length. */
  static int encode(final int codePoint, final byte[] to) {
    final int bytes = length(codePoint);
    if (bytes == 1) {
      to[0] = (byte) codePoint;
      return 1;
    }
    int rest = codePoint;
    for (int i = bytes - 1; i > 0; i--) {
      to[i] = (byte) (0x80 | rest & 0x3F);
      rest >>= 6;
    }
    to[0] = (byte) (0xF00 >> bytes | rest);
    return bytes;
  }
}
