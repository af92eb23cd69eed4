package io.sealgate.policy.cel;

import static java.lang.constant.ConstantDescs.CD_List;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import io.sealgate.policy.cel.Shape.SlotKind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * Writes the code of bare values.
 *
 * <p>Logic becomes jumps with three targets: true, false and error. A value is pushed straight onto
 * the stack if nothing in it can jump, and computed into a local variable beforehand if it can; so
 * the stack is as high wherever a jump lands as it was at the start.
 */
final class BareCode {
  private static final ClassDesc NUMBERS = Numbers.class.describeConstable().orElseThrow();
  private static final ClassDesc COMPARISON = Comparison.class.describeConstable().orElseThrow();
  private static final ClassDesc CONTAINERS = Containers.class.describeConstable().orElseThrow();
  private static final ClassDesc TEXTS = Texts.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc LONGS_TO_BOOL =
      MethodTypeDesc.of(CD_boolean, CD_long, CD_long);

  private final MethodCode method;
  private final CodeBuilder code;

  BareCode(MethodCode method) {
    this.method = method;
    this.code = method.code();
  }

  /** Emits a bool as jumps. Control never falls through. */
  void jump(Expr e, Label whenTrue, Label whenFalse, Label whenError) {
    final int computed = method.computed(e);
    if (computed >= 0) {
      code.iload(computed).ifne(whenTrue).goto_(whenFalse);
      return;
    }
    switch (e) {
      case Expr.BoolLiteral b -> code.goto_(b.truth() ? whenTrue : whenFalse);
      case Expr.Not n -> jump(n.operand(), whenFalse, whenTrue, whenError);
      case Expr.Logic l -> {
        if (l.conjunction()) {
          logic(l, whenFalse, whenTrue, whenError);
        } else {
          logic(l, whenTrue, whenFalse, whenError);
        }
      }
      case Expr.Conditional c -> {
        final Label first = code.newLabel();
        final Label second = code.newLabel();
        jump(c.condition(), first, second, whenError);
        code.labelBinding(first);
        jump(c.whenTrue(), whenTrue, whenFalse, whenError);
        code.labelBinding(second);
        jump(c.whenFalse(), whenTrue, whenFalse, whenError);
      }
      case Expr.Compare c -> compare(c, whenTrue, whenFalse, whenError);
      case Expr.CompareBoxed c -> {
        final Runnable bare = operand(c.bare(), whenError);
        final int value = boxed(c.boxed());
        code.aload(value);
        bare.run();
        code.loadConstant(c.op().ordinal());
        code.invokestatic(
            COMPARISON,
            "test",
            MethodTypeDesc.of(CD_int, CD_Object, c.bare().type().descriptor, CD_int));
        decided(value, whenTrue, whenFalse, whenError);
      }
      case Expr.InBoxed i -> {
        final Runnable element = operand(i.element(), whenError);
        final int container = boxed(i.container());
        element.run();
        code.aload(container)
            .invokestatic(CONTAINERS, "test", MethodTypeDesc.of(CD_int, CD_String, CD_Object));
        decided(container, whenTrue, whenFalse, whenError);
      }
      case Expr.Quantifier q -> quantifier(q, whenTrue, whenFalse, whenError);
      case Expr.InStrings in when in.few() > 0 -> {
        method.jumpIfOneOf(in, operand(in.element(), whenError), whenTrue);
        code.goto_(whenFalse);
      }
      case Expr.Unbox u -> {
        final int value = boxed(u.operand());
        code.aload(value);
        method.invoke(Logic.class, "isTrue", CD_boolean, 1);
        code.ifne(whenTrue).aload(value);
        method.invoke(Logic.class, "isFalse", CD_boolean, 1);
        code.ifne(whenFalse);
        method.fail(value, whenError);
      }
      default -> {
        operand(e, whenError).run();
        code.ifne(whenTrue).goto_(whenFalse);
      }
    }
  }

  /** Computes a boxed value into a local variable. */
  private int boxed(Expr e) {
    method.boxed().push(e);
    final int local = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(local);
    return local;
  }

