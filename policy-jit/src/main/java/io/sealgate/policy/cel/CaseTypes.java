package io.sealgate.policy.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.common.types.TypeType;
import io.sealgate.policy.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Types and declarations as cases write them: cel.expr.Decl and cel.expr.Type of cel-spec's
 * checked.proto, each message a list of pairs of field name and value.
 */
final class CaseTypes {
  private static final Map<String, CelType> PRIMITIVES =
      Map.of(
          "BOOL",
          SimpleType.BOOL,
          "INT64",
          SimpleType.INT,
          "UINT64",
          SimpleType.UINT,
          "DOUBLE",
          SimpleType.DOUBLE,
          "STRING",
          SimpleType.STRING,
          "BYTES",
          SimpleType.BYTES);
  private static final Map<CelType, String> PRIMITIVE_NAMES =
      PRIMITIVES.entrySet().stream()
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

  private CaseTypes() {}

  /** One field of a message. */
  private record Field(String name, Object value) {}

  private static List<Field> fields(Object message) throws BadCaseException {
    if (!(message instanceof List<?> list)) {
      throw new BadCaseException("a declaration or type is not a list of pairs");
    }
    final List<Field> fields = new ArrayList<>();
    for (final Object pair : list) {
      if (!(pair instanceof List<?> p) || p.size() != 2 || !(p.get(0) instanceof String name)) {
        throw new BadCaseException("a field of a declaration or type is not a pair");
      }
      fields.add(new Field(name, p.get(1)));
    }
    return fields;
  }

  private static String text(Object value) throws BadCaseException {
    if (value instanceof String text) {
      return text;
    }
    throw new BadCaseException("a name in a declaration or type is not a text");
  }

  /** Reads one declaration of a type environment into one of the two. */
  static void declare(Object decl, Map<String, CelType> variables, List<CelFunctionDecl> functions)
      throws BadCaseException, RefusedException {
    String name = "";
    for (final Field field : fields(decl)) {
      switch (field.name()) {
        case "name" -> name = text(field.value());
        case "ident" -> {
          for (final Field part : fields(field.value())) {
            if (part.name().equals("type")) {
              variables.put(name, type(part.value()));
            }
          }
        }
        case "function" -> functions.add(function(name, field.value()));
        default -> throw new BadCaseException("a declaration has no field " + field.name());
      }
    }
  }

  private static CelFunctionDecl function(String name, Object message)
      throws BadCaseException, RefusedException {
    final List<CelOverloadDecl> overloads = new ArrayList<>();
    for (final Field field : fields(message)) {
      if (field.name().equals("overloads")) {
        overloads.add(overload(field.value()));
      }
    }
    return CelFunctionDecl.newFunctionDeclaration(name, overloads);
  }

  private static CelOverloadDecl overload(Object message)
      throws BadCaseException, RefusedException {
    String id = "";
    CelType result = SimpleType.DYN;
    boolean member = false;
    final List<CelType> params = new ArrayList<>();
    for (final Field field : fields(message)) {
      switch (field.name()) {
        case "overload_id" -> id = text(field.value());
        case "result_type" -> result = type(field.value());
        case "params" -> params.add(type(field.value()));
        case "is_instance_function" -> member = !"false".equals(String.valueOf(field.value()));
        case "type_params", "doc" -> {}
        default -> throw new BadCaseException("an overload has no field " + field.name());
      }
    }
    return member
        ? CelOverloadDecl.newMemberOverload(id, result, params)
        : CelOverloadDecl.newGlobalOverload(id, result, params);
  }

  private static CelType type(Object message) throws BadCaseException, RefusedException {
    final List<Field> fields = fields(message);
    if (fields.size() != 1) {
      throw new BadCaseException("a type has not one field");
    }
    final Object value = fields.getFirst().value();
    return switch (fields.getFirst().name()) {
      case "dyn" -> SimpleType.DYN;
      case "null" -> SimpleType.NULL_TYPE;
      case "primitive" -> primitive(value);
      case "wrapper" -> NullableType.create(primitive(value));
      case "well_known" -> wellKnown(text(value));
      case "message_type" -> message(text(value));
      case "type_param" -> TypeParamType.create(text(value));
      case "type" -> TypeType.create(fields(value).isEmpty() ? SimpleType.DYN : type(value));
      case "list_type" -> ListType.create(part(value, "elem_type"));
      case "map_type" -> MapType.create(part(value, "key_type"), part(value, "value_type"));
      case "abstract_type" -> abstractType(value);
      default -> throw CaseValues.outside("the type " + fields.getFirst().name());
    };
  }

