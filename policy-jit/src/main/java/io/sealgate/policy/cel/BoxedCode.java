package io.sealgate.policy.cel;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/** Writes the code of boxed values: each leaves one object on the stack, which may be an error. */
final class BoxedCode {
  private static final ClassDesc CURSOR = Cursor.class.describeConstable().orElseThrow();
  private static final ClassDesc CONTAINERS = Containers.class.describeConstable().orElseThrow();
  private static final ClassDesc ERROR = CelError.class.describeConstable().orElseThrow();

  private final MethodCode method;
  private final CodeBuilder code;

  BoxedCode(MethodCode method) {
    this.method = method;
    this.code = method.code();
  }

  static ClassDesc boxOf(Type type) {
    return switch (type) {
      case BOOL -> ConstantDescs.CD_Boolean;
      case INT -> ConstantDescs.CD_Long;
      case DOUBLE -> ConstantDescs.CD_Double;
      case STRING -> CD_String;
      case VALUE -> CD_Object;
    };
  }

  void push(Expr e) {
    if (e.type() != Type.VALUE) {
      box(e);
      return;
    }
    switch (e) {
      case Expr.Literal _ -> method.pushSlot(e);
      case Expr.Read r -> method.read(r);
      case Expr.Local l -> code.aload(method.local(l.variable()));
      case Expr.Logic l -> logic(l);
      case Expr.Conditional c -> conditional(c);
      case Expr.Call c -> {
        c.args().forEach(this::push);
        method.invoke(c.function().owner(), c.function().method(), CD_Object, c.args().size());
      }
      case Expr.Select s -> {
        push(s.operand());
        code.loadConstant(s.field())
            .invokestatic(
                CONTAINERS,
                s.test() ? "has" : "select",
                MethodTypeDesc.of(CD_Object, CD_Object, CD_String));
      }
      case Expr.Make m -> make(m);
      case Expr.Loop l -> loop(l);
      case Expr.Bind b -> {
        push(b.init());
        code.astore(method.local(b.variable()));
        push(b.body());
      }
      default -> throw new IllegalStateException("not a boxed value: " + e.getClass());
    }
  }

  private void box(Expr e) {
    final Label whenError = code.newLabel();
    final Label done = code.newLabel();
    if (e.type() == Type.BOOL) {
      final Label whenTrue = code.newLabel();
      final Label whenFalse = code.newLabel();
      method.bare().jump(e, whenTrue, whenFalse, whenError);
      code.labelBinding(whenTrue);
      pushBool(true);
      code.goto_(done).labelBinding(whenFalse);
      pushBool(false);
    } else {
      method.bare().operand(e, whenError).run();
      if (e.type() != Type.STRING) {
        final ClassDesc box = boxOf(e.type());
        code.invokestatic(box, "valueOf", MethodTypeDesc.of(box, e.type().descriptor));
      }
    }
    if (e.canFail()) {
      code.goto_(done).labelBinding(whenError);
      method.pushFailure();
    }
    code.labelBinding(done);
  }

  private void pushBool(boolean truth) {
    code.getstatic(ConstantDescs.CD_Boolean, truth ? "TRUE" : "FALSE", ConstantDescs.CD_Boolean);
  }

  private void logic(Expr.Logic l) {
    final int left = code.allocateLocal(TypeKind.REFERENCE);
    final Label decided = code.newLabel();
    final Label done = code.newLabel();
    push(l.left());
    code.astore(left).aload(left);
    method.invoke(Logic.class, l.conjunction() ? "isFalse" : "isTrue", CD_boolean, 1);
    code.ifne(decided).aload(left);
    push(l.right());
    method.invoke(Logic.class, l.conjunction() ? "and" : "or", CD_Object, 2);
    code.goto_(done).labelBinding(decided);
    pushBool(!l.conjunction());
    code.labelBinding(done);
  }

  private void conditional(Expr.Conditional c) {
    final Label whenTrue = code.newLabel();
    final Label whenFalse = code.newLabel();
    final Label whenError = code.newLabel();
    final Label done = code.newLabel();
    if (c.condition().type() == Type.BOOL) {
      method.bare().jump(c.condition(), whenTrue, whenFalse, whenError);
      if (c.condition().canFail()) {
        code.labelBinding(whenError);
        method.pushFailure();
        code.goto_(done);
      }
    } else {
      final int condition = code.allocateLocal(TypeKind.REFERENCE);
      push(c.condition());
      code.astore(condition).aload(condition);
      method.invoke(Logic.class, "isTrue", CD_boolean, 1);
      code.ifne(whenTrue).aload(condition);
      method.invoke(Logic.class, "isFalse", CD_boolean, 1);
      code.ifne(whenFalse).aload(condition);
      method.invoke(Logic.class, "failure", CD_Object, 1);
      code.goto_(done);
    }
    code.labelBinding(whenTrue);
    push(c.whenTrue());
    code.goto_(done).labelBinding(whenFalse);
    push(c.whenFalse());
    code.labelBinding(done);
  }

  private void make(Expr.Make m) {
    final List<Expr> parts = m.parts();
    code.loadConstant(parts.size()).anewarray(CD_Object);
    for (int i = 0; i < parts.size(); i++) {
      code.dup().loadConstant(i);
      push(parts.get(i));
      code.aastore();
    }
    code.loadConstant(m.optional())
        .invokestatic(
            CONTAINERS,
            m.map() ? "map" : "list",
            MethodTypeDesc.of(CD_Object, CD_Object.arrayType(), CD_String));
  }

  private void loop(Expr.Loop l) {
    final int cursor = code.allocateLocal(TypeKind.REFERENCE);
    final int accumulator = method.local(l.accumulator());
    final Label ranges = code.newLabel();
    final Label next = code.newLabel();
    final Label tooMany = code.newLabel();
    final Label ended = code.newLabel();
    final Label done = code.newLabel();
    push(l.range());
    method.invoke(Cursor.class, "over", CD_Object, 1);
    code.astore(cursor).aload(cursor).instanceOf(CURSOR).ifne(ranges);
    code.aload(cursor).goto_(done).labelBinding(ranges);
    push(l.init());
    code.astore(accumulator);
    code.labelBinding(next);
    cursor(cursor, "next", CD_boolean);
    code.ifeq(ended);
    code.iinc(method.iterations(), 1).iload(method.iterations());
    code.loadConstant(Limits.ITERATIONS_MAX).if_icmpgt(tooMany);
    cursor(cursor, l.second() == null ? "only" : "first", CD_Object);
    code.astore(method.local(l.first()));
    if (l.second() != null) {
      cursor(cursor, "second", CD_Object);
      code.astore(method.local(l.second()));
    }
    if (!(l.condition() instanceof Expr.BoolLiteral b && b.truth())) {
      push(l.condition());
      method.invoke(Logic.class, "isFalse", CD_boolean, 1);
      code.ifne(ended);
    }
    push(l.step());
    code.astore(accumulator).goto_(next);
    code.labelBinding(tooMany);
    code.getstatic(ERROR, "ITERATIONS", ERROR).goto_(done);
    code.labelBinding(ended);
    push(l.result());
    code.labelBinding(done);
  }

  private void cursor(int local, String name, ClassDesc result) {
    code.aload(local).checkcast(CURSOR).invokevirtual(CURSOR, name, MethodTypeDesc.of(result));
  }
}
