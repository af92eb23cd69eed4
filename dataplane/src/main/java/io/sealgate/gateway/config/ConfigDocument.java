package io.sealgate.gateway.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * One file as YAML nodes, with the line each key was found on. Anchors, aliases and a second
 * document are refused: a configuration says each thing once, where it stands.
 */
final class ConfigDocument {
  private static final int CODE_POINTS_MAX = 1 << 20;

  private final String file;
  private final Node root;
  private final Map<String, Integer> lines = new HashMap<>();

  private ConfigDocument(final String file, final Node root) {
    this.file = file;
    this.root = root;
  }

  static ConfigDocument parse(final String file, final byte[] utf8) {
    final String text = decode(file, utf8);
    final LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setCodePointLimit(CODE_POINTS_MAX)
            .setAllowNonScalarKeys(true)
            .build();
    try {
      refuseAnchors(file, settings, text);
      final Optional<Node> root = new Compose(settings).composeString(text);
      return new ConfigDocument(file, root.orElse(null));
    } catch (final MarkedYamlEngineException malformed) {
      final int line = malformed.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw caused(
          new ConfigException(file, line, "", "is not YAML: " + malformed.getProblem()), malformed);
    } catch (final YamlEngineException malformed) {
      throw caused(
          new ConfigException(file, 0, "", "is not YAML: " + malformed.getMessage()), malformed);
    }
  }

  /** Parses a default as it stands in a {@link Setting}. */
  static Node fallback(final String yaml) {
    return new Compose(LoadSettings.builder().build())
        .composeString(yaml)
        .orElseThrow(() -> new AssertionError("empty default"));
  }

  /** The topmost node, or null when the file holds none. */
  Node root() {
    return root;
  }

  /** Remembers where a key stands, for rules that span keys. */
  void locate(final String path, final int line) {
    lines.put(path, line);
  }

  /** An error at a key; at the nearest section that stands in the file when the key does not. */
  ConfigException at(final String path, final String reason) {
    String known = path;
    while (!lines.containsKey(known) && !known.isEmpty()) {
      known = known.substring(0, Math.max(0, known.lastIndexOf('.')));
    }
    return new ConfigException(file, lines.getOrDefault(known, 0), path, reason);
  }

  /** An error at a node. */
  ConfigException at(final Node node, final String path, final String reason) {
    return new ConfigException(file, line(node), path, reason);
  }

  /** Line of a node, counted from one; zero when unknown. */
  static int line(final Node node) {
    return node == null ? 0 : node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  private static String decode(final String file, final byte[] utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (final CharacterCodingException malformed) {
      throw caused(
          new ConfigException(file, 0, "", "is not UTF-8; save it in that encoding"), malformed);
    }
  }

  private static void refuseAnchors(
      final String file, final LoadSettings settings, final String text) {
    for (final Event event : new Parse(settings).parseString(text)) {
      final boolean anchored =
          event instanceof AliasEvent
              || (event instanceof NodeEvent node && node.getAnchor().isPresent());
      if (anchored) {
        final int line = event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
        throw new ConfigException(
            file, line, "", "anchors and aliases are not accepted; write the value out");
      }
    }
  }

  private static ConfigException caused(final ConfigException failure, final Throwable cause) {
    failure.initCause(cause);
    return failure;
  }
}
