package io.sealgate.gateway.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads YAML nodes into records whose components carry a {@link Setting}. */
final class SectionReader {
  private static final Map<String, Node> NOTHING = Map.of();

  private final ConfigDocument document;
  private final ValueReader values;

  SectionReader(final ConfigDocument document) {
    this.document = document;
    this.values = new ValueReader(document);
  }

  /** Reads the whole document; a null root is an empty section. */
  <R extends Record> R read(final Class<R> type, final Node root) {
    return type.cast(section(type, root, NOTHING, ""));
  }

  /** A component's name as a key: {@code bodyBytesMax} is {@code body-bytes-max}. */
  static String key(final RecordComponent component) {
    final StringBuilder key = new StringBuilder();
    for (final char letter : component.getName().toCharArray()) {
      if (Character.isUpperCase(letter)) {
        key.append('-');
      }
      key.append(Character.toLowerCase(letter));
    }
    return key.toString();
  }

  static Setting setting(final RecordComponent component) {
    final Setting setting = component.getAnnotation(Setting.class);
    if (setting == null) {
      throw new AssertionError(component + " has no @Setting");
    }
    return setting;
  }

  /** Whether a type is a nested section and not a value. */
  static boolean isSection(final Class<?> type) {
    return type.isRecord() && type != Cores.class && type != ModelPattern.class;
  }

  /** The one type argument of {@code Optional} or {@code List}. */
  static Class<?> argument(final RecordComponent component) {
    final Type generic = component.getGenericType();
    return (Class<?>) ((ParameterizedType) generic).getActualTypeArguments()[0];
  }

  private Record section(
      final Class<?> type, final Node node, final Map<String, Node> replaced, final String path) {
    final RecordComponent[] components = type.getRecordComponents();
    final Map<String, Node> given = node == null ? NOTHING : entries(type, node, path);
    if (node != null) {
      document.locate(path, ConfigDocument.line(node));
    }
    final Class<?>[] types = new Class<?>[components.length];
    final Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      final String key = key(components[i]);
      final String below = path.isEmpty() ? key : path + "." + key;
      types[i] = components[i].getType();
      arguments[i] = component(components[i], given.get(key), replaced.get(key), below, node);
    }
    return construct(type, types, arguments);
  }

  private Object component(
      final RecordComponent component,
      final Node given,
      final Node replaced,
      final String path,
      final Node section) {
    final Setting setting = setting(component);
    final Class<?> type = component.getType();
    if (given != null) {
      document.locate(path, ConfigDocument.line(given));
    }
    if (isSection(type)) {
      final Map<String, Node> defaults =
          setting.fallback().isEmpty()
              ? NOTHING
              : entries(type, ConfigDocument.fallback(setting.fallback()), path);
      // A section whose keys are all commented out has no value, and means its defaults.
      return section(type, isNull(given) ? null : given, defaults, path);
    }
    refuseNull(given, path);
    final Node node =
        Stream.of(Optional.ofNullable(given), Optional.ofNullable(replaced), fallback(setting))
            .flatMap(Optional::stream)
            .findFirst()
            .orElse(null);
    if (type == Optional.class) {
      return Optional.ofNullable(node)
          .map(present -> values.read(argument(component), setting, present, path));
    }
    if (node == null) {
      throw document.at(section, path, "is missing; for example " + setting.example());
    }
    return type == List.class
        ? list(argument(component), setting, node, path)
        : values.read(type, setting, node, path);
  }

  private List<?> list(
      final Class<?> element, final Setting setting, final Node node, final String path) {
    if (!(node instanceof SequenceNode sequence)) {
      throw document.at(node, path, "must be a list, such as [a, b]");
    }
    final int size = sequence.getValue().size();
    if (size < setting.min() || size > setting.max()) {
      throw document.at(
          node,
          path,
          "must have " + setting.min() + " to " + setting.max() + " elements, not " + size);
    }
    final List<Object> elements = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      final Node item = sequence.getValue().get(i);
      final String below = path + "[" + i + "]";
      document.locate(below, ConfigDocument.line(item));
      refuseNull(item, below);
      elements.add(
          isSection(element)
              ? section(element, item, NOTHING, below)
              : values.read(element, setting, item, below));
    }
    return elements;
  }

  private Map<String, Node> entries(final Class<?> type, final Node node, final String path) {
    if (!(node instanceof MappingNode mapping)) {
      throw document.at(node, path, "must be a section of keys: " + knownKeys(type));
    }
    final Map<String, Node> entries = new LinkedHashMap<>();
    for (final NodeTuple entry : mapping.getValue()) {
      final Node keyNode = entry.getKeyNode();
      final String key = keyNode instanceof ScalarNode scalar ? scalar.getValue() : "";
      final String below = path.isEmpty() ? key : path + "." + key;
      if (Stream.of(type.getRecordComponents()).noneMatch(known -> key(known).equals(key))) {
        throw document.at(keyNode, below, "is not a known key; known here: " + knownKeys(type));
      }
      final Node first = entries.putIfAbsent(key, entry.getValueNode());
      if (first != null) {
        throw document.at(
            keyNode, below, "is given twice, first on line " + ConfigDocument.line(first));
      }
    }
    return entries;
  }

  private void refuseNull(final Node node, final String path) {
    if (isNull(node)) {
      throw document.at(node, path, "has no value; remove the key to take the default");
    }
  }

  private static boolean isNull(final Node node) {
    return node != null && node.getTag().equals(Tag.NULL);
  }

  private static Optional<Node> fallback(final Setting setting) {
    return setting.fallback().isEmpty()
        ? Optional.empty()
        : Optional.of(ConfigDocument.fallback(setting.fallback()));
  }

  private static String knownKeys(final Class<?> type) {
    return Stream.of(type.getRecordComponents())
        .map(SectionReader::key)
        .collect(Collectors.joining(", "));
  }

  static String enumName(final Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
  }

  private static Record construct(
      final Class<?> type, final Class<?>[] types, final Object[] arguments) {
    try {
      return (Record) type.getDeclaredConstructor(types).newInstance(arguments);
    } catch (final ReflectiveOperationException broken) {
      throw new AssertionError(type + " cannot be made from its own components", broken);
    }
  }
}
