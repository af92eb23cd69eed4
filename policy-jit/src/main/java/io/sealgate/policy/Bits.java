package io.sealgate.policy;

import java.util.function.IntConsumer;

/** Bit sets as plain words, for reuse without allocation. */
final class Bits {
  private Bits() {}

  static int words(int bits) {
    return (bits + 63) >>> 6;
  }

  static void set(long[] words, int bit) {
    words[bit >>> 6] |= 1L << bit;
  }

  static boolean get(long[] words, int bit) {
    final int word = bit >>> 6;
    return bit >= 0 && word < words.length && (words[word] & (1L << bit)) != 0;
  }

  static void union(long[] into, long[] from) {
    for (int i = 0; i < from.length; i++) {
      into[i] |= from[i];
    }
  }

  static void forEach(long[] words, IntConsumer action) {
    for (int i = 0; i < words.length; i++) {
      for (long word = words[i]; word != 0; word &= word - 1) {
        action.accept((i << 6) + Long.numberOfTrailingZeros(word));
      }
    }
  }
}
