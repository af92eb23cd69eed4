package io.sealgate.classify.find;

import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.HitsOverflow;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Finds all personal data but that which only words give away, in one pass: vector compares turn
 * each block of 64 bytes into bit masks of digits, {@code '@'}, {@code ':'} and {@code '-'}; the
 * few places these mark as possible go to the scalar {@link RunCandidates}.
 *
 * <p>Linear in the text whatever it holds, and no allocation unless a phone number is plausible or
 * {@link Hits} grows. One instance per thread.
 */
public final class RunFinders {
  // Only compare and toLong are used: both have a direct instruction from SSE2 and NEON on.
  private static final VectorSpecies<Byte> SPECIES =
      ByteVector.SPECIES_PREFERRED.vectorBitSize() >= 128
          ? ByteVector.SPECIES_PREFERRED
          : ByteVector.SPECIES_128;

  private static final int BLOCK_BYTES = Long.SIZE;
  private static final int LANES = SPECIES.length();

  /** From hyphen to hyphen in a MAC address. */
  static final int HYPHENS_APART = 3;

  private final RunCandidates candidates = new RunCandidates();

  /**
   * Appends what {@code text[0, length)} holds to {@code out}; needs no padding after it.
   *
   * @throws HitsOverflow when {@code out} is full
   */
  public void scan(final byte[] text, final int length, final Hits out) {
    candidates.begin(text, length, out);
    try {
      final int whole = length & -BLOCK_BYTES;
      long digitBefore = 0;
      long hyphensBefore = 0;
      for (int base = 0; base < whole; base += BLOCK_BYTES) {
        long digits = 0;
        long marks = 0;
        long hyphens = 0;
        for (int lane = 0; lane < BLOCK_BYTES; lane += LANES) {
          final ByteVector v = ByteVector.fromArray(SPECIES, text, base + lane);
          // Signed compares: bytes from 0x80 on are negative and so no digits.
          digits |=
              (v.compare(VectorOperators.GT, (byte) ('0' - 1)).toLong()
                      & v.compare(VectorOperators.LT, (byte) ('9' + 1)).toLong())
                  << lane;
          marks |=
              (v.compare(VectorOperators.EQ, (byte) '@').toLong()
                      | v.compare(VectorOperators.EQ, (byte) ':').toLong())
                  << lane;
          hyphens |= v.compare(VectorOperators.EQ, (byte) '-').toLong() << lane;
        }
        // A hyphen three bytes after another may be the second one of a MAC address.
        marks |= hyphens & (hyphens << HYPHENS_APART | hyphensBefore);
        long places = digits & ~(digits << 1 | digitBefore) | marks;
        digitBefore = digits >>> (BLOCK_BYTES - 1);
        hyphensBefore = hyphens >>> (BLOCK_BYTES - HYPHENS_APART);
        while (places != 0) {
          candidates.at(base + Long.numberOfTrailingZeros(places));
          places &= places - 1;
        }
      }
      ScalarFinders.scan(candidates, text, whole, length);
    } finally {
      candidates.end();
    }
  }
}
