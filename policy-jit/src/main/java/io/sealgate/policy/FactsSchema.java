package io.sealgate.policy;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import io.sealgate.policy.cel.Access;
import io.sealgate.policy.cel.Expr;
import io.sealgate.policy.cel.FrontEnd;
import io.sealgate.policy.cel.RefusedException;
import io.sealgate.policy.cel.Schema;
import io.sealgate.policy.cel.Shape;
import io.sealgate.policy.cel.ShapeCache;
import io.sealgate.policy.cel.Target;
import io.sealgate.policy.cel.Type;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What conditions read: the {@linkplain Attribute attributes} of a call, the caller's roles, the
 * time of the decision, the arguments of a tool call, {@code findings} by type and the {@code
 * labels} of the types found.
 */
final class FactsSchema implements Schema {
  /** Bound of a condition, in code points. */
  static final int CONDITION_LENGTH_MAX = 8_192;

  private static final int NESTING_MAX = 64;
  private static final ClassDesc FACTS = Facts.class.describeConstable().orElseThrow();
  private static final ClassDesc NAMES = FindingTypeNames.class.describeConstable().orElseThrow();
  private static final Access COUNT =
      new Access(
          FACTS, "findingCount", MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int));
  private static final Access LABEL_COUNT =
      new Access(FACTS, "findingTypeCount", MethodTypeDesc.of(ConstantDescs.CD_int));
  private static final Access LABELS =
      new Access(FACTS, "labels", MethodTypeDesc.of(ConstantDescs.CD_List, NAMES));
  private static final Map<String, Attribute> ATTRIBUTES = attributes();

  /** Attributes that are objects: read through a method of {@link Facts}. */
  private static final Map<String, Access> OBJECTS =
      Map.of(
          "caller.roles", object("callerRoles", ConstantDescs.CD_List),
          "call.time", object("callTime", ConstantDescs.CD_Object),
          "tool.arguments", object("toolArgumentsValue", ConstantDescs.CD_Object));

  static final FrontEnd.Setting SETTING =
      new FrontEnd.Setting(
          "",
          variables(),
          List.of(),
          true,
          true,
          SimpleType.BOOL,
          CONDITION_LENGTH_MAX,
          NESTING_MAX);
  private static final FrontEnd FRONT_END = new FrontEnd(SETTING);

  /** The classes of all conditions. */
  static final ShapeCache<Condition> SHAPES =
      new ShapeCache<>(
          new Target<>(MethodHandles.lookup(), Condition.class, "test", FACTS, Target.Kind.TEST));

  /** The classes of conditions that are evaluated together. */
  static final ShapeCache<FusedCondition> FUSED =
      new ShapeCache<>(
          new Target<>(
              MethodHandles.lookup(),
              FusedCondition.class,
              "test",
              FACTS,
              Target.Kind.FUSED_TESTS));

  private final FindingTypeNames types;

  FactsSchema(FindingTypeNames types) {
    this.types = types;
  }

  /** A condition that compiles. */
  static Shape condition(String text, FindingTypeNames types) throws RefusedException {
    return SHAPES.checked(Shape.of(new FactsSchema(types), text));
  }

  /** Conditions that are to be evaluated together. */
  static Shape fused(List<Shape> conditions, FindingTypeNames types) throws RefusedException {
    return Shape.fused(new FactsSchema(types), conditions);
  }

  /** The condition with an expression of its own, shared with none. */
  static Shape alone(String text, FindingTypeNames types) throws RefusedException {
    return Shape.of(new FactsSchema(types), text);
  }

  private static Access object(String method, ClassDesc type) {
    return new Access(FACTS, method, MethodTypeDesc.of(type));
  }

  private static Map<String, Attribute> attributes() {
    final Map<String, Attribute> attributes = new HashMap<>();
    for (final Attribute attribute : Attribute.values()) {
      attributes.put(attribute.celName, attribute);
    }
    return attributes;
  }

  private static Map<String, CelType> variables() {
    final Map<String, CelType> variables = new HashMap<>();
    ATTRIBUTES.forEach((name, attribute) -> variables.put(name, celType(attribute.type)));
    variables.put("findings", MapType.create(SimpleType.STRING, SimpleType.INT));
    variables.put("labels", ListType.create(SimpleType.STRING));
    variables.put("caller.roles", ListType.create(SimpleType.STRING));
    variables.put("call.time", SimpleType.TIMESTAMP);
    variables.put("tool.arguments", MapType.create(SimpleType.STRING, SimpleType.DYN));
    return variables;
  }

  private static CelType celType(Type type) {
    return switch (type) {
      case BOOL -> SimpleType.BOOL;
      case INT -> SimpleType.INT;
      case DOUBLE -> SimpleType.DOUBLE;
      case STRING -> SimpleType.STRING;
      case VALUE -> SimpleType.DYN;
    };
  }

  @Override
  public FrontEnd frontEnd() {
    return FRONT_END;
  }

  @Override
  public boolean publishes() {
    return true;
  }

  @Override
  public Optional<Expr.Read> variable(String name) throws RefusedException {
    if (name.equals("labels")) {
      return Optional.of(new Expr.Read(Type.VALUE, LABELS, types));
    }
    if (OBJECTS.containsKey(name)) {
      return Optional.of(new Expr.Read(Type.VALUE, OBJECTS.get(name), null));
    }
    if (name.equals("findings")) {
      throw new RefusedException(
          "findings is read as a whole", "read one type's count, as in findings.EMAIL");
    }
    return Optional.ofNullable(ATTRIBUTES.get(name))
        .map(a -> new Expr.Read(a.type, Access.field(FACTS, a.field), null));
  }

  @Override
  public Optional<Expr.Read> entry(String variable, String key) throws RefusedException {
    return variable.equals("findings") ? Optional.of(findingCount(key)) : Optional.empty();
  }

  @Override
  public Optional<Expr.Read> size(String variable) {
    return variable.equals("labels")
        ? Optional.of(new Expr.Read(Type.INT, LABEL_COUNT, null))
        : Optional.empty();
  }

  @Override
  public Optional<Expr.Read> count(String variable, String element) throws RefusedException {
    return variable.equals("labels") ? Optional.of(findingCount(element)) : Optional.empty();
  }

  /** Only canonical names: an alias may stand for several types, which have no one count. */
  private Expr.Read findingCount(String name) throws RefusedException {
    for (final int id : types.idsOf(name)) {
      if (types.name(id).equals(name)) {
        return new Expr.Read(Type.INT, COUNT, id);
      }
    }
    final List<String> names = new ArrayList<>();
    for (int id = 0; id < types.count(); id++) {
      names.add(types.name(id));
    }
    throw new RefusedException(
        "there is no finding type '" + name + "'", "use one of: " + String.join(", ", names));
  }
}
