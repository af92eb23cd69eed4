package io.sealgate.gateway.call;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * Makes request ids: UUID version 7 (RFC 9562 section 5.7), so that they sort by time. Confined to
 * one event loop; the random part tells calls apart and is no secret.
 */
final class RequestIds {
  private static final char[] HEX = "0123456789abcdef".toCharArray();
  private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
  private final char[] text = new char[36];

  String next(final long epochMillis) {
    final long high = epochMillis << 16 | 0x7000 | random.nextInt(0x1000);
    final long low = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
    int at = 0;
    for (int nibble = 0; nibble < 32; nibble++) {
      if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) {
        text[at++] = '-';
      }
      final long word = nibble < 16 ? high : low;
      text[at++] = HEX[(int) (word >>> (60 - 4 * (nibble & 15))) & 15];
    }
    return new String(text);
  }
}
