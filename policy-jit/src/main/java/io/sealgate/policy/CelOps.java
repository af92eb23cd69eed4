package io.sealgate.policy;

import com.google.re2j.Pattern;
import java.util.Arrays;

/** What generated code calls rather than contains. */
final class CelOps {
  private CelOps() {}

  static boolean addOverflows(long a, long b) {
    final long sum = a + b;
    return ((a ^ sum) & (b ^ sum)) < 0;
  }

  static boolean subtractOverflows(long a, long b) {
    final long difference = a - b;
    return ((a ^ b) & (a ^ difference)) < 0;
  }

  static boolean multiplyOverflows(long a, long b) {
    return Math.multiplyHigh(a, b) != (a * b) >> 63;
  }

  static boolean divideFails(long a, long b) {
    return b == 0 || (a == Long.MIN_VALUE && b == -1);
  }

  /** The smallest long modulo -1 is 0, which is no overflow. */
  static boolean moduloFails(long a, long b) {
    return b == 0;
  }

  static long codePoints(String text) {
    return text.codePointCount(0, text.length());
  }

  static boolean contains(long[] sorted, long element) {
    return Arrays.binarySearch(sorted, element) >= 0;
  }

  /** CEL's matches() is a search. The one operation that allocates: RE2 keeps state per search. */
  static boolean matches(Pattern pattern, String text) {
    return pattern.matcher(text).find();
  }
}
