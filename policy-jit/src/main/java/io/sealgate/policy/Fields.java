package io.sealgate.policy;

import io.sealgate.policy.SourceNode.Entry;
import io.sealgate.policy.SourceNode.Mapping;
import io.sealgate.policy.SourceNode.Scalar;
import io.sealgate.policy.SourceNode.ScalarKind;
import io.sealgate.policy.SourceNode.Sequence;
import io.sealgate.policy.json.CanonicalJson;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Typed reading of one mapping's fields; every refusal names the line and the way out. */
final class Fields {
  /** Bound of a list of names. */
  static final int LIST_LENGTH_MAX = 10_000;

  /** Bound of a name, in UTF-16 units. */
  static final int NAME_LENGTH_MAX = 256;

  private final String file;
  private final Mapping mapping;

  Fields(String file, Mapping mapping) {
    this.file = file;
    this.mapping = mapping;
  }

  int line() {
    return mapping.line();
  }

  int line(String key) {
    final Entry entry = mapping.entries().get(key);
    return entry == null ? mapping.line() : entry.keyLine();
  }

  boolean has(String key) {
    return mapping.entries().containsKey(key);
  }

  void refuseUnknown(String what, Set<String> known) throws PolicyException {
    for (final var field : mapping.entries().entrySet()) {
      if (!known.contains(field.getKey())) {
        throw refuse(
            field.getValue().keyLine(),
            what + " has no field '" + field.getKey() + "'",
            "use one of: " + String.join(", ", known));
      }
    }
  }

  SourceNode required(String key, String fix) throws PolicyException {
    final Entry entry = mapping.entries().get(key);
    if (entry == null) {
      throw refuse(mapping.line(), "'" + key + "' is missing", fix);
    }
    return entry.value();
  }

  /** A name, or the default if it is absent. */
  String text(String key, String defaultValue) throws PolicyException {
    return has(key) ? name(required(key, ""), "'" + key + "'") : defaultValue;
  }

  String requiredText(String key, String fix) throws PolicyException {
    return name(required(key, fix), "'" + key + "'");
  }

  /** Longer prose, for descriptions and conditions. */
  String prose(String key, int lengthMax) throws PolicyException {
    final SourceNode node = required(key, "");
    if (!(node instanceof Scalar scalar) || scalar.kind() != ScalarKind.TEXT) {
      throw refuse(
          node.line(), "'" + key + "' must be text, not " + node.describe(), "put it in quotes");
    }
    if (scalar.text().length() > lengthMax) {
      throw refuse(
          node.line(), "'" + key + "' is longer than " + lengthMax + " characters", "shorten it");
    }
    return scalar.text();
  }

  /** A choice among words, or the default if it is absent. */
  String oneOf(String key, String defaultValue, List<String> choices) throws PolicyException {
    final String value = text(key, defaultValue);
    if (!choices.contains(value)) {
      throw refuse(
          line(key),
          "'" + key + "' is '" + value + "'",
          "use one of: " + String.join(", ", choices));
    }
    return value;
  }

  /** A whole number within bounds, or the default if it is absent. */
  long whole(String key, long defaultValue, long min, long max) throws PolicyException {
    if (!has(key)) {
      return defaultValue;
    }
    final BigDecimal number = number(key);
    if (number.stripTrailingZeros().scale() > 0
        || number.compareTo(BigDecimal.valueOf(min)) < 0
        || number.compareTo(BigDecimal.valueOf(max)) > 0) {
      throw refuse(
          line(key),
          "'" + key + "' is " + number.toPlainString(),
          "give a whole number from " + min + " to " + max);
    }
    return number.longValueExact();
  }

  /** The names of the fields that are given. */
  Set<String> keys() {
    return mapping.entries().keySet();
  }

  /**
   * The mapping without one of its fields as canonical JSON (RFC 8785).
   *
   * @throws IllegalArgumentException if it holds what that form has no place for
   */
  String canonicalWithout(String key) throws PolicyException {
    final Map<String, Object> members = new LinkedHashMap<>();
    for (final Map.Entry<String, Entry> field : mapping.entries().entrySet()) {
      if (!field.getKey().equals(key)) {
        members.put(field.getKey(), PlainValues.of(file, field.getValue().value()));
      }
    }
    return CanonicalJson.write(members);
  }

  /** The fields of a mapping inside this one. */
  Fields mapping(String key) throws PolicyException {
    final SourceNode node = required(key, "give a mapping");
    if (!(node instanceof Mapping inner)) {
      throw refuse(
          node.line(), "'" + key + "' must be a mapping, not " + node.describe(), "write {a: b}");
    }
    return new Fields(file, inner);
  }