  /** Jumps by one of {@link Target}'s values on the stack, an error because of a boxed value. */
  private void decided(int value, Label whenTrue, Label whenFalse, Label whenError) {
    final int truth = code.allocateLocal(TypeKind.INT);
    code.istore(truth).iload(truth).ifeq(whenFalse);
    code.iload(truth).loadConstant(Target.TRUE).if_icmpeq(whenTrue);
    method.fail(value, whenError);
  }

  private void quantifier(Expr.Quantifier q, Label whenTrue, Label whenFalse, Label whenError) {
    final int list = boxed(q.range());
    final int size = code.allocateLocal(TypeKind.INT);
    final int at = code.allocateLocal(TypeKind.INT);
    final int failed = code.allocateLocal(TypeKind.INT);
    final Label isList = code.newLabel();
    final Label next = code.newLabel();
    final Label tooMany = code.newLabel();
    final Label error = code.newLabel();
    final Label ended = code.newLabel();
    code.aload(list).instanceOf(CD_List).ifne(isList);
    method.fail(list, whenError);
    code.labelBinding(isList).aload(list).checkcast(CD_List);
    code.invokeinterface(CD_List, "size", MethodTypeDesc.of(CD_int)).istore(size);
    code.iconst_0().istore(at).iconst_0().istore(failed);
    code.labelBinding(next).iload(at).iload(size).if_icmpge(ended);
    code.iinc(method.iterations(), 1).iload(method.iterations());
    code.loadConstant(Limits.ITERATIONS_MAX).if_icmpgt(tooMany);
    code.aload(list).checkcast(CD_List).iload(at);
    code.invokeinterface(CD_List, "get", MethodTypeDesc.of(CD_Object, CD_int));
    code.astore(method.local(q.element())).iinc(at, 1);
    if (q.all()) {
      jump(q.predicate(), next, whenFalse, error);
    } else {
      jump(q.predicate(), whenTrue, next, error);
    }
    code.labelBinding(error).iconst_1().istore(failed).goto_(next);
    code.labelBinding(tooMany);
    method.failIterations(whenError);
    code.labelBinding(ended).iload(failed).ifne(whenError);
    code.goto_(q.all() ? whenTrue : whenFalse);
  }

  /**
   * A side that decides (false of &amp;&amp;, true of ||) wins over the other side's error,
   * whichever comes first; so after an error on the left the right side still runs.
   */
  private void logic(Expr.Logic l, Label decided, Label undecided, Label whenError) {
    final Label right = code.newLabel();
    if (!l.left().canFail()) {
      jumpLogicSide(l, l.left(), decided, right, whenError);
      code.labelBinding(right);
      jumpLogicSide(l, l.right(), decided, undecided, whenError);
      return;
    }
    final int failed = code.allocateLocal(TypeKind.INT);
    final Label leftError = code.newLabel();
    final Label bothRan = code.newLabel();
    code.iconst_0().istore(failed);
    jumpLogicSide(l, l.left(), decided, right, leftError);
    code.labelBinding(leftError).iconst_1().istore(failed);
    code.labelBinding(right);
    jumpLogicSide(l, l.right(), decided, bothRan, whenError);
    code.labelBinding(bothRan).iload(failed).ifne(whenError).goto_(undecided);
  }

  private void jumpLogicSide(
      Expr.Logic l, Expr side, Label decided, Label undecided, Label whenError) {
    if (l.conjunction()) {
      jump(side, undecided, decided, whenError);
    } else {
      jump(side, decided, undecided, whenError);
    }
  }

  private void compare(Expr.Compare c, Label whenTrue, Label whenFalse, Label whenError) {
    final Runnable left = operand(c.left(), whenError);
    final Runnable right = operand(c.right(), whenError);
    if (c.left().type() == Type.STRING) {
      texts(c, left, right);
      code.branch(c.op() == Expr.CompareOp.EQ ? Opcode.IFNE : Opcode.IFEQ, whenTrue);
      code.goto_(whenFalse);
      return;
    }
    left.run();
    right.run();
    switch (c.left().type()) {
      case BOOL ->
          code.branch(c.op() == Expr.CompareOp.EQ ? Opcode.IF_ICMPEQ : Opcode.IF_ICMPNE, whenTrue);
      case INT -> code.lcmp().branch(signBranch(c.op()), whenTrue);
      case DOUBLE -> {
        // NaN must fail every order and equality: it has to come out on the wrong side.
        if (c.op() == Expr.CompareOp.LT || c.op() == Expr.CompareOp.LE) {
          code.dcmpg();
        } else {
          code.dcmpl();
        }
        code.branch(signBranch(c.op()), whenTrue);
      }
      case STRING, VALUE -> throw new IllegalStateException("not compared here");
    }
    code.goto_(whenFalse);
  }

