package io.sealgate.policy.cel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Making lists and maps, and reading them by index, key, field and membership. */
public final class Containers {
  private Containers() {}

  /**
   * {@code [a, ?b]}.
   *
   * @param optional for each element {@code ?} if it is optional; empty if none is
   */
  public static Object list(Object[] elements, String optional) {
    final List<Object> list = new ArrayList<>(elements.length);
    for (int i = 0; i < elements.length; i++) {
      final Object element = elements[i];
      if (element instanceof CelError) {
        return element;
      }
      if (optional.isEmpty() || optional.charAt(i) != '?') {
        list.add(element);
      } else if (element instanceof Optional<?> o) {
        o.ifPresent(list::add);
      } else {
        return CelError.noOverload("optional element", element);
      }
    }
    return list;
  }

  /**
   * {@code {a: b, ?c: d}}.
   *
   * @param entries keys and values in turn
   * @param optional for each entry {@code ?} if it is optional; empty if none is
   */
  public static Object map(Object[] entries, String optional) {
    final CelMap map = new CelMap();
    for (int i = 0; i < entries.length; i += 2) {
      final Object key = entries[i];
      Object value = entries[i + 1];
      if (key instanceof CelError || value instanceof CelError) {
        return key instanceof CelError ? key : value;
      }
      if (!CelMap.isKey(key)) {
        return CelError.noOverload("map key", key);
      }
      if (!optional.isEmpty() && optional.charAt(i / 2) == '?') {
        if (!(value instanceof Optional<?> o)) {
          return CelError.noOverload("optional entry", value);
        }
        if (o.isEmpty()) {
          continue;
        }
        value = o.get();
      }
      if (!map.put(key, value)) {
        return new CelError("a map has two equal keys");
      }
    }
    return map;
  }

  /** Appends to the accumulator of a macro, which nobody else holds. */
  public static Object append(Object accumulator, Object element) {
    if (accumulator instanceof ArrayList<?> && !(element instanceof CelError)) {
      @SuppressWarnings("unchecked")
      final List<Object> list = (List<Object>) accumulator;
      list.add(element);
      return list;
    }
    return CelError.noOverload("_+_", accumulator, element);
  }

  /** Puts one entry into the accumulator of a macro, which nobody else holds. */
  public static Object insert(Object accumulator, Object key, Object value) {
    if (!(accumulator instanceof CelMap map)
        || key instanceof CelError
        || value instanceof CelError) {
      return CelError.noOverload("insert", accumulator, key, value);
    }
    if (!CelMap.isKey(key)) {
      return CelError.noOverload("map key", key);
    }
    return map.put(key, value) ? map : new CelError("a map has two equal keys");
  }

  /** Puts all entries of a map into the accumulator of a macro, which nobody else holds. */
  public static Object insert(Object accumulator, Object entries) {
    if (!(accumulator instanceof CelMap map) || !(entries instanceof CelMap more)) {
      return CelError.noOverload("insert", accumulator, entries);
    }
    for (final CelMap.Entry entry : more.entries()) {
      if (!map.put(entry.key(), entry.value())) {
        return new CelError("a map has two equal keys");
      }
    }
    return map;
  }

  /** {@code container[key]}; of an optional, the optional of it. */
  public static Object index(Object container, Object key) {
    if (container instanceof Optional<?>) {
      return optionalIndex(container, key);
    }
    final Object value = lookUp(container, key, "_[_]");
    return value == null ? missing(container) : value;
  }

  /** {@code container[?key]}. */
  public static Object optionalIndex(Object container, Object key) {
    if (key instanceof CelError) {
      return container instanceof CelError ? container : key;
    }
    if (container instanceof Optional<?> o) {
      return o.isEmpty() ? o : optionalIndex(o.get(), key);
    }
    final Object value = lookUp(container, key, "_[?_]");
    return value instanceof CelError ? value : Optional.ofNullable(value);
  }

  /** {@code container.field}; of an optional, the optional of it. */
  public static Object select(Object container, String field) {
    return switch (container) {
      case CelMap map -> {
        final Object value = map.get(field);
        yield value == null ? missing(map) : value;
      }
      case Optional<?> _ -> optionalSelect(container, field);
      default -> CelError.noOverload("select", container);
    };
  }

  /** {@code container.?field}. */
  public static Object optionalSelect(Object container, Object field) {
    return switch (container) {
      case CelMap map when field instanceof String -> Optional.ofNullable(map.get(field));
      case Optional<?> o -> o.isEmpty() ? o : optionalSelect(o.get(), field);
      default -> CelError.noOverload("_?._", container, field);
    };
  }

  /** {@code has(container.field)}. */
  public static Object has(Object container, String field) {
    return switch (container) {
      case CelMap map -> map.get(field) != null;
      case Optional<?> o -> o.isEmpty() ? Boolean.FALSE : has(o.get(), field);
      default -> CelError.noOverload("has", container);
    };
  }

  /** {@code element in container}. */
  public static Object in(Object element, Object container) {
    if (element instanceof CelError) {
      return element;
    }
    return switch (container) {
      case List<?> list -> contains(list, element);
      case CelMap map -> map.get(element) != null;
      default -> CelError.noOverload("@in", element, container);
    };
  }

  /** {@code element in container}, by {@link Target}'s values; for generated code. */
  public static int test(String element, Object container) {
    return switch (container) {
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          if (element.equals(list.get(i))) {
            yield Target.TRUE;
          }
        }
        yield Target.FALSE;
      }
      case CelMap map -> map.get(element) != null ? Target.TRUE : Target.FALSE;
      default -> Target.ERROR;
    };
  }

  static boolean contains(List<?> list, Object element) {
    for (final Object e : list) {
      if (Comparison.equals(e, element)) {
        return true;
      }
    }
    return false;
  }

  /** {@code size(value)}; texts in code points. */
  public static Object size(Object value) {
    return switch (value) {
      case String text -> (long) text.codePointCount(0, text.length());
      case Bytes bytes -> (long) bytes.array().length;
      case List<?> list -> (long) list.size();
      case CelMap map -> (long) map.size();
      default -> CelError.noOverload("size", value);
    };
  }

  /** Null if there is no such index or key. */
  private static Object lookUp(Object container, Object key, String operator) {
    if (container instanceof CelMap map && !(key instanceof CelError)) {
      return map.get(key);
    }
    if (!(container instanceof List<?> list) || !Comparison.isNumber(key)) {
      return CelError.noOverload(operator, container, key);
    }
    final long index =
        switch (key) {
          case Long i -> i;
          case Uint u -> u.bits();
          case Double d when d == Math.rint(d) && Math.abs(d) < 0x1p53 -> d.longValue();
          default -> -1;
        };
    return index >= 0 && index < list.size() ? list.get((int) index) : null;
  }

  private static CelError missing(Object container) {
    return new CelError(container instanceof List ? "no such index" : "no such key");
  }
}
