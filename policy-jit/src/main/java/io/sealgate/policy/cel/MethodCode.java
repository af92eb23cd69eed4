package io.sealgate.policy.cel;

import static java.lang.constant.ConstantDescs.CD_Double;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** The one method of a generated class: what the code of bare and of boxed values shares. */
final class MethodCode {
  private static final int PARAMETER = 1;
  private static final int MASKS = 2;
  private static final int WORDS = 2;
  private static final int FIRST_WORD = 3;
  private static final int OBJECTS = 4;
  private static final ClassDesc LITERALS = Literals.class.describeConstable().orElseThrow();
  private static final ClassDesc CD_CHARS = CharSequence.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc TEXT_TEST =
      MethodTypeDesc.of(CD_boolean, CD_String, CD_long, CD_Object.arrayType());

  private final Shape shape;
  private final Target<?> target;
  private final boolean pooled;
  private final CodeBuilder code;
  private final BareCode bare;
  private final BoxedCode boxed;
  private final Map<Expr.Variable, Integer> locals = new IdentityHashMap<>();
  private final Map<Expr, Integer> computed = new HashMap<>();
  private final int failure;
  private final int iterations;

  private MethodCode(Shape shape, Target<?> target, boolean pooled, CodeBuilder code) {
    this.shape = shape;
    this.target = target;
    this.pooled = pooled;
    this.code = code;
    this.bare = new BareCode(this);
    this.boxed = new BoxedCode(this);
    // Which error a jump stands for matters only where it is reported.
    final boolean reports =
        target.kind() == Target.Kind.VALUE
            && holds(
                shape.expr(),
                Set.of(
                    Expr.Unbox.class,
                    Expr.CompareBoxed.class,
                    Expr.InBoxed.class,
                    Expr.Quantifier.class));
    this.failure = reports ? code.allocateLocal(TypeKind.REFERENCE) : -1;
    if (reports) {
      code.aconst_null().astore(failure);
    }
    final boolean loops = holds(shape.expr(), Set.of(Expr.Loop.class, Expr.Quantifier.class));
    this.iterations = loops ? code.allocateLocal(TypeKind.INT) : -1;
    if (loops) {
      code.iconst_0().istore(iterations);
    }
  }

  private static boolean holds(Expr e, Set<Class<? extends Expr>> kinds) {
    return kinds.contains(e.getClass()) || e.operands().stream().anyMatch(o -> holds(o, kinds));
  }

  /**
   * Writes one of the methods. May be called more than once for it: the class file API starts over
   * at need.
   *
   * @param pooled whether literals are {@link Literals} or fields
   */
  static void write(Shape shape, Target<?> target, boolean pooled, CodeBuilder code) {
    final MethodCode method = new MethodCode(shape, target, pooled, code);
    switch (target.kind()) {
      case VALUE -> {
        method.boxed.push(shape.expr());
        code.areturn();
      }
      case TEST -> method.test();
      case FUSED_TESTS -> method.fusedTests();
    }
  }

  private void fusedTests() {
    // What is common can neither fail nor cost much, so it is computed whether needed or not.
    for (final Expr common : new CommonTerms(shape.expr()).terms()) {
      final int local = bare.store(common);
      computed.put(common, local);
    }
    final int holding = code.allocateLocal(TypeKind.LONG);
    final int failing = code.allocateLocal(TypeKind.LONG);
    code.lconst_0().lstore(holding).lconst_0().lstore(failing);
    long bit = 1;
    for (final Expr test : shape.expr().operands()) {
      final Label whenTrue = code.newLabel();
      final Label whenError = code.newLabel();
      final Label next = code.newLabel();
      bare.jump(asBool(test), whenTrue, next, whenError);
      code.labelBinding(whenTrue).lload(holding).loadConstant(bit).lor().lstore(holding);
      code.goto_(next);
      code.labelBinding(whenError).lload(failing).loadConstant(bit).lor().lstore(failing);
      code.labelBinding(next);
      bit <<= 1;
    }
    code.aload(MASKS).iconst_0().lload(holding).lastore();
    code.aload(MASKS).iconst_1().lload(failing).lastore().return_();
  }

  private static Expr asBool(Expr e) {
    return e.type() == Type.BOOL ? e : new Expr.Unbox(Type.BOOL, e);
  }

  /** The local variable that holds a bool already; -1 if none does. */
  int computed(Expr e) {
    return computed.isEmpty() ? -1 : computed.getOrDefault(e, -1);
  }

  private void test() {
    final Label whenTrue = code.newLabel();
    final Label whenFalse = code.newLabel();
    final Label whenError = code.newLabel();
    bare.jump(asBool(shape.expr()), whenTrue, whenFalse, whenError);
    code.labelBinding(whenTrue).loadConstant(Target.TRUE).ireturn();
    code.labelBinding(whenFalse).loadConstant(Target.FALSE).ireturn();
    code.labelBinding(whenError).loadConstant(Target.ERROR).ireturn();
  }

  CodeBuilder code() {
    return code;
  }

  BareCode bare() {
    return bare;
  }

  BoxedCode boxed() {
    return boxed;
  }

  int iterations() {
    return iterations;
  }

  int local(Expr.Variable variable) {
    return locals.computeIfAbsent(variable, _ -> code.allocateLocal(TypeKind.REFERENCE));
  }