  private static CelType primitive(Object value) throws BadCaseException {
    final CelType type = PRIMITIVES.get(text(value));
    if (type == null) {
      throw new BadCaseException("there is no primitive type " + value);
    }
    return type;
  }

  private static CelType wellKnown(String name) throws RefusedException {
    return switch (name) {
      case "TIMESTAMP" -> SimpleType.TIMESTAMP;
      case "DURATION" -> SimpleType.DURATION;
      default -> throw CaseValues.outside("the type " + name);
    };
  }

  private static CelType message(String name) throws RefusedException {
    return switch (name) {
      case "google.protobuf.Timestamp" -> SimpleType.TIMESTAMP;
      case "google.protobuf.Duration" -> SimpleType.DURATION;
      default -> throw CaseValues.outside("the type " + name);
    };
  }

  private static CelType part(Object message, String name)
      throws BadCaseException, RefusedException {
    for (final Field field : fields(message)) {
      if (field.name().equals(name)) {
        return type(field.value());
      }
    }
    return SimpleType.DYN;
  }

  private static CelType abstractType(Object message) throws BadCaseException, RefusedException {
    String name = "";
    final List<CelType> parameters = new ArrayList<>();
    for (final Field field : fields(message)) {
      if (field.name().equals("name")) {
        name = text(field.value());
      } else {
        parameters.add(type(field.value()));
      }
    }
    return name.equals("optional_type") && parameters.size() == 1
        ? OptionalType.create(parameters.getFirst())
        : OpaqueType.create(name, parameters.toArray(CelType[]::new));
  }

  /** The type in the form that cases write it. */
  static String text(CelType type) throws RefusedException {
    if (PRIMITIVE_NAMES.containsKey(type)) {
      return "[[\"primitive\",\"" + PRIMITIVE_NAMES.get(type) + "\"]]";
    }
    if (type.equals(SimpleType.NULL_TYPE)) {
      return "[[\"null\",\"NULL_VALUE\"]]";
    }
    if (type.equals(SimpleType.DYN)) {
      return "[[\"dyn\",[]]]";
    }
    if (type.equals(SimpleType.TIMESTAMP) || type.equals(SimpleType.DURATION)) {
      return "[[\"well_known\",\""
          + (type.equals(SimpleType.TIMESTAMP) ? "TIMESTAMP" : "DURATION")
          + "\"]]";
    }
    return switch (type) {
      case ListType list -> "[[\"list_type\",[[\"elem_type\"," + text(list.elemType()) + "]]]]";
      case MapType map ->
          "[[\"map_type\",[[\"key_type\","
              + text(map.keyType())
              + "],[\"value_type\","
              + text(map.valueType())
              + "]]]]";
      case NullableType nullable when PRIMITIVE_NAMES.containsKey(nullable.targetType()) ->
          "[[\"wrapper\",\"" + PRIMITIVE_NAMES.get(nullable.targetType()) + "\"]]";
      case OptionalType optional -> abstractText("optional_type", optional.parameters());
      case OpaqueType opaque -> abstractText(opaque.name(), opaque.parameters());
      case TypeType of -> "[[\"type\"," + text(of.type()) + "]]";
      default -> throw CaseValues.outside("the type " + type.name());
    };
  }

  private static String abstractText(String name, List<CelType> parameters)
      throws RefusedException {
    final StringBuilder text = new StringBuilder("[[\"abstract_type\",[[\"name\",");
    JsonText.quote(text, name);
    text.append(']');
    for (final CelType parameter : parameters) {
      text.append(",[\"parameter_types\",").append(text(parameter)).append(']');
    }
    return text.append("]]]").toString();
  }
}
