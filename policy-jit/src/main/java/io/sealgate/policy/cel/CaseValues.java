package io.sealgate.policy.cel;

import io.sealgate.policy.json.JsonText;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Values as cases write them: one of nullValue, boolValue, int64Value, uint64Value (decimal texts),
 * doubleValue (a number or NaN, Infinity, -Infinity), stringValue, bytesValue (base64), listValue,
 * mapValue (pairs), typeValue; of objectValue, timestamps and durations are read.
 */
final class CaseValues {
  private static final String ANY_PREFIX = "[type.googleapis.com/google.protobuf.";

  private CaseValues() {}

  static Object read(Object json) throws RefusedException, BadCaseException {
    if (!(json instanceof Map<?, ?> value) || value.size() != 1) {
      throw new BadCaseException("a value is not an object with one member");
    }
    final Object member = value.values().iterator().next();
    final String kind = (String) value.keySet().iterator().next();
    try {
      return read(kind, member);
    } catch (IllegalArgumentException e) {
      throw new BadCaseException(kind + " holds no such value");
    }
  }

  private static Object read(String kind, Object member) throws RefusedException, BadCaseException {
    return switch (member) {
      case Object _ when kind.equals("objectValue") -> readObject(member);
      case Object _ when kind.equals("enumValue") -> throw outside("an enum");
      case Boolean b when kind.equals("boolValue") -> b;
      case String i when kind.equals("int64Value") -> Long.valueOf(i);
      case String u when kind.equals("uint64Value") -> new Uint(Long.parseUnsignedLong(u));
      case BigDecimal d when kind.equals("doubleValue") -> d.doubleValue();
      case String d when kind.equals("doubleValue") -> Double.valueOf(d);
      case String s when kind.equals("stringValue") -> s;
      case String b when kind.equals("bytesValue") -> new Bytes(Base64.getDecoder().decode(b));
      case String name when kind.equals("typeValue") -> {
        if (TypeName.named(name) == null) {
          throw outside("the type " + name);
        }
        yield TypeName.named(name);
      }
      case List<?> list when kind.equals("listValue") -> readList(list);
      case List<?> pairs when kind.equals("mapValue") -> readMap(pairs);
      case null, default -> {
        if (kind.equals("nullValue")) {
          yield Null.VALUE;
        }
        throw new BadCaseException("'" + kind + "' is no kind of value, or holds none");
      }
    };
  }

  private static List<Object> readList(List<?> list) throws RefusedException, BadCaseException {
    final List<Object> values = new ArrayList<>();
    for (final Object element : list) {
      values.add(read(element));
    }
    return values;
  }

  private static CelMap readMap(List<?> pairs) throws RefusedException, BadCaseException {
    final CelMap map = new CelMap();
    for (final Object pair : pairs) {
      if (!(pair instanceof List<?> p) || p.size() != 2) {
        throw new BadCaseException("a map's entry is not a pair");
      }
      final Object key = read(p.get(0));
      if (!CelMap.isKey(key) || !map.put(key, read(p.get(1)))) {
        throw new BadCaseException("a map's key is of no key type, or there twice");
      }
    }
    return map;
  }

  private static Object readObject(Object member) throws RefusedException {
    if (member instanceof List<?> fields
        && fields.size() == 1
        && fields.getFirst() instanceof List<?> field
        && field.size() == 2
        && field.get(0) instanceof String name
        && field.get(1) instanceof List<?> content) {
      final long seconds = number(content, "seconds");
      final long nanos = number(content, "nanos");
      if (name.equals(ANY_PREFIX + "Timestamp]")) {
        return Instant.ofEpochSecond(seconds, nanos);
      }
      if (name.equals(ANY_PREFIX + "Duration]")) {
        return Duration.ofSeconds(seconds, nanos);
      }
    }
    throw outside("a protobuf message");
  }

  private static long number(List<?> fields, String name) {
    for (final Object field : fields) {
      if (field instanceof List<?> f && f.size() == 2 && name.equals(f.get(0))) {
        return Long.parseLong(String.valueOf(f.get(1)));
      }
    }
    return 0;
  }

  static RefusedException outside(String what) {
    return new RefusedException(
        what + " is not supported", "use the types of the profile of CEL that conditions have");
  }

  static void write(Object value, StringBuilder out) throws RefusedException {
    switch (value) {
      case Null _ -> out.append("{\"nullValue\":null}");
      case Boolean b -> out.append("{\"boolValue\":").append(b).append('}');
      case Long i -> out.append("{\"int64Value\":\"").append(i).append("\"}");
      case Uint u -> out.append("{\"uint64Value\":\"").append(u).append("\"}");
      case Double d -> {
        final String quote = Double.isFinite(d) ? "" : "\"";
        out.append("{\"doubleValue\":").append(quote).append(d).append(quote).append('}');
      }
      case String text -> text("stringValue", text, out);
      case Bytes bytes ->
          text("bytesValue", Base64.getEncoder().encodeToString(bytes.array()), out);
      case TypeName type -> text("typeValue", type.name(), out);
      case List<?> list -> {
        out.append("{\"listValue\":[");
        String separator = "";
        for (final Object element : list) {
          out.append(separator);
          write(element, out);
          separator = ",";
        }
        out.append("]}");
      }
      case CelMap map -> {
        out.append("{\"mapValue\":[");
        String separator = "";
        for (final CelMap.Entry entry : map.entries()) {
          out.append(separator).append('[');
          write(entry.key(), out);
          out.append(',');
          write(entry.value(), out);
          out.append(']');
          separator = ",";
        }
        out.append("]}");
      }
      default -> throw outside("a result of type " + TypeName.of(value).name());
    }
  }

  private static void text(String kind, String text, StringBuilder out) {
    out.append("{\"").append(kind).append("\":");
    JsonText.quote(out, text);
    out.append('}');
  }
}
