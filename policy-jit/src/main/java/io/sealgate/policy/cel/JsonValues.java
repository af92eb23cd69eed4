package io.sealgate.policy.cel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JSON values as CEL sees them. */
public final class JsonValues {
  private JsonValues() {}

  /**
   * The CEL value of a {@code Map} with text keys, {@code List}, {@code String}, {@code Long},
   * {@code Double}, {@code Boolean} or null.
   *
   * @throws IllegalArgumentException if it holds anything else
   */
  public static Object of(Object json) {
    return switch (json) {
      case null -> Null.VALUE;
      case Boolean b -> b;
      case Long n -> n;
      case Double d -> d;
      case String s -> s;
      case List<?> list -> {
        final List<Object> items = new ArrayList<>(list.size());
        list.forEach(item -> items.add(of(item)));
        yield items;
      }
      case Map<?, ?> map -> {
        final CelMap members = new CelMap();
        map.forEach((key, member) -> members.put(key, of(member)));
        yield members;
      }
      default -> throw new IllegalArgumentException("no JSON value: a " + json.getClass());
    };
  }
}
