package io.sealgate.policy.cel;

import io.sealgate.policy.cel.Expr.Compare;
import io.sealgate.policy.cel.Expr.Literal;
import io.sealgate.policy.cel.Expr.Read;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a condition demands of each input: intervals and sets where it compares with constants, the
 * rest of its conjuncts as they stand. Sound, not complete: what it says holds, what it does not
 * say may hold too. Immutable once made.
 */
public final class Constraints {
  private final Map<String, Range> ranges = new HashMap<>();
  private final List<Expr> others = new ArrayList<>();
  private boolean never;

  /** The values that an input may have; {@code allowed} is null if the interval alone tells. */
  private static final class Range {
    private long min = Long.MIN_VALUE;
    private long max = Long.MAX_VALUE;
    private Set<Object> allowed;
    private final Set<Object> excluded = new HashSet<>();

    private void only(Set<Object> values) {
      if (allowed == null) {
        allowed = new HashSet<>(values);
      } else {
        allowed.retainAll(values);
      }
    }

    private boolean holds(Object value) {
      return !excluded.contains(value)
          && (allowed == null || allowed.contains(value))
          && (!(value instanceof Long n) || n >= min && n <= max);
    }

    private boolean isEmpty() {
      return min > max || allowed != null && allowed.stream().noneMatch(this::holds);
    }

    private boolean isWithin(Range wider) {
      if (allowed != null) {
        return allowed.stream().filter(this::holds).allMatch(wider::holds);
      }
      return wider.allowed == null
          && min >= wider.min
          && max <= wider.max
          && wider.excluded.stream().noneMatch(this::holds);
    }
  }

  private Constraints() {}

  /** What a condition demands. */
  public static Constraints of(Shape condition) {
    final Constraints constraints = new Constraints();
    constraints.add(condition.expr());
    constraints.never |= constraints.ranges.values().stream().anyMatch(Range::isEmpty);
    for (final Expr other : constraints.others) {
      constraints.never |= isTotal(other) && constraints.others.contains(new Expr.Not(other));
    }
    return constraints;
  }

  private static boolean isTotal(Expr e) {
    return e.type() == Type.BOOL && !e.canFail();
  }

  /** Whether no call can fulfil it, nor make it fail. */
  public boolean isImpossible() {
    return never;
  }

  /** Whether evaluating it can end in an error, as far as this tells. */
  public boolean canFail() {
    return others.stream().anyMatch(other -> !isTotal(other));
  }

  /** Whether every call that fulfils this fulfils the other too. */
  public boolean implies(Constraints other) {
    for (final Map.Entry<String, Range> range : other.ranges.entrySet()) {
      final Range own = ranges.get(range.getKey());
      if (own == null || !own.isWithin(range.getValue())) {
        return false;
      }
    }
    return !other.never && others.containsAll(other.others);
  }

  private void add(Expr e) {
    switch (e) {
      case Expr.Logic logic when logic.conjunction() && logic.type() == Type.BOOL -> {
        add(logic.left());
        add(logic.right());
      }
      case Expr.BoolLiteral literal -> never |= !literal.truth();
      case Compare compare
          when compare.left() instanceof Read read && compare.right() instanceof Literal literal ->
          compare(compare, compare.op(), read, literal);
      case Compare compare
          when compare.right() instanceof Read read && compare.left() instanceof Literal literal ->
          compare(compare, compare.op().mirrored(), read, literal);
      case Expr.InStrings in when in.element() instanceof Read read ->
          range(read).only(new HashSet<>(in.set()));
      case Expr.InInts in when in.element() instanceof Read read -> {
        final Set<Object> values = new HashSet<>();
        for (final long value : in.set()) {
          values.add(value);
        }
        range(read).only(values);
      }
      default -> others.add(e);
    }
  }

  private void compare(Compare whole, Expr.CompareOp op, Read read, Literal literal) {
    if (literal.type() != Type.INT && literal.type() != Type.STRING
        || literal.type() != read.type()) {
      others.add(whole);
      return;
    }
    switch (op) {
      case EQ -> range(read).only(Set.of(literal.value()));
      case NE -> range(read).excluded.add(literal.value());
      default -> {
        if (literal.value() instanceof Long bound) {
          bound(range(read), op, bound);
        } else {
          others.add(whole);
        }
      }
    }
  }

  private static void bound(Range range, Expr.CompareOp op, long bound) {
    switch (op) {
      case LT, LE -> {
        if (op == Expr.CompareOp.LT && bound == Long.MIN_VALUE) {
          range.only(Set.of());
        } else {
          range.max = Math.min(range.max, op == Expr.CompareOp.LT ? bound - 1 : bound);
        }
      }
      case GT, GE -> {
        if (op == Expr.CompareOp.GT && bound == Long.MAX_VALUE) {
          range.only(Set.of());
        } else {
          range.min = Math.max(range.min, op == Expr.CompareOp.GT ? bound + 1 : bound);
        }
      }
      case EQ, NE -> throw new IllegalStateException("not an order");
    }
  }

  private Range range(Read read) {
    return ranges.computeIfAbsent(read.access().member() + " " + read.argument(), _ -> new Range());
  }
}
