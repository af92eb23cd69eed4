package io.sealgate.classify.secret;

/** Alphabets of tokens, by the names that packs use. All are ASCII. */
enum TokenClass {
  DIGIT("0123456789"),
  UPPER("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
  LOWER("abcdefghijklmnopqrstuvwxyz"),
  ALPHA(UPPER.members + LOWER.members),
  ALNUM(ALPHA.members + DIGIT.members),
  UPPERNUM(UPPER.members + DIGIT.members),
  LOWERNUM(LOWER.members + DIGIT.members),
  HEX("0123456789abcdef"),
  /** RFC 4648, section 6. */
  BASE32(UPPER.members + "234567"),
  /** RFC 4648, section 4, without padding, in the order of values. */
  BASE64(ALNUM.members + "+/"),
  /** RFC 4648, section 5. */
  BASE64URL(ALNUM.members + "-_"),
  WORD(ALNUM.members + "_"),
  /** Letters, digits and hyphens. */
  DASHED(ALNUM.members + "-"),
  /** Unreserved in a URL (RFC 3986, section 2.3). */
  UNRESERVED(ALNUM.members + "-._~"),
  /** BIP 173, in upper case. */
  BECH32("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L");

  private final String members;
  private final long low;
  private final long high;

  TokenClass(final String members) {
    this.members = members;
    long first = 0;
    long second = 0;
    for (int i = 0; i < members.length(); i++) {
      final char c = members.charAt(i);
      first |= c < 64 ? 1L << c : 0;
      second |= c < 64 ? 0 : 1L << c;
    }
    low = first;
    high = second;
  }

  boolean has(final byte b) {
    return b >= 0 && ((b < 64 ? low : high) >>> b & 1) != 0;
  }

  /** End of the run from {@code at}, not past {@code limit}. */
  int runEnd(final byte[] text, final int at, final int limit) {
    int p = at;
    while (p < limit && has(text[p])) {
      p++;
    }
    return p;
  }

  /** Position of a character in the alphabet; -1 when it is not in it. */
  int value(final byte b) {
    return members.indexOf(b);
  }
}