  /** Whether two texts are equal, on the stack; a literal comes last. */
  private void texts(Expr.Compare c, Runnable left, Runnable right) {
    if (c.left() instanceof Expr.Literal) {
      right.run();
      method.equal(c.left(), left);
    } else {
      left.run();
      method.equal(c.right(), right);
    }
  }

  private static Opcode signBranch(Expr.CompareOp op) {
    return switch (op) {
      case EQ -> Opcode.IFEQ;
      case NE -> Opcode.IFNE;
      case LT -> Opcode.IFLT;
      case LE -> Opcode.IFLE;
      case GT -> Opcode.IFGT;
      case GE -> Opcode.IFGE;
    };
  }

  /**
   * Makes a value ready.
   *
   * @return what pushes it; may be run more than once
   */
  Runnable operand(Expr e, Label whenError) {
    return switch (e) {
      case Expr.BoolLiteral b -> () -> code.loadConstant(b.truth() ? 1 : 0);
      case Expr.Literal _ -> () -> method.pushSlot(e);
      case Expr.Read r -> () -> method.read(r);
      case Expr.Unbox u -> u.type() == Type.BOOL ? truth(e, whenError) : unbox(u, whenError);
      case Expr.Not _,
          Expr.Logic _,
          Expr.Compare _,
          Expr.CompareBoxed _,
          Expr.InBoxed _,
          Expr.Quantifier _ ->
          truth(e, whenError);
      case Expr.Conditional c ->
          c.type() == Type.BOOL ? truth(e, whenError) : conditional(c, whenError);
      case Expr.Arithmetic a -> arithmetic(a, whenError);
      case Expr.Negate n -> negate(n, whenError);
      case Expr.ToDouble d -> then(operand(d.operand(), whenError), code::l2d);
      case Expr.Size s ->
          then(
              operand(s.text(), whenError),
              () -> code.invokestatic(TEXTS, "codePoints", MethodTypeDesc.of(CD_long, CD_String)));
      case Expr.TextTest t -> textTest(t, whenError);
      case Expr.Matches m ->
          slotThen(
              e,
              operand(m.text(), whenError),
              () ->
                  code.invokestatic(
                      TEXTS,
                      "matches",
                      MethodTypeDesc.of(CD_boolean, SlotKind.PATTERN.type, CD_String)));
      case Expr.InStrings i ->
          i.few() > 0
              ? truth(e, whenError)
              : slotThen(
                  e,
                  operand(i.element(), whenError),
                  () ->
                      code.invokestatic(
                          SlotKind.STRINGS.type,
                          "contains",
                          MethodTypeDesc.of(CD_boolean, SlotKind.STRINGS.type, CD_String)));
      case Expr.InInts i ->
          slotThen(
              e,
              operand(i.element(), whenError),
              () ->
                  code.invokestatic(
                      NUMBERS,
                      "contains",
                      MethodTypeDesc.of(CD_boolean, CD_long.arrayType(), CD_long)));
      default -> throw new IllegalStateException("not a bare value: " + e.getClass());
    };
  }

  private static Runnable then(Runnable first, Runnable second) {
    return () -> {
      first.run();
      second.run();
    };
  }

  private Runnable slotThen(Expr owner, Runnable operand, Runnable operation) {
    return () -> {
      method.pushSlot(owner);
      operand.run();
      operation.run();
    };
  }

  private Runnable textTest(Expr.TextTest t, Label whenError) {
    final Runnable text = operand(t.text(), whenError);
    final Runnable part = operand(t.part(), whenError);
    return () -> {
      text.run();
      method.textTest(t.op(), t.part(), part);
    };
  }

  private Runnable truth(Expr e, Label whenError) {
    final int local = store(e, whenError);
    return () -> code.iload(local);
  }

