package io.sealgate.policy.cel;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Equality and order: numbers by value whatever their types, texts by code point. */
public final class Comparison {
  /** What {@link #order} answers for NaN, which has no order with anything. */
  private static final int UNORDERED = 2;

  /** What {@link #order} answers for values of types that have no order. */
  private static final int NO_OVERLOAD = 3;

  private static final int EQ = Expr.CompareOp.EQ.ordinal();
  private static final int NE = Expr.CompareOp.NE.ordinal();
  private static final int LT = Expr.CompareOp.LT.ordinal();
  private static final int LE = Expr.CompareOp.LE.ordinal();
  private static final int GT = Expr.CompareOp.GT.ordinal();

  private Comparison() {}

  /** {@code a == b}. */
  public static Object equal(Object a, Object b) {
    if (a instanceof CelError || b instanceof CelError) {
      return a instanceof CelError ? a : b;
    }
    return equals(a, b) ? Boolean.TRUE : Boolean.FALSE;
  }

  /** {@code a != b}. */
  public static Object notEqual(Object a, Object b) {
    if (a instanceof CelError || b instanceof CelError) {
      return a instanceof CelError ? a : b;
    }
    return equals(a, b) ? Boolean.FALSE : Boolean.TRUE;
  }

  /** {@code a < b}. */
  public static Object less(Object a, Object b) {
    final int order = order(a, b);
    return order == NO_OVERLOAD ? CelError.noOverload("_<_", a, b) : bool(order < 0);
  }

  /** {@code a <= b}. */
  public static Object lessOrEqual(Object a, Object b) {
    final int order = order(a, b);
    return order == NO_OVERLOAD ? CelError.noOverload("_<=_", a, b) : bool(order <= 0);
  }

  /** {@code a > b}. */
  public static Object greater(Object a, Object b) {
    final int order = order(a, b);
    return order == NO_OVERLOAD ? CelError.noOverload("_>_", a, b) : bool(order == 1);
  }

  /** {@code a >= b}. */
  public static Object greaterOrEqual(Object a, Object b) {
    final int order = order(a, b);
    return order == NO_OVERLOAD
        ? CelError.noOverload("_>=_", a, b)
        : bool(order == 0 || order == 1);
  }

  // For generated code, which knows one side: whether the comparison holds, by Target's values.

  /** {@code a op b}. */
  public static int test(Object a, long b, int op) {
    return a instanceof Long x ? holds(Long.compare(x, b), op) : test(a, (Object) b, op);
  }

  /** {@code a op b}. */
  public static int test(Object a, double b, int op) {
    return test(a, (Object) b, op);
  }

  /** {@code a op b}. */
  public static int test(Object a, String b, int op) {
    return a instanceof String x && op <= NE
        ? x.equals(b) == (op == EQ) ? Target.TRUE : Target.FALSE
        : test(a, (Object) b, op);
  }

  private static int test(Object a, Object b, int op) {
    if (a instanceof CelError) {
      return Target.ERROR;
    }
    if (op <= NE) {
      return equals(a, b) == (op == EQ) ? Target.TRUE : Target.FALSE;
    }
    final int order = order(a, b);
    return order == NO_OVERLOAD ? Target.ERROR : holds(order, op);
  }

  private static int holds(int order, int op) {
    final boolean holds;
    if (op <= NE) {
      holds = (order == 0) == (op == EQ);
    } else if (op == LT || op == LE) {
      holds = order < 0 || op == LE && order == 0;
    } else {
      holds = order == 1 || op != GT && order == 0;
    }
    return holds ? Target.TRUE : Target.FALSE;
  }

  private static Boolean bool(boolean truth) {
    return truth ? Boolean.TRUE : Boolean.FALSE;
  }

  static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof Uint || value instanceof Double;
  }

  /** Of two values, neither an error. NaN equals nothing, wherever it is. */
  static boolean equals(Object a, Object b) {
    return switch (a) {
      case Long x when b instanceof Long y -> x.longValue() == y.longValue();
      case Double x when b instanceof Double y -> x.doubleValue() == y.doubleValue();
      case Object x when isNumber(x) -> isNumber(b) && order(x, b) == 0;
      case List<?> x -> b instanceof List<?> y && listsEqual(x, y);
      case CelMap x -> b instanceof CelMap y && mapsEqual(x, y);
      case Optional<?> x ->
          b instanceof Optional<?> y
              && x.isPresent() == y.isPresent()
              && (x.isEmpty() || equals(x.get(), y.get()));
      default -> a.equals(b);
    };
  }

  private static boolean listsEqual(List<?> a, List<?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equals(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean mapsEqual(CelMap a, CelMap b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (final CelMap.Entry entry : a.entries()) {
      final Object other = b.get(entry.key());
      if (other == null || !equals(entry.value(), other)) {
        return false;
      }
    }
    return true;
  }

  /** -1, 0, 1, {@link #UNORDERED} or {@link #NO_OVERLOAD}. */
  private static int order(Object a, Object b) {
    return switch (a) {
      case Long x when b instanceof Long y -> Long.compare(x, y);
      case Uint x when b instanceof Uint y -> Integer.signum(x.compareTo(y));
      case Object x when isNumber(x) && isNumber(b) -> numberOrder(x, b);
      case String x when b instanceof String y -> textOrder(x, y);
      case Bytes x when b instanceof Bytes y -> Integer.signum(x.compareTo(y));
      case Boolean x when b instanceof Boolean y -> x.compareTo(y);
      case Instant x when b instanceof Instant y -> Integer.signum(x.compareTo(y));
      case Duration x when b instanceof Duration y -> Integer.signum(x.compareTo(y));
      default -> NO_OVERLOAD;
    };
  }

  /** An int or uint beside a double counts as the double next to it, as in other runtimes. */
  private static int numberOrder(Object a, Object b) {
    if (a instanceof Double || b instanceof Double) {
      final double x = asDouble(a);
      final double y = asDouble(b);
      return x < y ? -1 : x > y ? 1 : x == y ? 0 : UNORDERED;
    }
    return Numbers.exact(a).compareTo(Numbers.exact(b));
  }

  private static double asDouble(Object number) {
    return switch (number) {
      case Double d -> d;
      case Uint u -> u.toDouble();
      default -> ((Long) number).doubleValue();
    };
  }

  /** By code point, where the units of Java's own order would put U+10000 before U+E000. */
  static int textOrder(String a, String b) {
    final int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      final char x = a.charAt(i);
      final char y = b.charAt(i);
      if (x != y) {
        if (Character.isSurrogate(x) != Character.isSurrogate(y)) {
          return Character.isSurrogate(x) ? 1 : -1;
        }
        return x < y ? -1 : 1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /**
   * The order of two values for sorting and for least and greatest.
   *
   * @return null if they have none
   */
  static Integer sortOrder(Object a, Object b) {
    final int order = order(a, b);
    return order == NO_OVERLOAD || order == UNORDERED ? null : order;
  }
}
