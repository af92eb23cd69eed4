package io.sealgate.policy;

import io.sealgate.policy.SourceNode.Mapping;
import io.sealgate.policy.SourceNode.Scalar;
import io.sealgate.policy.SourceNode.Sequence;
import io.sealgate.policy.json.CanonicalJson;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a document says as plain values: text, whole and other numbers, booleans, lists, maps. */
final class PlainValues {
  private PlainValues() {}

  /**
   * @throws PolicyException if a number is too long to compute with
   */
  static Object of(String file, SourceNode node) throws PolicyException {
    return switch (node) {
      case Scalar scalar -> scalar(file, scalar);
      case Sequence sequence -> {
        final List<Object> items = new ArrayList<>();
        for (final SourceNode item : sequence.items()) {
          items.add(of(file, item));
        }
        yield items;
      }
      case Mapping mapping -> {
        final Map<String, Object> members = new LinkedHashMap<>();
        for (final var entry : mapping.entries().entrySet()) {
          members.put(entry.getKey(), of(file, entry.getValue().value()));
        }
        yield members;
      }
    };
  }

  private static Object scalar(String file, Scalar scalar) throws PolicyException {
    return switch (scalar.kind()) {
      case TEXT -> scalar.text();
      case BOOL -> Boolean.valueOf(scalar.text());
      case NULL -> null;
      case NUMBER -> {
        if (!scalar.isPlainNumber()) {
          throw new PolicyException(
              file, scalar.line(), "this is not a plain number", "write it in plain digits");
        }
        final BigDecimal number = new BigDecimal(scalar.text());
        final boolean whole = number.stripTrailingZeros().scale() <= 0;
        yield whole && number.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
            ? (Object) number.longValueExact()
            : (Object) number.doubleValue();
      }
    };
  }

  /** The same value with its lists sorted, for comparing where lists are sets. */
  static Object unordered(Object value) {
    return switch (value) {
      case List<?> list ->
          list.stream()
              .map(PlainValues::unordered)
              .sorted(Comparator.comparing(CanonicalJson::write))
              .toList();
      case Map<?, ?> map -> {
        final Map<Object, Object> members = new LinkedHashMap<>();
        map.forEach((key, member) -> members.put(key, unordered(member)));
        yield members;
      }
      case null, default -> value;
    };
  }
}
