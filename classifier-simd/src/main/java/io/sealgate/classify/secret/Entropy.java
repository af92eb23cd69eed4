package io.sealgate.classify.secret;

import io.sealgate.classify.finding.Reach;
import java.util.Arrays;

/**
 * Shannon entropy of the bytes of a token, in millionths of a bit a byte. In whole numbers, so that
 * it is the same on every machine. Not thread-safe.
 */
final class Entropy {
  private static final int BYTES_MAX = Reach.SPAN_BYTES_MAX;

  /** {@code n * log2(n)} in millionths. */
  private static final long[] N_LOG_N = nLogN();

  private final int[] counts = new int[256];

  private static long[] nLogN() {
    final var table = new long[BYTES_MAX + 1];
    for (int n = 2; n <= BYTES_MAX; n++) {
      table[n] = Math.round(n * (StrictMath.log(n) / StrictMath.log(2)) * 1_000_000);
    }
    return table;
  }

  /** Of {@code text[from, to)}, of which no more than 512 bytes count; 0 for no bytes. */
  int micros(final byte[] text, final int from, final int to) {
    final int bytes = Math.min(to - from, BYTES_MAX);
    if (bytes <= 0) {
      return 0;
    }
    Arrays.fill(counts, 0);
    for (int p = from; p < from + bytes; p++) {
      counts[text[p] & 0xFF]++;
    }
    long sum = 0;
    for (final int count : counts) {
      sum += N_LOG_N[count];
    }
    return (int) ((N_LOG_N[bytes] - sum) / bytes);
  }
}
