package io.sealgate.log.search;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Which records of one block of 65,536 hold a term, as the bytes that are stored: a few as sorted
 * 16-bit numbers, many as a bitmap, each behind a byte that says which.
 */
final class Postings {
  static final int BLOCK_RECORDS = 1 << 16;

  private static final byte LIST = 0;
  private static final byte BITMAP = 1;
  private static final int WORDS = BLOCK_RECORDS / Long.SIZE;
  private static final int BITMAP_BYTES = BLOCK_RECORDS / Byte.SIZE;

  private Postings() {}

  /** Adds the records of {@code stored}, null for none, to {@code bits}. */
  static void addTo(final byte[] stored, final long[] bits) {
    if (stored == null) {
      return;
    }
    final ByteBuffer in = ByteBuffer.wrap(stored);
    if (in.get() == BITMAP) {
      for (int word = 0; word < WORDS; word++) {
        bits[word] |= in.getLong();
      }
    } else {
      while (in.hasRemaining()) {
        final int record = in.getShort() & 0xFFFF;
        bits[record >> 6] |= 1L << record;
      }
    }
  }

  /**
   * The bytes that stand for what is {@code stored}, null for none, and later records.
   *
   * @param later ascending, above those stored
   */
  static byte[] with(final byte[] stored, final List<Integer> later) {
    final int records = later.size() + (stored == null ? 0 : (stored.length - 1) / Short.BYTES);
    if (stored != null && stored[0] == BITMAP || records * Short.BYTES >= BITMAP_BYTES) {
      final long[] bits = none();
      addTo(stored, bits);
      later.forEach(record -> bits[record >> 6] |= 1L << record);
      return stored(bits);
    }
    // Most terms are in few records of a block, and there are very many of them.
    final ByteBuffer out = ByteBuffer.allocate(1 + records * Short.BYTES).put(LIST);
    if (stored != null) {
      out.put(stored, 1, stored.length - 1);
    }
    later.forEach(record -> out.putShort(record.shortValue()));
    return out.array();
  }

  /** The bytes that stand for {@code bits}. */
  private static byte[] stored(final long[] bits) {
    int count = 0;
    for (final long word : bits) {
      count += Long.bitCount(word);
    }
    if (count * Short.BYTES >= BITMAP_BYTES) {
      final ByteBuffer out = ByteBuffer.allocate(1 + BITMAP_BYTES).put(BITMAP);
      for (final long word : bits) {
        out.putLong(word);
      }
      return out.array();
    }
    final ByteBuffer out = ByteBuffer.allocate(1 + count * Short.BYTES).put(LIST);
    for (int word = 0; word < WORDS; word++) {
      for (long left = bits[word]; left != 0; left &= left - 1) {
        out.putShort((short) ((word << 6) + Long.numberOfTrailingZeros(left)));
      }
    }
    return out.array();
  }

  /** Bits for one block, none set. */
  static long[] none() {
    return new long[WORDS];
  }
}
