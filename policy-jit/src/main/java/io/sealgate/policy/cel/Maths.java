package io.sealgate.policy.cel;

import java.util.List;

/** The functions of {@code math}. */
public final class Maths {
  private Maths() {}

  /** {@code math.greatest} of one number or of a list. */
  public static Object greatest(Object value) {
    return value instanceof List<?> list ? extreme("math.greatest", list, 1) : one(value);
  }

  /** {@code math.greatest} of two. */
  public static Object greatest(Object a, Object b) {
    return extreme("math.greatest", a, b, 1);
  }

  /** {@code math.least} of one number or of a list. */
  public static Object least(Object value) {
    return value instanceof List<?> list ? extreme("math.least", list, -1) : one(value);
  }

  /** {@code math.least} of two. */
  public static Object least(Object a, Object b) {
    return extreme("math.least", a, b, -1);
  }

  private static Object one(Object value) {
    return Comparison.isNumber(value) ? value : CelError.noOverload("math.greatest", value);
  }

  private static Object extreme(String function, List<?> list, int sign) {
    if (list.isEmpty()) {
      return new CelError(function + "() of an empty list");
    }
    Object best = one(list.getFirst());
    for (int i = 1; i < list.size() && !(best instanceof CelError); i++) {
      best = extreme(function, best, list.get(i), sign);
    }
    return best;
  }

  private static Object extreme(String function, Object a, Object b, int sign) {
    if (!Comparison.isNumber(a) || !Comparison.isNumber(b)) {
      return CelError.noOverload(function, a, b);
    }
    final Integer order = Comparison.sortOrder(a, b);
    if (order == null) {
      return CelError.unspecified(function + "() of NaN");
    }
    return order * sign >= 0 ? a : b;
  }

  /** {@code math.ceil}. */
  public static Object ceil(Object value) {
    return value instanceof Double d ? Math.ceil(d) : CelError.noOverload("math.ceil", value);
  }

  /** {@code math.floor}. */
  public static Object floor(Object value) {
    return value instanceof Double d ? Math.floor(d) : CelError.noOverload("math.floor", value);
  }

  /** {@code math.round}: halves away from zero. */
  public static Object round(Object value) {
    if (!(value instanceof Double d)) {
      return CelError.noOverload("math.round", value);
    }
    final double size = Math.abs(d);
    final double whole = Math.floor(size);
    return Math.copySign(size - whole >= 0.5 ? whole + 1 : whole, d);
  }

  /** {@code math.trunc}. */
  public static Object trunc(Object value) {
    return value instanceof Double d
        ? (Object) (d < 0 || 1 / d < 0 ? Math.ceil(d) : Math.floor(d))
        : CelError.noOverload("math.trunc", value);
  }

  /** {@code math.isNaN}. */
  public static Object isNaN(Object value) {
    return value instanceof Double d
        ? (Object) d.isNaN()
        : CelError.noOverload("math.isNaN", value);
  }

  /** {@code math.isInf}. */
  public static Object isInf(Object value) {
    return value instanceof Double d
        ? (Object) d.isInfinite()
        : CelError.noOverload("math.isInf", value);
  }

  /** {@code math.isFinite}. */
  public static Object isFinite(Object value) {
    return value instanceof Double d
        ? (Object) Double.isFinite(d)
        : CelError.noOverload("math.isFinite", value);
  }

  /** {@code math.abs}. */
  public static Object abs(Object value) {
    return switch (value) {
      case Long i -> i == Long.MIN_VALUE ? CelError.ARITHMETIC : Math.abs(i);
      case Uint u -> u;
      case Double d -> Math.abs(d);
      default -> CelError.noOverload("math.abs", value);
    };
  }

  /** {@code math.sign}. */
  public static Object sign(Object value) {
    return switch (value) {
      case Long i -> (long) Long.signum(i);
      case Uint u -> new Uint(u.bits() == 0 ? 0 : 1);
      case Double d -> Math.signum(d);
      default -> CelError.noOverload("math.sign", value);
    };
  }

  /** {@code math.sqrt}. */
  public static Object sqrt(Object value) {
    return Comparison.isNumber(value) && Conversions.toDouble(value) instanceof Double d
        ? Math.sqrt(d)
        : CelError.noOverload("math.sqrt", value);
  }

  /** {@code math.bitAnd}. */
  public static Object bitAnd(Object a, Object b) {
    return switch (a) {
      case Long x when b instanceof Long y -> x & y;
      case Uint x when b instanceof Uint y -> new Uint(x.bits() & y.bits());
      default -> CelError.noOverload("math.bitAnd", a, b);
    };
  }

  /** {@code math.bitOr}. */
  public static Object bitOr(Object a, Object b) {
    return switch (a) {
      case Long x when b instanceof Long y -> x | y;
      case Uint x when b instanceof Uint y -> new Uint(x.bits() | y.bits());
      default -> CelError.noOverload("math.bitOr", a, b);
    };
  }

  /** {@code math.bitXor}. */
  public static Object bitXor(Object a, Object b) {
    return switch (a) {
      case Long x when b instanceof Long y -> x ^ y;
      case Uint x when b instanceof Uint y -> new Uint(x.bits() ^ y.bits());
      default -> CelError.noOverload("math.bitXor", a, b);
    };
  }

  /** {@code math.bitNot}. */
  public static Object bitNot(Object a) {
    return switch (a) {
      case Long x -> ~x;
      case Uint x -> new Uint(~x.bits());
      default -> CelError.noOverload("math.bitNot", a);
    };
  }

  /** {@code math.bitShiftLeft}: 64 places or more leave nothing. */
  public static Object bitShiftLeft(Object a, Object b) {
    return shift("math.bitShiftLeft", a, b, true);
  }

  /** {@code math.bitShiftRight}: zeros come in, for ints too. */
  public static Object bitShiftRight(Object a, Object b) {
    return shift("math.bitShiftRight", a, b, false);
  }

  private static Object shift(String function, Object a, Object b, boolean left) {
    if (!(b instanceof Long places) || !(a instanceof Long || a instanceof Uint)) {
      return CelError.noOverload(function, a, b);
    }
    if (places < 0) {
      return new CelError(function + "() by a negative number of places");
    }
    final long bits = a instanceof Uint u ? u.bits() : (Long) a;
    final long shifted = places >= 64 ? 0 : left ? bits << places : bits >>> places;
    return a instanceof Uint ? new Uint(shifted) : (Object) shifted;
  }
}
