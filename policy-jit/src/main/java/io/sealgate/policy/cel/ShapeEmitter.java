package io.sealgate.policy.cel;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.sealgate.policy.cel.Shape.Slot;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** Writes the class of a shape: a field for each literal, and the expression's code. */
final class ShapeEmitter {
  /** The most that the class file format has room for. */
  private static final int METHOD_BYTES_MAX = 65_535;

  private final Shape shape;
  private final Target<?> target;

  private ShapeEmitter(Shape shape, Target<?> target) {
    this.shape = shape;
    this.target = target;
  }

  /** The bytes of the class. */
  static byte[] emit(Shape shape, Target<?> target) throws RefusedException {
    final ClassFile classFile =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofClassLoading(ShapeEmitter.class.getClassLoader())
                    .orElse(ClassHierarchyResolver.defaultResolver())));
    final ShapeEmitter emitter = new ShapeEmitter(shape, target);
    final byte[] bytes;
    try {
      bytes = classFile.build(target.self(), emitter::declare);
    } catch (IllegalArgumentException e) {
      // The class file API has no other way to say that a method does not fit.
      throw tooLarge(METHOD_BYTES_MAX);
    }
    for (final MethodModel method : classFile.parse(bytes).methods()) {
      if (((CodeAttribute) method.code().orElseThrow()).codeLength() > Limits.CODE_BYTES_MAX) {
        throw tooLarge(Limits.CODE_BYTES_MAX);
      }
    }
    return bytes;
  }

  private static RefusedException tooLarge(int bytes) {
    return new RefusedException(
        "it compiles to more than " + bytes + " bytes of code", "split the rule into several");
  }

  private void declare(ClassBuilder builder) {
    final ClassDesc superclass = target.superclass().describeConstable().orElseThrow();
    builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withSuperclass(superclass);
    for (final Slot slot : shape.slots()) {
      builder.withField(field(slot), slot.kind().type, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
    }
    builder.withMethodBody(
        ConstantDescs.INIT_NAME,
        MethodTypeDesc.of(CD_void, CD_Object.arrayType()),
        0,
        code -> constructor(superclass, code));
    builder.withMethodBody(
        target.method(), target.type(), 0, code -> MethodCode.write(shape, target, false, code));
    if (target.kind() == Target.Kind.TEST) {
      builder.withMethodBody(
          target.method(),
          target.type().insertParameterTypes(1, CD_long.arrayType(), CD_int, CD_Object.arrayType()),
          0,
          code -> MethodCode.write(shape, target, true, code));
    }
  }

  static String field(Slot slot) {
    return "k" + slot.index();
  }

  private void constructor(ClassDesc superclass, CodeBuilder code) {
    code.aload(0).invokespecial(superclass, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void);
    for (final Slot slot : shape.slots()) {
      code.aload(0).aload(1).loadConstant(slot.index()).aaload();
      switch (slot.kind()) {
        case LONG -> unbox(code, ConstantDescs.CD_Long, "longValue", CD_long);
        case DOUBLE -> unbox(code, ConstantDescs.CD_Double, "doubleValue", ConstantDescs.CD_double);
        case INT -> unbox(code, ConstantDescs.CD_Integer, "intValue", CD_int);
        default -> code.checkcast(slot.kind().type);
      }
      code.putfield(target.self(), field(slot), slot.kind().type);
    }
    code.return_();
  }

  private static void unbox(CodeBuilder code, ClassDesc box, String method, ClassDesc type) {
    code.checkcast(box).invokevirtual(box, method, MethodTypeDesc.of(type));
  }
}
