package io.sealgate.classify.secret;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;

/** Checksums inside of tokens: making them, for examples, and checking them. */
public final class TokenChecks {
  private static final int BASE62_CHECKED_BYTES = Base62Crc32.CHECKED_BYTES;
  private static final int BECH32_CHECKSUM_CHARACTERS = 6;
  private static final int BITS = 5;

  /** BIP 173: the generator of the BCH code. */
  private static final int[] GENERATOR = {
    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
  };

  private TokenChecks() {}

  /** What {@code {check:NAME}} of an example appends to the text before it. */
  public static Map<String, UnaryOperator<String>> makers() {
    return Map.of(
        "base62-crc32", TokenChecks::makeBase62Crc32,
        "grafana-crc32", TokenChecks::makeGrafanaCrc32,
        "bech32", TokenChecks::makeBech32);
  }

  private static String makeBase62Crc32(final String text) {
    final var crc = new CRC32();
    crc.update(text.substring(text.length() - BASE62_CHECKED_BYTES).getBytes(US_ASCII));
    final var digits = new StringBuilder();
    long rest = crc.getValue();
    for (int i = 0; i < Base62Crc32.CHECKSUM_BYTES; i++) {
      digits.append(Base62Crc32.digit((int) (rest % 62)));
      rest /= 62;
    }
    return digits.reverse().toString();
  }

  private static String makeGrafanaCrc32(final String text) {
    // An underscore and the checksum follow what is checked, which is the last word.
    final int end = text.length() - 1;
    final byte[] token = text.substring(text.lastIndexOf(' ') + 1, end).getBytes(US_ASCII);
    return String.format(Locale.ROOT, "%08x", grafanaCrc32(token, 0, token.length));
  }

  private static String makeBech32(final String text) {
    final byte[] token = (text.substring(text.lastIndexOf(' ') + 1) + "QQQQQQ").getBytes(US_ASCII);
    final int polymod = polymod(token, 0, token.length) ^ 1;
    final var checksum = new StringBuilder();
    for (int i = BECH32_CHECKSUM_CHARACTERS - 1; i >= 0; i--) {
      checksum.append(
          "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".charAt(polymod >>> BITS * i & (1 << BITS) - 1));
    }
    return checksum.toString();
  }

  /** Grafana writes the CRC-32 of prefix and secret with its lowest byte first. */
  static int grafanaCrc32(final byte[] text, final int from, final int to) {
    final var crc = new CRC32();
    crc.update(text, from, to - from);
    return Integer.reverseBytes((int) crc.getValue());
  }

  /** Whether {@code HRP1DATA}, all in upper case, has a valid checksum (BIP 173). */
  static boolean bech32(final byte[] text, final int from, final int to) {
    return polymod(text, from, to) == 1;
  }

  private static int polymod(final byte[] text, final int from, final int to) {
    int separator = to - 1;
    while (separator > from && text[separator] != '1') {
      separator--;
    }
    int polymod = 1;
    for (int p = from; p < separator; p++) {
      polymod = step(polymod, (text[p] | lowerCaseBit(text[p])) >>> BITS);
    }
    polymod = step(polymod, 0);
    for (int p = from; p < separator; p++) {
      polymod = step(polymod, (text[p] | lowerCaseBit(text[p])) & (1 << BITS) - 1);
    }
    for (int p = separator + 1; p < to; p++) {
      polymod = step(polymod, TokenClass.BECH32.value(text[p]));
    }
    return polymod;
  }

  private static int lowerCaseBit(final byte b) {
    return b >= 'A' && b <= 'Z' ? 0x20 : 0;
  }

  private static int step(final int polymod, final int value) {
    final int top = polymod >>> 25;
    int next = (polymod & 0x1ffffff) << BITS ^ value;
    for (int i = 0; i < GENERATOR.length; i++) {
      next ^= (top >>> i & 1) != 0 ? GENERATOR[i] : 0;
    }
    return next;
  }
}
