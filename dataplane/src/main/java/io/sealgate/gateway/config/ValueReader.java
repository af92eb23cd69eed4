package io.sealgate.gateway.config;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads single values: scalars, and the few types that have a form of their own. */
final class ValueReader {
  private static final String AUTO = "auto";

  private final ConfigDocument document;

  ValueReader(final ConfigDocument document) {
    this.document = document;
  }

  Object read(final Class<?> type, final Setting setting, final Node node, final String path) {
    if (type == Cores.class) {
      return cores(node, path);
    }
    if (!(node instanceof ScalarNode scalar)) {
      throw document.at(node, path, "must be a single value");
    }
    if (type == int.class) {
      return integer(scalar, setting.min(), setting.max(), path);
    }
    if (type == boolean.class) {
      return bool(scalar, path);
    }
    if (type == BigDecimal.class) {
      return decimal(scalar, setting, path);
    }
    if (type.isEnum()) {
      return constant(type, scalar, path);
    }
    final String text = scalar.getValue();
    if (type == ModelPattern.class) {
      return new ModelPattern(text(scalar, 1, ModelPattern.LENGTH_MAX, text, path));
    }
    text(scalar, setting.min(), setting.max(), text, path);
    if (type == String.class) {
      return text;
    }
    if (type == Path.class) {
      return path(scalar, text, path);
    }
    if (type == URI.class) {
      return baseUrl(scalar, text, path);
    }
    throw new AssertionError(type + " has no form");
  }

  private String text(
      final ScalarNode node, final long min, final long max, final String text, final String path) {
    final int length = text.codePointCount(0, text.length());
    if (length < min || length > max || text.chars().anyMatch(Character::isISOControl)) {
      throw document.at(
          node, path, "must have " + min + " to " + max + " characters, none a control character");
    }
    return text;
  }

  private int integer(final ScalarNode node, final long min, final long max, final String path) {
    final String text = node.getValue();
    try {
      if (node.getTag().equals(Tag.INT)) {
        final long value = Long.parseLong(text);
        if (value >= min && value <= max) {
          return Math.toIntExact(value);
        }
      }
    } catch (final NumberFormatException tooLong) {
      // Falls through to the same answer as any other number out of range.
    }
    throw document.at(
        node, path, "must be a whole number from " + min + " to " + max + ", not " + quote(text));
  }

  private boolean bool(final ScalarNode node, final String path) {
    if (!node.getTag().equals(Tag.BOOL)) {
      throw document.at(node, path, "must be true or false, not " + quote(node.getValue()));
    }
    return Boolean.parseBoolean(node.getValue());
  }

  private BigDecimal decimal(final ScalarNode node, final Setting setting, final String path) {
    final boolean number = node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT);
    // Plain digits only: an exponent or .inf is a slip in a price.
    if (number && node.getValue().matches("[0-9]{1,9}(\\.[0-9]{0,6})?")) {
      final BigDecimal value = new BigDecimal(node.getValue());
      if (value.compareTo(BigDecimal.valueOf(setting.max())) <= 0) {
        return value;
      }
    }
    throw document.at(
        node,
        path,
        "must be a price from 0 to "
            + setting.max()
            + " with at most "
            + Price.DECIMALS_MAX
            + " decimals, not "
            + quote(node.getValue()));
  }

  private Object constant(final Class<?> type, final ScalarNode node, final String path) {
    return Stream.of(type.getEnumConstants())
        .filter(constant -> SectionReader.enumName(constant).equals(node.getValue()))
        .findFirst()
        .orElseThrow(
            () ->
                document.at(
                    node,
                    path,
                    "must be one of "
                        + Stream.of(type.getEnumConstants())
                            .map(SectionReader::enumName)
                            .collect(Collectors.joining(", "))
                        + ", not "
                        + quote(node.getValue())));
  }

  private Path path(final ScalarNode node, final String text, final String path) {
    if (text.isEmpty()) {
      throw document.at(node, path, "must be a path, not empty");
    }
    try {
      return Path.of(text);
    } catch (final InvalidPathException invalid) {
      throw document.at(node, path, "must be a path: " + invalid.getReason());
    }
  }

  private URI baseUrl(final ScalarNode node, final String text, final String path) {
    try {
      final URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      final boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      final boolean bare =
          uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
      if (web && uri.getHost() != null && bare) {
        return uri;
      }
    } catch (final URISyntaxException invalid) {
      // Falls through: the answer is the same, and the message must not quote a credential.
    }
    throw document.at(
        node,
        path,
        "must be an http or https address without user, query or fragment, such as"
            + " https://api.openai.com/v1");
  }

  private Cores cores(final Node node, final String path) {
    if (node instanceof ScalarNode scalar && scalar.getValue().equals(AUTO)) {
      return Cores.AUTO;
    }
    if (!(node instanceof SequenceNode sequence)
        || sequence.getValue().isEmpty()
        || sequence.getValue().size() > Cores.CORES_MAX) {
      throw document.at(node, path, "must be auto or a list of core numbers, such as [0, 1]");
    }
    final Set<Integer> ids = new LinkedHashSet<>();
    for (final Node element : sequence.getValue()) {
      if (!(element instanceof ScalarNode scalar)) {
        throw document.at(element, path, "must be a list of core numbers, such as [0, 1]");
      }
      final int id = integer(scalar, 0, Cores.CORES_MAX - 1, path);
      if (!ids.add(id)) {
        throw document.at(element, path, "names core " + id + " twice; one event loop a core");
      }
    }
    final List<Integer> ordered = new ArrayList<>(ids);
    return new Cores(ordered);
  }

  private static String quote(final String text) {
    final int shown = 40;
    return "'" + (text.length() <= shown ? text : text.substring(0, shown) + "...") + "'";
  }
}
