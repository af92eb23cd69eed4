package io.sealgate.policy;

import com.google.re2j.Pattern;
import io.sealgate.policy.Attribute.Type;
import java.util.Set;

/**
 * A checked condition in the compiler's own terms. Only {@link CelFrontEnd} makes these, so types
 * always fit. The only operations that can fail are int arithmetic: overflow and division by zero.
 */
sealed interface Expr {
  Type type();

  /** The literals, which a shape leaves open. */
  sealed interface Literal extends Expr {
    Object value();
  }

  record BoolLiteral(boolean truth) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  record IntLiteral(Long value) implements Literal {
    @Override
    public Type type() {
      return Type.INT;
    }
  }

  record DoubleLiteral(Double value) implements Literal {
    @Override
    public Type type() {
      return Type.DOUBLE;
    }
  }

  record StringLiteral(String value) implements Literal {
    @Override
    public Type type() {
      return Type.STRING;
    }
  }

  record Read(Attribute attribute) implements Expr {
    @Override
    public Type type() {
      return attribute.type;
    }
  }

  /** How often a finding type was found. */
  record FindingCount(Integer typeId) implements Expr {
    @Override
    public Type type() {
      return Type.INT;
    }
  }

  /** How many distinct finding types were found. */
  record LabelCount() implements Expr {
    @Override
    public Type type() {
      return Type.INT;
    }
  }

  record Not(Expr operand) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /** {@code &&} when conjunction, else {@code ||}; absorbs the other side's error as CEL says. */
  record Logic(boolean conjunction, Expr left, Expr right) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  record Conditional(Expr condition, Expr whenTrue, Expr whenFalse) implements Expr {
    @Override
    public Type type() {
      return whenTrue.type();
    }
  }

  enum CompareOp {
    EQ,
    NE,
    LT,
    LE,
    GT,
    GE
  }

  record Compare(CompareOp op, Expr left, Expr right) implements Expr {
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

  /** Whether evaluating this can end in an error. */
  static boolean canFail(Expr expr) {
    return switch (expr) {
      case BoolLiteral _, Literal _, Read _, FindingCount _, LabelCount _ -> false;
      case Arithmetic a -> a.type() == Type.INT || canFail(a.left()) || canFail(a.right());
      case Negate n -> n.type() == Type.INT || canFail(n.operand());
      case Not n -> canFail(n.operand());
      case Logic l -> canFail(l.left()) || canFail(l.right());
      case Conditional c ->
          canFail(c.condition()) || canFail(c.whenTrue()) || canFail(c.whenFalse());
      case Compare c -> canFail(c.left()) || canFail(c.right());
      case ToDouble d -> canFail(d.operand());
      case TextTest t -> canFail(t.text()) || canFail(t.part());
      case Matches m -> canFail(m.text());
      case Size s -> canFail(s.text());
      case InStrings i -> canFail(i.element());
      case InInts i -> canFail(i.element());
    };
  }
}
