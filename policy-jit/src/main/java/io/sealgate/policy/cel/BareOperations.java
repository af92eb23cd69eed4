package io.sealgate.policy.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import io.sealgate.policy.cel.Expr.ArithmeticOp;
import io.sealgate.policy.cel.Expr.CompareOp;
import io.sealgate.policy.cel.Expr.TextTestOp;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Chooses operations on bare values where the type-check proves that the operands fit them. */
final class BareOperations {
  private static final Map<CelType, Type> BARE_TYPES =
      Map.of(
          SimpleType.BOOL,
          Type.BOOL,
          SimpleType.INT,
          Type.INT,
          SimpleType.DOUBLE,
          Type.DOUBLE,
          SimpleType.STRING,
          Type.STRING);

  private final Map<Long, CelType> types;

  /**
   * The choice for one tree.
   *
   * @param types by expression id; null if not checked
   */
  BareOperations(Map<Long, CelType> types) {
    this.types = types;
  }

  /** The operation on bare values, null if the operands are not all of types that it takes. */
  Expr choose(String function, List<CelExpr> args, List<Expr> operands) {
    return switch (function) {
      case "_&&_" -> logic(true, args, operands);
      case "_||_" -> logic(false, args, operands);
      case "_?_:_" -> conditional(args, operands);
      case "!_" -> {
        final Expr operand = bareOf(args.get(0), operands.get(0));
        yield operand != null && operand.type() == Type.BOOL ? new Expr.Not(operand) : null;
      }
      case "_==_" -> compare(CompareOp.EQ, args, operands);
      case "_!=_" -> compare(CompareOp.NE, args, operands);
      case "_<_" -> compare(CompareOp.LT, args, operands);
      case "_<=_" -> compare(CompareOp.LE, args, operands);
      case "_>_" -> compare(CompareOp.GT, args, operands);
      case "_>=_" -> compare(CompareOp.GE, args, operands);
      case "_+_" -> arithmetic(ArithmeticOp.ADD, args, operands);
      case "_-_" -> arithmetic(ArithmeticOp.SUBTRACT, args, operands);
      case "_*_" -> arithmetic(ArithmeticOp.MULTIPLY, args, operands);
      case "_/_" -> arithmetic(ArithmeticOp.DIVIDE, args, operands);
      case "_%_" -> arithmetic(ArithmeticOp.MODULO, args, operands);
      case "-_" -> {
        final Expr operand = operands.get(0);
        yield isNumber(operand.type()) ? new Expr.Negate(operand) : null;
      }
      case "double" ->
          operands.size() != 1
              ? null
              : switch (operands.get(0).type()) {
                case INT -> new Expr.ToDouble(operands.get(0));
                case DOUBLE -> operands.get(0);
                default -> null;
              };
      case "size" ->
          operands.size() == 1 && operands.get(0).type() == Type.STRING
              ? new Expr.Size(operands.get(0))
              : null;
      case "startsWith" -> textTest(TextTestOp.STARTS_WITH, args, operands);
      case "endsWith" -> textTest(TextTestOp.ENDS_WITH, args, operands);
      case "contains" -> textTest(TextTestOp.CONTAINS, args, operands);
      case "@in" -> in(args, operands);
      default -> null;
    };
  }

  /** A bare value of one that is or, by the type-check, will be; else null. */
  private Expr bareOf(CelExpr node, Expr operand) {
    if (operand.type() != Type.VALUE || types == null) {
      return operand.type() == Type.VALUE ? null : operand;
    }
    final CelType type = types.get(node.id());
    final Type bare = type == null ? null : BARE_TYPES.get(type);
    return bare == null ? null : unboxed(operand, bare);
  }

  /** Whether a value is, by the type-check, a list. */
  boolean isList(CelExpr node) {
    return types != null && types.get(node.id()) instanceof ListType;
  }

  /** Null if the operand is bare and of another type. */
  static Expr unboxed(Expr operand, Type type) {
    return operand.type() == Type.VALUE
        ? new Expr.Unbox(type, operand)
        : operand.type() == type ? operand : null;
  }

