package io.sealgate.classify;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Finds e-mail addresses, cards, IBANs, SSNs, IP addresses and phone numbers in one pass: vector
 * compares turn each block of 64 bytes into bit masks of digits, {@code '@'} and {@code ':'}; the
 * few places these mark as possible go to the scalar {@link RunCandidates}.
 *
 * <p>Linear in the text whatever it holds, and no allocation unless a phone number is plausible or
 * {@link Hits} grows. One instance per thread.
 */
final class RunFinders {
  // Only compare and toLong are used: both have a direct instruction from SSE2 and NEON on.
  private static final VectorSpecies<Byte> SPECIES =
      ByteVector.SPECIES_PREFERRED.vectorBitSize() >= 256
          ? ByteVector.SPECIES_256
          : ByteVector.SPECIES_128;

  private static final int BLOCK_BYTES = Long.SIZE;
  private static final int LANES = SPECIES.length();

  private final RunCandidates candidates = new RunCandidates();

  /**
   * Appends what {@code text[0, length)} holds to {@code out}; needs no padding after it.
   *
   * @throws HitsOverflow when {@code out} is full
   */
  void scan(final byte[] text, final int length, final Hits out) {
    candidates.begin(text, length, out);
    try {
      final int whole = length & -BLOCK_BYTES;
      long digitBefore = 0;
      for (int base = 0; base < whole; base += BLOCK_BYTES) {
        long digits = 0;
        long marks = 0;
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
        }
        long places = digits & ~(digits << 1 | digitBefore) | marks;
        digitBefore = digits >>> (BLOCK_BYTES - 1);
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
