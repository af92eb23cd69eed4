package io.sealgate.policy.cel;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The functions of optionals. */
public final class Optionals {
  private Optionals() {}

  /** {@code optional.none()}. */
  public static Object none() {
    return Optional.empty();
  }

  /** {@code optional.of(value)}. */
  public static Object of(Object value) {
    return value instanceof CelError ? value : Optional.of(value);
  }

  /** {@code optional.ofNonZeroValue(value)}. */
  public static Object ofNonZeroValue(Object value) {
    return switch (value) {
      case CelError error -> error;
      case Instant _ -> CelError.unspecified("the zero value of timestamp");
      case Optional<?> _ -> CelError.unspecified("the zero value of optional");
      default -> isZero(value) ? Optional.empty() : Optional.of(value);
    };
  }

  private static boolean isZero(Object value) {
    return switch (value) {
      case Null _ -> true;
      case Boolean b -> !b;
      case Long i -> i == 0;
      case Uint u -> u.bits() == 0;
      case Double d -> d == 0;
      case String text -> text.isEmpty();
      case Bytes bytes -> bytes.array().length == 0;
      case List<?> list -> list.isEmpty();
      case CelMap map -> map.size() == 0;
      case Duration d -> d.isZero();
      default -> false;
    };
  }

  /** {@code optional.hasValue()}. */
  public static Object hasValue(Object optional) {
    return optional instanceof Optional<?> o
        ? (Object) o.isPresent()
        : CelError.noOverload("hasValue", optional);
  }

  /** {@code optional.value()}. */
  public static Object value(Object optional) {
    if (!(optional instanceof Optional<?> o)) {
      return CelError.noOverload("value", optional);
    }
    return o.isPresent() ? o.get() : new CelError("value() of optional.none()");
  }

  /** {@code optional.or(other)}. */
  public static Object or(Object optional, Object other) {
    if (!(optional instanceof Optional<?> o)) {
      return CelError.noOverload("or", optional, other);
    }
    return o.isPresent() || other instanceof CelError || !(other instanceof Optional<?>)
        ? o.isPresent() ? o : CelError.noOverload("or", optional, other)
        : other;
  }

  /** {@code optional.orValue(other)}. */
  public static Object orValue(Object optional, Object other) {
    if (!(optional instanceof Optional<?> o)) {
      return CelError.noOverload("orValue", optional, other);
    }
    return o.isPresent() ? o.get() : other;
  }

  /** {@code optional.unwrap(list)}: the values of those that have one. */
  public static Object unwrap(Object list) {
    if (!(list instanceof List<?> optionals)) {
      return CelError.noOverload("optional.unwrap", list);
    }
    final List<Object> values = new ArrayList<>();
    for (final Object element : optionals) {
      if (!(element instanceof Optional<?> o)) {
        return CelError.noOverload("optional.unwrap", element);
      }
      o.ifPresent(values::add);
    }
    return values;
  }

  /** {@code list.first()}. */
  public static Object first(Object list) {
    return list instanceof List<?> l
        ? l.isEmpty() ? Optional.empty() : Optional.of(l.getFirst())
        : CelError.noOverload("first", list);
  }

  /** {@code list.last()}. */
  public static Object last(Object list) {
    return list instanceof List<?> l
        ? l.isEmpty() ? Optional.empty() : Optional.of(l.getLast())
        : CelError.noOverload("last", list);
  }
}
