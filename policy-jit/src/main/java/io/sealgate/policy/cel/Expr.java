package io.sealgate.policy.cel;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Set;

/**
 * An expression in the compiler's own terms. Only {@link Translator} makes these, so types always
 * fit. Those of type {@link Type#VALUE} carry errors as values; the bare ones jump on an error.
 */
public sealed interface Expr {
  /** How generated code holds the value. */
  Type type();

  /** A bool literal, which is part of the shape. */
  record BoolLiteral(boolean truth) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /** An int, double or string literal, or as VALUE any other constant; a shape leaves it open. */
  record Literal(Type type, Object value) implements Expr {}

  /**
   * An input.
   *
   * @param argument what the access's method takes, a literal to the shape; null if it takes none
   */
  record Read(Type type, Access access, Object argument) implements Expr {}

  /** A variable of a comprehension. */
  record Local(Variable variable) implements Expr {
    @Override
    public Type type() {
      return Type.VALUE;
    }
  }

  /** The identity of a comprehension's variable. */
  final class Variable {}

  /** A bare value of a boxed one; an error or a value of another type fails. */
  record Unbox(Type type, Expr operand) implements Expr {}

  record Not(Expr operand) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /** {@code &&} when conjunction, else {@code ||}; absorbs the other side's error as CEL says. */
  record Logic(Type type, boolean conjunction, Expr left, Expr right) implements Expr {}

  record Conditional(Type type, Expr condition, Expr whenTrue, Expr whenFalse) implements Expr {}

  enum CompareOp {
    EQ,
    NE,
    LT,
    LE,
    GT,
    GE;

    /** What holds with the sides exchanged. */
    CompareOp mirrored() {
      return switch (this) {
        case LT -> GT;
        case LE -> GE;
        case GT -> LT;
        case GE -> LE;
        case EQ, NE -> this;
      };
    }
  }

  /** Of two bare values of one type. */
  record Compare(CompareOp op, Expr left, Expr right) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /**
   * Of a boxed value, whose type only the running program knows, with a bare int, double or string.
   */
  record CompareBoxed(CompareOp op, Expr boxed, Expr bare) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  enum ArithmeticOp {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MODULO
  }

  /** On ints all may fail, on doubles none does (and there is no modulo). */
  record Arithmetic(ArithmeticOp op, Expr left, Expr right) implements Expr {
    @Override
    public Type type() {
      return left.type();
    }
  }

  record Negate(Expr operand) implements Expr {
    @Override
    public Type type() {
      return operand.type();
    }
  }

  record ToDouble(Expr operand) implements Expr {
    @Override
    public Type type() {
      return Type.DOUBLE;
    }
  }

  enum TextTestOp {
    STARTS_WITH("startsWith"),
    ENDS_WITH("endsWith"),
    CONTAINS("contains");

    final String method;

    TextTestOp(String method) {
      this.method = method;
    }
  }

  record TextTest(TextTestOp op, Expr text, Expr part) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  record Matches(Expr text, Pattern pattern) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /** Length in code points. */
  record Size(Expr text) implements Expr {
    @Override
    public Type type() {
      return Type.INT;
    }
  }

  record InStrings(Expr element, Set<String> set) implements Expr {
    /** Up to so many texts are compared one by one. */
    private static final int FEW = 4;

    /** Up to so many, in shapes of their own. */
    private static final int SOME = 8;

    /** How many comparisons take the place of a look-up; 0 if they would be too many. */
    int few() {
      return set.size() <= FEW ? FEW : set.size() <= SOME ? SOME : 0;
    }

    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /** Whether a bare text is in a boxed list or among the keys of a boxed map. */
  record InBoxed(Expr element, Expr container) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /** The set is sorted. */
  record InInts(Expr element, long[] set) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /** A function of boxed values. */
  record Call(Functions.Function function, List<Expr> args) implements Expr {
    @Override
    public Type type() {
      return Type.VALUE;
    }
  }

  /** A map's field: has(), or its value. */
  record Select(Expr operand, String field, boolean test) implements Expr {
    @Override
    public Type type() {
      return Type.VALUE;
    }
  }

  /**
   * A list, or a map of keys and values in turn.
   *
   * @param optional for each element or entry {@code ?} if it is optional; empty if none is
   */
  record Make(boolean map, List<Expr> parts, String optional) implements Expr {
    @Override
    public Type type() {
      return Type.VALUE;
    }
  }

  /**
   * A loop with an accumulator.
   *
   * @param second the second variable, null if there is one only
   */
  record Loop(
      Expr range,
      Variable first,
      Variable second,
      Variable accumulator,
      Expr init,
      Expr condition,
      Expr step,
      Expr result)
      implements Expr {
    @Override
    public Type type() {
      return Type.VALUE;
    }
  }

  /**
   * Whether a predicate holds for all elements of a list, or for any. The element that decides wins
   * over errors of others.
   *
   * @param range boxed; by the type-check a list or an error
   * @param predicate a bare bool
   */
  record Quantifier(boolean all, Expr range, Variable element, Expr predicate) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /** A variable with a value. */
  record Bind(Variable variable, Expr init, Expr body) implements Expr {
    @Override
    public Type type() {
      return Type.VALUE;
    }
  }

  /** The operands that are evaluated, in order; a loop's once each. */
  default List<Expr> operands() {
    return switch (this) {
      case BoolLiteral _, Literal _, Read _, Local _ -> List.of();
      case Unbox u -> List.of(u.operand);
      case Not n -> List.of(n.operand);
      case Logic l -> List.of(l.left, l.right);
      case Conditional c -> List.of(c.condition, c.whenTrue, c.whenFalse);
      case Compare c -> List.of(c.left, c.right);
      case CompareBoxed c -> List.of(c.boxed, c.bare);
      case InBoxed i -> List.of(i.element, i.container);
      case Quantifier q -> List.of(q.range, q.predicate);
      case Arithmetic a -> List.of(a.left, a.right);
      case Negate n -> List.of(n.operand);
      case ToDouble d -> List.of(d.operand);
      case TextTest t -> List.of(t.text, t.part);
      case Matches m -> List.of(m.text);
      case Size s -> List.of(s.text);
      case InStrings i -> List.of(i.element);
      case InInts i -> List.of(i.element);
      case Call c -> c.args;
      case Select s -> List.of(s.operand);
      case Make m -> m.parts;
      case Loop l -> List.of(l.range, l.init, l.condition, l.step, l.result);
      case Bind b -> List.of(b.init, b.body);
    };
  }

  /** Whether evaluating a bare value can end in an error. */
  default boolean canFail() {
    return switch (this) {
      case Unbox _, CompareBoxed _, InBoxed _, Quantifier _ -> true;
      case Arithmetic a when a.type() == Type.INT -> true;
      case Negate n when n.type() == Type.INT -> true;
      default -> operands().stream().anyMatch(Expr::canFail);
    };
  }
}
