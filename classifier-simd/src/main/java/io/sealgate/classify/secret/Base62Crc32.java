package io.sealgate.classify.secret;

import java.util.zip.CRC32;

/**
 * The check of GitHub's and npm's tokens: the last six of 36 characters are the CRC-32 of the first
 * thirty in base 62, alphabet {@code 0-9A-Za-z}, padded with zeros on the left. Not thread-safe.
 */
public final class Base62Crc32 {
  public static final int CHECKED_BYTES = 30;
  public static final int CHECKSUM_BYTES = 6;

  private final CRC32 crc = new CRC32();

  /** Whether the 36 bytes from {@code at} agree. */
  public boolean agrees(final byte[] text, final int at) {
    crc.reset();
    crc.update(text, at, CHECKED_BYTES);
    long rest = crc.getValue();
    for (int i = CHECKED_BYTES + CHECKSUM_BYTES - 1; i >= CHECKED_BYTES; i--) {
      if (text[at + i] != digit((int) (rest % 62))) {
        return false;
      }
      rest /= 62;
    }
    return true;
  }

  public static char digit(final int value) {
    if (value < 10) {
      return (char) ('0' + value);
    }
    return (char) (value < 36 ? 'A' + value - 10 : 'a' + value - 36);
  }
}
