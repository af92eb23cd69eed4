package io.sealgate.policy;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.sealgate.policy.Shape.Slot;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** Writes the class of a shape: a field for each literal, and the condition's code. */
final class ShapeEmitter {
  /** HotSpot never compiles a method of 8,000 bytes or more; this keeps well below. */
  static final int CODE_BYTES_MAX = 7_500;

  /** A hidden class is named after this; its own name in its constants means itself. */
  static final ClassDesc THIS = ClassDesc.of("io.sealgate.policy.Shape$Compiled");

  private static final ClassDesc CONDITION = Condition.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc TEST = MethodTypeDesc.of(CD_int, TestMethod.FACTS);

  /** The bytes of a class, and whether every method of it is small enough to be compiled. */
  record Emitted(byte[] classFile, boolean withinLimit) {}

  private ShapeEmitter() {}

  static Emitted emit(Shape shape) {
    final ClassFile classFile =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofClassLoading(ShapeEmitter.class.getClassLoader())
                    .orElse(ClassHierarchyResolver.defaultResolver())));
    // The front end bounds a condition's nodes, none of which takes more than some 40 bytes: the
    // 64 KiB at which a method cannot be written down at all are out of reach.
    final byte[] bytes = classFile.build(THIS, builder -> declare(shape, builder));
    boolean within = true;
    for (final MethodModel method : classFile.parse(bytes).methods()) {
      final int length = ((CodeAttribute) method.code().orElseThrow()).codeLength();
      within &= length <= CODE_BYTES_MAX;
    }
    return new Emitted(bytes, within);
  }

  private static void declare(Shape shape, ClassBuilder builder) {
    builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withSuperclass(CONDITION);
    for (final Slot slot : shape.slots()) {
      builder.withField(field(slot), slot.kind().type, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
    }
    final MethodTypeDesc constructor = MethodTypeDesc.of(CD_void, CD_Object.arrayType());
    builder.withMethodBody(
        ConstantDescs.INIT_NAME, constructor, 0, code -> constructor(shape, code));
    builder.withMethodBody("test", TEST, 0, code -> TestMethod.write(shape, code));
  }

  static String field(Slot slot) {
    return "k" + slot.index();
  }

  private static void constructor(Shape shape, CodeBuilder code) {
    code.aload(0).invokespecial(CONDITION, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void);
    for (final Slot slot : shape.slots()) {
      code.aload(0).aload(1).loadConstant(slot.index()).aaload();
      switch (slot.kind()) {
        case LONG -> unbox(code, ConstantDescs.CD_Long, "longValue", CD_long);
        case DOUBLE -> unbox(code, ConstantDescs.CD_Double, "doubleValue", ConstantDescs.CD_double);
        case INT -> unbox(code, ConstantDescs.CD_Integer, "intValue", CD_int);
        default -> code.checkcast(slot.kind().type);
      }
      code.putfield(THIS, field(slot), slot.kind().type);
    }
    code.return_();
  }

  private static void unbox(CodeBuilder code, ClassDesc box, String method, ClassDesc type) {
    code.checkcast(box).invokevirtual(box, method, MethodTypeDesc.of(type));
  }
}
