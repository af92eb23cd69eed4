package io.sealgate.classify.check;

import java.util.Arrays;

/**
 * Keccak-256 as Ethereum uses it: the sponge of FIPS 202 with the padding of the first submission
 * (0x01). For inputs shorter than one block of 136 bytes. Not thread-safe; allocates nothing.
 */
final class Keccak256 {
  /** One byte less than the rate, since padding needs one. */
  static final int INPUT_BYTES_MAX = 135;

  private static final int ROUNDS = 24;
  private static final int RATE_BYTES = 136;
  private static final int LANES = 25;
  private static final int[] ROTATIONS = {
    1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44
  };
  private static final int[] LANE_ORDER = {
    10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1
  };
  private static final long[] ROUND_CONSTANTS = roundConstants();

  private final long[] state = new long[LANES];
  private final long[] parity = new long[5];

  /** FIPS 202, section 3.2.5: a bit from a linear feedback shift register at each 2^j - 1. */
  private static long[] roundConstants() {
    final long[] constants = new long[ROUNDS];
    int register = 1;
    for (int round = 0; round < ROUNDS; round++) {
      for (int j = 0; j < 7; j++) {
        if ((register & 1) != 0) {
          constants[round] |= 1L << ((1 << j) - 1);
        }
        register <<= 1;
        register ^= (register >> 8) * 0x171;
      }
    }
    return constants;
  }

  /**
   * The first eight bytes of the hash of {@code input[0, n)} per lane, four lanes; lane k holds the
   * bytes 8k to 8k + 7, lowest first.
   *
   * @return the state, valid until the next call
   */
  long[] hash(final byte[] input, final int n) {
    if (n > INPUT_BYTES_MAX) {
      throw new IllegalArgumentException("more than one block");
    }
    Arrays.fill(state, 0);
    for (int i = 0; i < n; i++) {
      xor(i, input[i]);
    }
    xor(n, 0x01);
    xor(RATE_BYTES - 1, 0x80);
    for (int round = 0; round < ROUNDS; round++) {
      permute(ROUND_CONSTANTS[round]);
    }
    return state;
  }

  private void xor(final int i, final int value) {
    state[i >> 3] ^= (value & 0xFFL) << (i % 8 * 8);
  }

  private void permute(final long constant) {
    for (int x = 0; x < 5; x++) {
      parity[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
    }
    for (int x = 0; x < 5; x++) {
      final long theta = parity[(x + 4) % 5] ^ Long.rotateLeft(parity[(x + 1) % 5], 1);
      for (int lane = x; lane < LANES; lane += 5) {
        state[lane] ^= theta;
      }
    }
    long moved = state[1];
    for (int i = 0; i < LANE_ORDER.length; i++) {
      final int lane = LANE_ORDER[i];
      final long next = state[lane];
      state[lane] = Long.rotateLeft(moved, ROTATIONS[i]);
      moved = next;
    }
    for (int row = 0; row < LANES; row += 5) {
      System.arraycopy(state, row, parity, 0, 5);
      for (int x = 0; x < 5; x++) {
        state[row + x] = parity[x] ^ (~parity[(x + 1) % 5] & parity[(x + 2) % 5]);
      }
    }
    state[0] ^= constant;
  }
}
