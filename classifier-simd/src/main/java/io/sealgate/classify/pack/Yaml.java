package io.sealgate.classify.pack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The nodes of one YAML 1.2 document with their lines. Aliases are refused: they can explode. */
final class Yaml {
  static final int CODE_POINTS_MAX = 8 * 1024 * 1024;
  private static final int DEPTH_MAX = 8;

  private final String source;

  /**
   * @param source names the document in messages
   */
  Yaml(final String source) {
    this.source = source;
  }

  Node document(final String text) throws PackException {
    final LoadSettings settings =
        LoadSettings.builder().setLabel(source).setCodePointLimit(CODE_POINTS_MAX).build();
    try {
      checkEvents(new Parse(settings).parseString(text));
      final Node root = new Compose(settings).composeString(text).orElse(null);
      if (root == null) {
        throw new PackException(source, 0, "the file is empty; begin with 'pack: NAME'");
      }
      return root;
    } catch (final MarkedYamlEngineException e) {
      final int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw new PackException(source, line, "no YAML: " + e.getProblem() + "; correct the line");
    } catch (final YamlEngineException e) {
      throw new PackException(source, 0, "no YAML: " + e.getMessage());
    }
  }

  /** Before anything recursive sees the text. */
  private void checkEvents(final Iterable<Event> events) throws PackException {
    int depth = 0;
    for (final Event event : events) {
      final int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
      if (event instanceof AliasEvent) {
        throw new PackException(source, line, "aliases are not allowed; write the value out");
      } else if (event instanceof CollectionStartEvent && ++depth > DEPTH_MAX) {
        throw new PackException(source, line, "nested too deeply; a pack has four levels");
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
    }
  }

  PackException error(final Node at, final String problem) {
    return new PackException(source, line(at), problem);
  }

  static int line(final Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }

  Map<String, Node> mapping(final Node node, final String what) throws PackException {
    if (!(node instanceof MappingNode mapping)) {
      throw error(node, what + " must be a mapping; write 'key: value' lines");
    }
    final Map<String, Node> fields = new LinkedHashMap<>();
    for (final NodeTuple tuple : mapping.getValue()) {
      final String key = scalar(tuple.getKeyNode(), "a key");
      if (fields.put(key, tuple.getValueNode()) != null) {
        throw error(tuple.getKeyNode(), "'" + key + "' stands twice in " + what + "; keep one");
      }
    }
    return fields;
  }

  List<Node> sequence(final Node node, final String what) throws PackException {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    throw error(node, what + " must be a list; write '- item' lines or [a, b]");
  }

  String scalar(final Node node, final String what) throws PackException {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw error(node, what + " must be one value; remove the nesting or quote it");
  }

  /** A list of scalars, or one scalar. */
  List<String> scalars(final Node node, final String what) throws PackException {
    if (node instanceof ScalarNode) {
      return List.of(scalar(node, what));
    }
    final List<String> values = new ArrayList<>();
    for (final Node item : sequence(node, what)) {
      values.add(scalar(item, what));
    }
    return values;
  }
}