  void pushSlot(Expr owner) {
    push(shape.slotOf(owner));
  }

  private void push(Shape.Slot slot) {
    final ClassDesc type = slot.kind().type;
    if (!pooled) {
      code.aload(0).getfield(target.self(), ShapeEmitter.field(slot), type);
      return;
    }
    switch (slot.kind()) {
      case LONG -> pushWord(slot);
      case INT -> {
        pushWord(slot);
        code.l2i();
      }
      case DOUBLE -> {
        pushWord(slot);
        code.invokestatic(CD_Double, "longBitsToDouble", MethodTypeDesc.of(CD_double, CD_long));
      }
      default -> {
        code.aload(OBJECTS);
        pushWord(slot);
        code.l2i().aaload().checkcast(type);
      }
    }
  }

  private void pushWord(Shape.Slot slot) {
    code.aload(WORDS).iload(FIRST_WORD).loadConstant(slot.index()).iadd().laload();
  }

  /** With a text on the stack, pushes whether it equals the text of a slot. */
  private void equal(Shape.Slot slot) {
    if (pooled) {
      pushWord(slot);
      code.aload(OBJECTS).invokestatic(LITERALS, "equal", TEXT_TEST);
    } else {
      push(slot);
      code.invokevirtual(CD_String, "equals", MethodTypeDesc.of(CD_boolean, CD_Object));
    }
  }

  /** With a text on the stack, pushes whether it equals another. */
  void equal(Expr other, Runnable pushOther) {
    if (pooled && other instanceof Expr.Literal) {
      equal(shape.slotOf(other));
    } else {
      pushOther.run();
      code.invokevirtual(CD_String, "equals", MethodTypeDesc.of(CD_boolean, CD_Object));
    }
  }

  /** With a text on the stack, pushes whether it stands so to a part. */
  void textTest(Expr.TextTestOp op, Expr part, Runnable pushPart) {
    if (pooled && part instanceof Expr.Literal && op != Expr.TextTestOp.CONTAINS) {
      pushWord(shape.slotOf(part));
      code.aload(OBJECTS).invokestatic(LITERALS, op.method, TEXT_TEST);
      return;
    }
    pushPart.run();
    final ClassDesc type = op == Expr.TextTestOp.CONTAINS ? CD_CHARS : CD_String;
    code.invokevirtual(CD_String, op.method, MethodTypeDesc.of(CD_boolean, type));
  }

  /** Jumps to whether a text is one of few; falls through if it is none of them. */
  void jumpIfOneOf(Expr.InStrings few, Runnable pushText, Label whenTrue) {
    final int first = shape.slotOf(few).index();
    for (int i = first; i < first + few.few(); i++) {
      pushText.run();
      equal(shape.slots().get(i));
      code.ifne(whenTrue);
    }
  }

  void read(Expr.Read r) {
    final Access access = r.access();
    code.aload(PARAMETER);
    if (access.isElement()) {
      code.loadConstant(Integer.parseInt(access.member()))
          .invokestatic(
              Program.class.describeConstable().orElseThrow(),
              "read",
              MethodTypeDesc.of(CD_Object, CD_Object.arrayType(), CD_int));
      return;
    }
    if (access.method() == null) {
      code.getfield(access.owner(), access.member(), r.type().descriptor);
      return;
    }
    if (r.argument() != null) {
      pushSlot(r);
      if (!(r.argument() instanceof Integer)) {
        code.checkcast(access.method().parameterType(0));
      }
    }
    code.invokevirtual(access.owner(), access.member(), access.method());
    if (access.method().returnType().equals(CD_int)) {
      code.i2l();
    }
  }

  /** A static method of so many boxed values. */
  void invoke(Class<?> owner, String name, ClassDesc result, int arity) {
    invoke(owner.describeConstable().orElseThrow(), name, result, arity);
  }

  void invoke(ClassDesc owner, String name, ClassDesc result, int arity) {
    code.invokestatic(
        owner, name, MethodTypeDesc.of(result, Collections.nCopies(arity, CD_Object)));
  }

  /** Jumps because of the boxed value in a local variable. */
  void fail(int value, Label whenError) {
    if (failure >= 0) {
      code.aload(value);
      invoke(CelError.class, "mistyped", CD_Object, 1);
      code.astore(failure);
    }
    code.goto_(whenError);
  }

  /** Jumps because there are too many iterations. */
  void failIterations(Label whenError) {
    if (failure >= 0) {
      final ClassDesc error = CelError.class.describeConstable().orElseThrow();
      code.getstatic(error, "ITERATIONS", error).astore(failure);
    }
    code.goto_(whenError);
  }

  /** Takes an int from the stack. */
  void failArithmeticIfTrue(Label whenError) {
    if (failure < 0) {
      code.ifne(whenError);
      return;
    }
    final Label fine = code.newLabel();
    code.ifeq(fine).aconst_null().astore(failure).goto_(whenError).labelBinding(fine);
  }

  /** Pushes the error that the last jump stands for. */
  void pushFailure() {
    if (failure < 0) {
      code.aconst_null();
    } else {
      code.aload(failure);
    }
    invoke(CelError.class, "orArithmetic", CD_Object, 1);
  }
}
