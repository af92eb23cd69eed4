package io.sealgate.log.search;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Keys of the index. Numbers are big-endian, so that they sort. */
final class SearchKeys {
  /** A longer value is known by its digest; a match is checked on the record itself. */
  private static final int VALUE_BYTES_MAX = 200;

  private SearchKeys() {}

  /** Of a term in one block of a shard. */
  static byte[] posting(
      final SearchField field, final String value, final int shard, final int block) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    if (text.length > VALUE_BYTES_MAX) {
      text = digest(text);
    }
    return ByteBuffer.allocate(2 + text.length + 2 * Integer.BYTES)
        .put((byte) field.ordinal())
        .put(text)
        // No UTF-8 has this byte, so no value's key is the head of another's.
        .put((byte) 0xFF)
        .putInt(shard)
        .putInt(block)
        .array();
  }

  /** Of a granule of records in a shard, for their times. */
  static byte[] granule(final int shard, final int granule) {
    return ByteBuffer.allocate(2 * Integer.BYTES).putInt(shard).putInt(granule).array();
  }

  /** Of what is known of a shard. */
  static byte[] shard(final String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] digest(final byte[] text) {
    try {
      final byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
      final byte[] key = Arrays.copyOf(text, VALUE_BYTES_MAX + hash.length);
      System.arraycopy(hash, 0, key, VALUE_BYTES_MAX, hash.length);
      return key;
    } catch (final NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
