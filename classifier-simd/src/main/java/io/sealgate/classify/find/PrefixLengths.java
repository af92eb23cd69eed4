package io.sealgate.classify.find;

/** Prefix lengths of networks (RFC 4632, section 3.1), such as the "/24" of "192.168.1.0/24". */
final class PrefixLengths {
  private static final int DIGITS_MAX = 3;

  private PrefixLengths() {}

  /**
   * Where the prefix length that follows an address ends; {@code end} when none does. What follows
   * the host of a URL is its path.
   *
   * @param start first byte of the address
   * @param end one past its last byte
   * @param bits of an address
   */
  static int end(
      final byte[] text, final int length, final int start, final int end, final int bits) {
    if (Ascii.at(text, end, length) != '/' || Ascii.at(text, start - 1, length) == '/') {
      return end;
    }
    final int digits = Ascii.digits(text, end + 1, length, DIGITS_MAX + 1);
    int value = 0;
    for (int i = 0; i < Math.min(digits, DIGITS_MAX); i++) {
      value = value * 10 + text[end + 1 + i] - '0';
    }
    final int after = end + 1 + digits;
    final int next = Ascii.at(text, after, length);
    final boolean whole = digits > 0 && digits <= DIGITS_MAX && value <= bits;
    return !whole || Ascii.alnum(next) || next == '/' || next == '_' || next == '-' ? end : after;
  }
}
