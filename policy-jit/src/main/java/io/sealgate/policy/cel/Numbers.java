package io.sealgate.policy.cel;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The operators {@code + - * / %}, on boxed values and, for generated code, on bare longs. */
public final class Numbers {
  private Numbers() {}

  /** Whether a sum leaves the range of int. */
  public static boolean addOverflows(long a, long b) {
    final long sum = a + b;
    return ((a ^ sum) & (b ^ sum)) < 0;
  }

  /** Whether a difference leaves the range of int. */
  public static boolean subtractOverflows(long a, long b) {
    final long difference = a - b;
    return ((a ^ b) & (a ^ difference)) < 0;
  }

  /** Whether a product leaves the range of int. */
  public static boolean multiplyOverflows(long a, long b) {
    return Math.multiplyHigh(a, b) != (a * b) >> 63;
  }

  /** Whether a quotient does not exist or leaves the range of int. */
  public static boolean divideFails(long a, long b) {
    return b == 0 || (a == Long.MIN_VALUE && b == -1);
  }

  /** Whether a remainder does not exist; the smallest int modulo -1 is 0, which is no overflow. */
  public static boolean moduloFails(long a, long b) {
    return b == 0;
  }

  /** Whether two longs are the same. */
  public static boolean same(long a, long b) {
    return a == b;
  }

  /** Whether a sorted set holds an element. */
  public static boolean contains(long[] sorted, long element) {
    return Arrays.binarySearch(sorted, element) >= 0;
  }

  /** {@code a + b} of numbers, texts, bytes, lists and times. */
  public static Object add(Object a, Object b) {
    return switch (a) {
      case Long x when b instanceof Long y -> addOverflows(x, y) ? CelError.ARITHMETIC : x + y;
      case Uint x when b instanceof Uint y -> {
        final long sum = x.bits() + y.bits();
        yield Long.compareUnsigned(sum, x.bits()) < 0 ? overflow() : new Uint(sum);
      }
      case Double x when b instanceof Double y -> x + y;
      case String x when b instanceof String y ->
          (long) x.length() + y.length() > Limits.SIZE_MAX ? tooLarge() : x.concat(y);
      case Bytes x when b instanceof Bytes y ->
          (long) x.array().length + y.array().length > Limits.SIZE_MAX ? tooLarge() : x.plus(y);
      case List<?> x when b instanceof List<?> y -> concatenate(x, y);
      case Duration x when b instanceof Duration y -> Times.duration(x.plus(y));
      case Instant x when b instanceof Duration y -> Times.instant(x.plus(y));
      case Duration x when b instanceof Instant y -> Times.instant(y.plus(x));
      default -> CelError.noOverload("_+_", a, b);
    };
  }

  private static Object concatenate(List<?> a, List<?> b) {
    if ((long) a.size() + b.size() > Limits.SIZE_MAX) {
      return tooLarge();
    }
    final List<Object> sum = new ArrayList<>(a.size() + b.size());
    sum.addAll(a);
    sum.addAll(b);
    return sum;
  }

  /** {@code a - b} of numbers and times. */
  public static Object subtract(Object a, Object b) {
    return switch (a) {
      case Long x when b instanceof Long y -> subtractOverflows(x, y) ? CelError.ARITHMETIC : x - y;
      case Uint x when b instanceof Uint y ->
          x.compareTo(y) < 0 ? overflow() : new Uint(x.bits() - y.bits());
      case Double x when b instanceof Double y -> x - y;
      case Duration x when b instanceof Duration y -> Times.duration(x.minus(y));
      case Instant x when b instanceof Duration y -> Times.instant(x.minus(y));
      case Instant x when b instanceof Instant y -> Times.duration(Duration.between(y, x));
      default -> CelError.noOverload("_-_", a, b);
    };
  }

  /** {@code a * b} of numbers. */
  public static Object multiply(Object a, Object b) {
    return switch (a) {
      case Long x when b instanceof Long y -> multiplyOverflows(x, y) ? CelError.ARITHMETIC : x * y;
      case Uint x when b instanceof Uint y ->
          Math.unsignedMultiplyHigh(x.bits(), y.bits()) != 0
              ? overflow()
              : new Uint(x.bits() * y.bits());
      case Double x when b instanceof Double y -> x * y;
      default -> CelError.noOverload("_*_", a, b);
    };
  }

  /** {@code a / b} of numbers. */
  public static Object divide(Object a, Object b) {
    return switch (a) {
      case Long x when b instanceof Long y -> divideFails(x, y) ? CelError.ARITHMETIC : x / y;
      case Uint x when b instanceof Uint y ->
          y.bits() == 0 ? CelError.ARITHMETIC : new Uint(Long.divideUnsigned(x.bits(), y.bits()));
      case Double x when b instanceof Double y -> x / y;
      default -> CelError.noOverload("_/_", a, b);
    };
  }

  /** {@code a % b} of ints and uints. */
  public static Object modulo(Object a, Object b) {
    return switch (a) {
      case Long x when b instanceof Long y -> moduloFails(x, y) ? CelError.ARITHMETIC : x % y;
      case Uint x when b instanceof Uint y ->
          y.bits() == 0
              ? CelError.ARITHMETIC
              : new Uint(Long.remainderUnsigned(x.bits(), y.bits()));
      default -> CelError.noOverload("_%_", a, b);
    };
  }

  /** {@code -a} of an int or double. */
  public static Object negate(Object a) {
    return switch (a) {
      case Long x -> x == Long.MIN_VALUE ? CelError.ARITHMETIC : -x;
      case Double x -> -x;
      default -> CelError.noOverload("-_", a);
    };
  }

  static CelError overflow() {
    return new CelError("uint arithmetic leaves the range of uint");
  }

  static CelError tooLarge() {
    return new CelError("a value grows beyond " + Limits.SIZE_MAX + " units");
  }

  /** The bits of an integral double from 2^63 up to 2^64. */
  static long unsignedBits(double d) {
    return new BigDecimal(d).toBigInteger().longValue();
  }

  /** Exact, for comparisons across types; the double is finite. */
  static BigDecimal exact(Object number) {
    return switch (number) {
      case Long x -> BigDecimal.valueOf(x);
      case Uint x -> new BigDecimal(new BigInteger(x.toString()));
      case Double x -> new BigDecimal(x);
      default -> throw new IllegalArgumentException("not a number");
    };
  }
}
