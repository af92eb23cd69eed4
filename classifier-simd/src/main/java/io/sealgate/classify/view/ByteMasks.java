package io.sealgate.classify.view;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Which bytes of a text are of a kind that somebody looks for, one bit a byte: the only pass over
 * all bytes that a scan makes in Java. Bit {@code i} of block {@code b} stands for the byte at
 * {@code 64 * b + i}; bits past the end of the text are 0. One thread at a time.
 */
public final class ByteMasks {
  /** Bytes of a block. */
  public static final int BLOCK_BYTES = Long.SIZE;

  /** Masks of a longer text are dropped by the next shorter one, so that one giant is not kept. */
  private static final int BLOCKS_RETAINED_MAX = (1 << 24) / BLOCK_BYTES;

  private static final int BLOCKS_INITIAL = 64;

  // Add, compare, or, toLong: all of them have a direct instruction from SSE2 and NEON on. To move
  // a mask to a long costs most, so what goes into one long is joined before.
  static final VectorSpecies<Byte> SPECIES =
      ByteVector.SPECIES_PREFERRED.vectorBitSize() >= 128
          ? ByteVector.SPECIES_PREFERRED
          : ByteVector.SPECIES_128;

  static final int LANES = SPECIES.length();

  private static final byte DOWN_FROM_ZERO = (byte) (Byte.MIN_VALUE - '0');
  private static final byte BELOW_TEN = Byte.MIN_VALUE + 10;

  /** The ampersand follows the percent sign. */
  private static final byte DOWN_FROM_PERCENT = (byte) (Byte.MIN_VALUE - '%');

  private static final byte BELOW_TWO = Byte.MIN_VALUE + 2;

  private final byte[] tail = new byte[BLOCK_BYTES];
  private long[] digits = {};
  private long[] signs = {};
  private long[] hyphens = {};
  private long[] specials = {};
  private long[] words = {};
  private long[] bars = {};
  private int blocks;

  /** Replaces what is held by the masks of {@code text[0, length)}; needs no padding after it. */
  public void read(final byte[] text, final int length) {
    blocks = (length + BLOCK_BYTES - 1) / BLOCK_BYTES;
    reserve(blocks + 1);
    final int whole = length & -BLOCK_BYTES;
    for (int base = 0; base < whole; base += BLOCK_BYTES) {
      block(text, base, base / BLOCK_BYTES);
    }
    if (whole < length) {
      System.arraycopy(text, whole, tail, 0, length - whole);
      Arrays.fill(tail, length - whole, BLOCK_BYTES, (byte) 0);
      block(tail, 0, blocks - 1);
    }
    words[blocks] = 0;
    specials[blocks] = 0;
  }

  private void reserve(final int needed) {
    if (needed <= digits.length
        && (digits.length <= BLOCKS_RETAINED_MAX || needed > BLOCKS_RETAINED_MAX)) {
      return;
    }
    final int size = Math.max(needed, Math.min(2 * digits.length, BLOCKS_RETAINED_MAX));
    final int rounded = Math.max(size, BLOCKS_INITIAL);
    digits = new long[rounded];
    signs = new long[rounded];
    hyphens = new long[rounded];
    specials = new long[rounded];
    words = new long[rounded];
    bars = new long[rounded];
  }

  private void block(final byte[] text, final int base, final int block) {
    long digit = 0;
    long sign = 0;
    long hyphen = 0;
    long special = 0;
    long word = 0;
    long bar = 0;
    for (int lane = 0; lane < BLOCK_BYTES; lane += LANES) {
      final ByteVector v = ByteVector.fromArray(SPECIES, text, base + lane);
      // Compares are signed: what is moved down to the least value is below its count, or not.
      digit |= v.add(DOWN_FROM_ZERO).compare(VectorOperators.LT, BELOW_TEN).toLong() << lane;
      sign |=
          v.compare(VectorOperators.EQ, (byte) '@')
                  .or(v.compare(VectorOperators.EQ, (byte) ':'))
                  .toLong()
              << lane;
      hyphen |= v.compare(VectorOperators.EQ, (byte) '-').toLong() << lane;
      special |=
          v.compare(VectorOperators.LT, (byte) 0)
                  .or(v.compare(VectorOperators.EQ, (byte) '\\'))
                  .or(v.add(DOWN_FROM_PERCENT).compare(VectorOperators.LT, BELOW_TWO))
                  .toLong()
              << lane;
      word |= v.compare(VectorOperators.GT, (byte) '*').toLong() << lane;
      bar |=
          v.compare(VectorOperators.EQ, (byte) '|')
                  .or(v.compare(VectorOperators.EQ, (byte) '~'))
                  .toLong()
              << lane;
    }
    digits[block] = digit;
    signs[block] = sign;
    hyphens[block] = hyphen;
    specials[block] = special;
    words[block] = word;
    bars[block] = bar;
  }

  /** The first special byte at or after {@code from}, or the end of the last block. */
  int nextSpecial(final int from) {
    int block = from / BLOCK_BYTES;
    if (block >= blocks) {
      return blocks * BLOCK_BYTES;
    }
    long rest = specials[block] & -1L << from;
    while (rest == 0 && ++block < blocks) {
      rest = specials[block];
    }
    return block * BLOCK_BYTES + (rest == 0 ? 0 : Long.numberOfTrailingZeros(rest));
  }

  /** How many blocks hold the text; the masks of the last may stand for less than 64 bytes. */
  public int blocks() {
    return blocks;
  }

  /** ASCII digits. */
  public long digits(final int block) {
    return digits[block];
  }

  /** {@code '@'} and {@code ':'}. */
  public long signs(final int block) {
    return signs[block];
  }

  /** {@code '-'}. */
  public long hyphens(final int block) {
    return hyphens[block];
  }

  /** {@code '|'} and {@code '~'}, with which the shortest anchors end. */
  public long bars(final int block) {
    return bars[block];
  }

  /**
   * Bytes that may differ in the detection copy: those beyond ASCII, backslash, percent sign and
   * ampersand. The block after the last may be asked for and has none.
   */
  public long specials(final int block) {
    return specials[block];
  }

  /**
   * ASCII above {@code '*'}: all of letters, digits and the signs of base64, no space, quote or
   * bracket. The block after the last may be asked for and has none.
   */
  public long words(final int block) {
    return words[block];
  }
}
