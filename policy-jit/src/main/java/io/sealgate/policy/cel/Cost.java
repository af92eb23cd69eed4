package io.sealgate.policy.cel;

import java.util.List;

/**
 * The static cost bound of an expression in elementary operations: what a loop's body costs counts
 * as often as the range can be long.
 */
final class Cost {
  /** Assumed bound of lists whose length is only known when the expression runs. */
  private static final long LIST_SIZE_MAX = 4_096;

  /** Operations that a walk over a text, list or map counts as. */
  private static final long WALK = 16;

  private Cost() {}

  /**
   * Refuses an expression beyond {@link Limits#COST_MAX}.
   *
   * @throws RefusedException names the sub-expression that costs
   */
  static void check(Expr expr) throws RefusedException {
    final long cost = of(expr);
    if (cost > Limits.COST_MAX) {
      throw new RefusedException(
          "it costs up to "
              + cost
              + " operations, more than "
              + Limits.COST_MAX
              + ", most of them in "
              + describe(dearest(expr)),
          "nest fewer macros");
    }
  }

  /** A static bound. */
  static long of(Expr e) {
    if (e instanceof Expr.Quantifier q) {
      final long once = saturated(of(q.predicate()) + 1);
      return saturated(of(q.range()) + saturatedProduct(size(q.range()), once));
    }
    if (e instanceof Expr.Loop l) {
      final long once = saturated(of(l.condition()) + of(l.step()) + 1);
      return saturated(
          of(l.range()) + of(l.init()) + of(l.result()) + saturatedProduct(size(l.range()), once));
    }
    long cost =
        switch (e) {
          case Expr.Call _, Expr.TextTest _, Expr.Size _ -> WALK;
          case Expr.Matches _ -> WALK * WALK;
          default -> 1;
        };
    for (final Expr operand : e.operands()) {
      cost = saturated(cost + of(operand));
    }
    return cost;
  }

  private static long size(Expr range) {
    return switch (range) {
      case Expr.Literal l when l.value() instanceof List<?> list -> list.size();
      case Expr.Literal l when l.value() instanceof CelMap map -> map.size();
      case Expr.Make m -> m.map() ? m.parts().size() / 2 : m.parts().size();
      case Expr.Loop l -> size(l.range());
      default -> LIST_SIZE_MAX;
    };
  }

  private static Expr dearest(Expr e) {
    Expr dearest = e;
    while (body(dearest) == null && !dearest.operands().isEmpty()) {
      Expr most = dearest.operands().getFirst();
      for (final Expr operand : dearest.operands()) {
        most = of(operand) > of(most) ? operand : most;
      }
      dearest = most;
    }
    return dearest;
  }

  private static String describe(Expr e) {
    if (body(e) == null) {
      return "its operators";
    }
    int depth = 1;
    for (Expr inner = dearest(body(e)); body(inner) != null; inner = dearest(body(inner))) {
      depth++;
    }
    final Expr range = e.operands().getFirst();
    return "a macro over up to " + size(range) + " elements, " + depth + " deep";
  }

  /** What runs for each element; null if it is no loop. */
  private static Expr body(Expr e) {
    return switch (e) {
      case Expr.Loop l -> l.step();
      case Expr.Quantifier q -> q.predicate();
      default -> null;
    };
  }

  private static long saturated(long cost) {
    return cost < 0 ? Long.MAX_VALUE / 4 : Math.min(cost, Long.MAX_VALUE / 4);
  }

  private static long saturatedProduct(long a, long b) {
    return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE / 4 : saturated(a * b);
  }
}