  private Expr logic(boolean conjunction, List<CelExpr> args, List<Expr> operands) {
    final Expr left = bareOf(args.get(0), operands.get(0));
    final Expr right = bareOf(args.get(1), operands.get(1));
    return left == null || right == null || left.type() != Type.BOOL || right.type() != Type.BOOL
        ? new Expr.Logic(Type.VALUE, conjunction, operands.get(0), operands.get(1))
        : new Expr.Logic(Type.BOOL, conjunction, left, right);
  }

  private Expr conditional(List<CelExpr> args, List<Expr> operands) {
    final Expr bareCondition = bareOf(args.get(0), operands.get(0));
    final Expr condition = bareCondition == null ? operands.get(0) : bareCondition;
    final Expr whenTrue = operands.get(1);
    final Expr whenFalse = operands.get(2);
    final boolean bare =
        condition.type() == Type.BOOL
            && whenTrue.type() != Type.VALUE
            && whenTrue.type() == whenFalse.type();
    return condition.type() == Type.BOOL || condition.type() == Type.VALUE
        ? new Expr.Conditional(bare ? whenTrue.type() : Type.VALUE, condition, whenTrue, whenFalse)
        : new Expr.Literal(Type.VALUE, CelError.NOT_BOOL);
  }

  private static boolean isNumber(Type type) {
    return type == Type.INT || type == Type.DOUBLE;
  }

  private Expr compare(CompareOp op, List<CelExpr> args, List<Expr> operands) {
    final Expr[] pair = pair(args, operands);
    final boolean equality = op == CompareOp.EQ || op == CompareOp.NE;
    if (pair != null && (equality || isNumber(pair[0].type()))) {
      return new Expr.Compare(op, pair[0], pair[1]);
    }
    final Expr left = operands.get(0);
    final Expr right = operands.get(1);
    if (left.type() == Type.VALUE && isNumberOrText(right.type())) {
      return new Expr.CompareBoxed(op, left, right);
    }
    return right.type() == Type.VALUE && isNumberOrText(left.type())
        ? new Expr.CompareBoxed(op.mirrored(), right, left)
        : null;
  }

  private static boolean isNumberOrText(Type type) {
    return isNumber(type) || type == Type.STRING;
  }

  private Expr arithmetic(ArithmeticOp op, List<CelExpr> args, List<Expr> operands) {
    final Expr[] pair = pair(args, operands);
    return pair != null
            && isNumber(pair[0].type())
            && !(op == ArithmeticOp.MODULO && pair[0].type() == Type.DOUBLE)
        ? new Expr.Arithmetic(op, pair[0], pair[1])
        : null;
  }

  /** Two bare values of one type, at least one of which is bare by itself; else null. */
  private Expr[] pair(List<CelExpr> args, List<Expr> operands) {
    if (operands.get(0).type() == Type.VALUE && operands.get(1).type() == Type.VALUE) {
      return null;
    }
    final Expr left = bareOf(args.get(0), operands.get(0));
    final Expr right = bareOf(args.get(1), operands.get(1));
    return left != null && right != null && left.type() == right.type()
        ? new Expr[] {left, right}
        : null;
  }

  private Expr textTest(TextTestOp op, List<CelExpr> args, List<Expr> operands) {
    if (operands.size() != 2) {
      return null;
    }
    final Expr[] pair = pair(args, operands);
    return pair != null && pair[0].type() == Type.STRING
        ? new Expr.TextTest(op, pair[0], pair[1])
        : null;
  }

  private Expr in(List<CelExpr> args, List<Expr> operands) {
    if (!(operands.get(1) instanceof Expr.Literal list) || !(list.value() instanceof List<?> l)) {
      return operands.get(0).type() == Type.STRING && operands.get(1).type() == Type.VALUE
          ? new Expr.InBoxed(operands.get(0), operands.get(1))
          : null;
    }
    final Expr element = bareOf(args.get(0), operands.get(0));
    if (element == null || l.isEmpty()) {
      return null;
    }
    if (element.type() == Type.STRING && l.stream().allMatch(String.class::isInstance)) {
      final Set<String> set = new HashSet<>();
      l.forEach(e -> set.add((String) e));
      return new Expr.InStrings(element, Set.copyOf(set));
    }
    if (element.type() == Type.INT && l.stream().allMatch(Long.class::isInstance)) {
      final long[] set = l.stream().mapToLong(e -> (Long) e).toArray();
      Arrays.sort(set);
      return new Expr.InInts(element, set);
    }
    return null;
  }
}