  /** Computes a bool that cannot fail into a local variable. */
  int store(Expr total) {
    final Label never = code.newLabel();
    final int local = store(total, never);
    code.labelBinding(never);
    return local;
  }

  private int store(Expr e, Label whenError) {
    final int local = code.allocateLocal(TypeKind.INT);
    final Label whenTrue = code.newLabel();
    final Label whenFalse = code.newLabel();
    final Label done = code.newLabel();
    jump(e, whenTrue, whenFalse, whenError);
    code.labelBinding(whenTrue).iconst_1().istore(local).goto_(done);
    code.labelBinding(whenFalse).iconst_0().istore(local);
    code.labelBinding(done);
    return local;
  }

  private Runnable conditional(Expr.Conditional c, Label whenError) {
    final TypeKind kind = c.type().kind();
    final int local = code.allocateLocal(kind);
    final Label first = code.newLabel();
    final Label second = code.newLabel();
    final Label done = code.newLabel();
    jump(c.condition(), first, second, whenError);
    code.labelBinding(first);
    operand(c.whenTrue(), whenError).run();
    code.storeLocal(kind, local).goto_(done);
    code.labelBinding(second);
    operand(c.whenFalse(), whenError).run();
    code.storeLocal(kind, local);
    code.labelBinding(done);
    return () -> code.loadLocal(kind, local);
  }

  private Runnable arithmetic(Expr.Arithmetic a, Label whenError) {
    final Runnable left = operand(a.left(), whenError);
    final Runnable right = operand(a.right(), whenError);
    if (a.type() == Type.DOUBLE) {
      return then(then(left, right), () -> doubleOperation(a.op()));
    }
    left.run();
    right.run();
    code.invokestatic(NUMBERS, failureCheck(a.op()), LONGS_TO_BOOL);
    method.failArithmeticIfTrue(whenError);
    left.run();
    right.run();
    switch (a.op()) {
      case ADD -> code.ladd();
      case SUBTRACT -> code.lsub();
      case MULTIPLY -> code.lmul();
      case DIVIDE -> code.ldiv();
      case MODULO -> code.lrem();
    }
    return stored(TypeKind.LONG);
  }

  private static String failureCheck(Expr.ArithmeticOp op) {
    return switch (op) {
      case ADD -> "addOverflows";
      case SUBTRACT -> "subtractOverflows";
      case MULTIPLY -> "multiplyOverflows";
      case DIVIDE -> "divideFails";
      case MODULO -> "moduloFails";
    };
  }

  private void doubleOperation(Expr.ArithmeticOp op) {
    switch (op) {
      case ADD -> code.dadd();
      case SUBTRACT -> code.dsub();
      case MULTIPLY -> code.dmul();
      case DIVIDE -> code.ddiv();
      case MODULO -> throw new IllegalStateException("the type checker has no double modulo");
    }
  }

  private Runnable negate(Expr.Negate n, Label whenError) {
    final Runnable operand = operand(n.operand(), whenError);
    if (n.type() == Type.DOUBLE) {
      return then(operand, code::dneg);
    }
    operand.run();
    code.loadConstant(Long.MIN_VALUE);
    code.invokestatic(NUMBERS, "same", LONGS_TO_BOOL);
    method.failArithmeticIfTrue(whenError);
    operand.run();
    code.lneg();
    return stored(TypeKind.LONG);
  }

  private Runnable stored(TypeKind kind) {
    final int local = code.allocateLocal(kind);
    code.storeLocal(kind, local);
    return () -> code.loadLocal(kind, local);
  }

  private Runnable unbox(Expr.Unbox u, Label whenError) {
    method.boxed().push(u.operand());
    final int value = code.allocateLocal(TypeKind.REFERENCE);
    final Label fits = code.newLabel();
    final ClassDesc box = BoxedCode.boxOf(u.type());
    code.astore(value).aload(value).instanceOf(box).ifne(fits);
    method.fail(value, whenError);
    code.labelBinding(fits).aload(value).checkcast(box);
    switch (u.type()) {
      case INT -> code.invokevirtual(box, "longValue", MethodTypeDesc.of(CD_long));
      case DOUBLE -> code.invokevirtual(box, "doubleValue", MethodTypeDesc.of(CD_double));
      default -> {}
    }
    return stored(u.type().kind());
  }
}