  /** Refuses a field that does not go with the others. */
  void refuseUnless(boolean fits, String key, String why) throws PolicyException {
    if (!fits) {
      throw refuse(line(key), "'" + key + "' does not fit here: " + why, "change or remove it");
    }
  }

  /** An amount in US dollars as millionths, or the default if it is absent. */
  long microDollars(String key, long defaultValue, long dollarsMax) throws PolicyException {
    if (!has(key)) {
      return defaultValue;
    }
    final BigDecimal number = number(key);
    if (number.signum() < 0
        || number.compareTo(BigDecimal.valueOf(dollarsMax)) > 0
        || number.stripTrailingZeros().scale() > 6) {
      throw refuse(
          line(key),
          "'" + key + "' is " + number.toPlainString(),
          "give US dollars from 0 to " + dollarsMax + " with at most 6 decimals");
    }
    return number.movePointRight(6).longValueExact();
  }

  /** A decimal number as millionths, or the default if it is absent. */
  long micros(String key, long defaultValue, long max) throws PolicyException {
    if (!has(key)) {
      return defaultValue;
    }
    final BigDecimal number = number(key);
    if (number.signum() < 0
        || number.compareTo(BigDecimal.valueOf(max)) > 0
        || number.stripTrailingZeros().scale() > 6) {
      throw refuse(
          line(key),
          "'" + key + "' is " + number.toPlainString(),
          "give a number from 0 to " + max + " with at most 6 decimals");
    }
    return number.movePointRight(6).longValueExact();
  }

  private BigDecimal number(String key) throws PolicyException {
    final SourceNode node = required(key, "");
    if (!(node instanceof Scalar scalar) || scalar.kind() != ScalarKind.NUMBER) {
      throw refuse(
          node.line(),
          "'" + key + "' must be a number, not " + node.describe(),
          "write it without quotes");
    }
    if (!scalar.isPlainNumber()) {
      throw refuse(node.line(), "'" + key + "' is not a plain number", "write it in plain digits");
    }
    return new BigDecimal(scalar.text());
  }

  /** A set of names; empty only if absent. */
  Set<String> names(String key) throws PolicyException {
    final Set<String> names = new LinkedHashSet<>();
    if (has(key)) {
      for (final SourceNode item : list(key)) {
        names.add(name(item, "an entry of '" + key + "'"));
      }
    }
    return names;
  }

  /** A set of words to look for, which may hold any characters; empty only if absent. */
  Set<String> texts(String key) throws PolicyException {
    final Set<String> texts = new LinkedHashSet<>();
    if (has(key)) {
      for (final SourceNode item : list(key)) {
        texts.add(text(item, "an entry of '" + key + "'"));
      }
    }
    return texts;
  }

  /** The items of a list of names or patterns that may not be empty. */
  List<SourceNode> list(String key) throws PolicyException {
    return list(key, LIST_LENGTH_MAX);
  }

  /** The items of a list that may not be empty. */
  List<SourceNode> list(String key, int lengthMax) throws PolicyException {
    final SourceNode node = required(key, "give a list");
    if (!(node instanceof Sequence sequence)) {
      throw refuse(
          node.line(),
          "'" + key + "' must be a list, not " + node.describe(),
          "write it as [a, b]");
    }
    if (sequence.items().isEmpty()) {
      throw refuse(node.line(), "'" + key + "' is empty", "name at least one or remove the field");
    }
    if (sequence.items().size() > lengthMax) {
      throw refuse(
          node.line(), "'" + key + "' has more than " + lengthMax + " entries", "split it");
    }
    return sequence.items();
  }

  /** A name: text in NFC without characters that cannot be seen. */
  String name(SourceNode node, String what) throws PolicyException {
    final String text = text(node, what);
    if (text.codePoints().anyMatch(Fields::isInvisible)) {
      throw refuse(
          node.line(),
          what + " holds a control or formatting character",
          "write it with visible characters");
    }
    if (!Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
      throw refuse(
          node.line(),
          what + " is not in Unicode normalization form C",
          "write accents as one character (NFC)");
    }
    return text;
  }

  private static boolean isInvisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /** Text of at most {@link #NAME_LENGTH_MAX} units that is not blank. */
  String text(SourceNode node, String what) throws PolicyException {
    if (!(node instanceof Scalar scalar) || scalar.kind() != ScalarKind.TEXT) {
      throw refuse(node.line(), what + " must be text, not " + node.describe(), "put it in quotes");
    }
    final String text = scalar.text();
    if (text.isBlank() || text.length() > NAME_LENGTH_MAX) {
      throw refuse(
          node.line(),
          what + " is " + (text.isBlank() ? "blank" : "too long"),
          "give 1 to " + NAME_LENGTH_MAX + " characters");
    }
    return text;
  }

  PolicyException refuse(int line, String problem, String fix) {
    return new PolicyException(file, line, problem, fix);
  }
}
