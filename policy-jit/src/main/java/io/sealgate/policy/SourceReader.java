package io.sealgate.policy;

import io.sealgate.policy.SourceNode.Entry;
import io.sealgate.policy.SourceNode.Mapping;
import io.sealgate.policy.SourceNode.Scalar;
import io.sealgate.policy.SourceNode.ScalarKind;
import io.sealgate.policy.SourceNode.Sequence;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.JsonScalarResolver;

/**
 * Reads YAML 1.2 (JSON being a part of it) into {@link SourceNode}s, from parser events rather than
 * composed nodes, so that depth and aliases are refused before anything is built from them.
 */
final class SourceReader {
  /** Bound of a document. */
  static final int DOCUMENT_BYTES_MAX = 16 << 20;

  /** Bound of nested lists and mappings. */
  static final int DEPTH_MAX = 16;

  private static final JsonScalarResolver RESOLVER = new JsonScalarResolver();

  private final String file;
  private final Iterator<Event> events;
  private int lastLine = 1;

  private SourceReader(String file, Iterator<Event> events) {
    this.file = file;
    this.events = events;
  }

  static Mapping read(String file, byte[] utf8) throws PolicyException {
    if (utf8.length > DOCUMENT_BYTES_MAX) {
      throw new PolicyException(
          file,
          0,
          "the document has " + utf8.length + " bytes, more than " + DOCUMENT_BYTES_MAX,
          "split it into several policies");
    }
    final LoadSettings settings =
        LoadSettings.builder().setLabel(file).setCodePointLimit(DOCUMENT_BYTES_MAX).build();
    final String text = decode(file, utf8);
    try {
      return new SourceReader(file, new Parse(settings).parseString(text).iterator()).document();
    } catch (MarkedYamlEngineException e) {
      throw new PolicyException(
          file,
          line(e.getProblemMark().or(e::getContextMark)),
          "this is not YAML or JSON: " + e.getProblem(),
          "correct the syntax there or just before it");
    } catch (YamlEngineException e) {
      throw new PolicyException(
          file, 0, "this is not YAML or JSON: " + e.getMessage(), "correct the syntax");
    }
  }

  private static String decode(String file, byte[] utf8) throws PolicyException {
    final ByteBuffer in = ByteBuffer.wrap(utf8);
    try {
      final String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(in)
              .toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      int line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += utf8[i] == '\n' ? 1 : 0;
      }
      throw new PolicyException(file, line, "this line is not UTF-8", "save the document as UTF-8");
    }
  }

  private Mapping document() throws PolicyException {
    Mapping root = null;
    while (events.hasNext()) {
      final Event event = next();
      switch (event.getEventId()) {
        case StreamStart, StreamEnd, DocumentStart, DocumentEnd, Comment -> {}
        default -> {
          if (root != null) {
            throw refuse(
                line(event), "a second document starts here", "put each policy into its own file");
          }
          root = root(node(event, 1));
        }
      }
    }
    if (root == null) {
      throw refuse(1, "the document is empty", "start with policy_name and rules");
    }
    return root;
  }

  private Mapping root(SourceNode node) throws PolicyException {
    if (node instanceof Mapping mapping) {
      return mapping;
    }
    throw refuse(
        node.line(),
        "a policy is a mapping, this is " + node.describe(),
        "start with policy_name and rules");
  }

  private SourceNode node(Event event, int depth) throws PolicyException {
    final int line = line(event);
    if (event instanceof AliasEvent) {
      throw refuse(line, "aliases (*name) are not allowed", "write the value out in full");
    }
    if (depth > DEPTH_MAX) {
      throw refuse(line, "nested deeper than " + DEPTH_MAX, "remove the nesting");
    }
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      throw refuse(line, "anchors (&name) are not allowed", "remove the anchor");
    }
    return switch (event.getEventId()) {
      case Scalar -> scalar((ScalarEvent) event, line);
      case SequenceStart -> sequence((CollectionStartEvent) event, line, depth);
      case MappingStart -> mapping((CollectionStartEvent) event, line, depth);
      default -> throw refuse(line, "unexpected " + event.getEventId(), "correct the syntax there");
    };
  }

  private Scalar scalar(ScalarEvent event, int line) throws PolicyException {
    refuseTag(event.getTag(), line);
    final Tag tag = event.isPlain() ? RESOLVER.resolve(event.getValue(), true) : Tag.STR;
    final ScalarKind kind;
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      // YAML also has .inf and .nan, which are no numbers to a policy.
      kind =
          event.getValue().contains(".i") || event.getValue().contains(".n")
              ? ScalarKind.TEXT
              : ScalarKind.NUMBER;
    } else if (tag.equals(Tag.BOOL)) {
      kind = ScalarKind.BOOL;
    } else if (tag.equals(Tag.NULL)) {
      return new Scalar(line, ScalarKind.NULL, "null");
    } else {
      kind = ScalarKind.TEXT;
    }
    return new Scalar(line, kind, event.getValue());
  }

  private Sequence sequence(CollectionStartEvent start, int line, int depth)
      throws PolicyException {
    refuseTag(start.getTag(), line);
    final List<SourceNode> items = new ArrayList<>();
    for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
      items.add(node(event, depth + 1));
    }
    return new Sequence(line, items);
  }

  private Mapping mapping(CollectionStartEvent start, int line, int depth) throws PolicyException {
    refuseTag(start.getTag(), line);
    final Map<String, Entry> entries = new LinkedHashMap<>();
    for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
      final SourceNode key = node(event, depth + 1);
      if (!(key instanceof Scalar scalar)) {
        throw refuse(key.line(), "a key must be text, not " + key.describe(), "name the field");
      }
      final Entry entry = new Entry(key.line(), node(next(), depth + 1));
      final Entry before = entries.putIfAbsent(scalar.text(), entry);
      if (before != null) {
        throw refuse(
            key.line(),
            "'" + scalar.text() + "' is given twice, first at line " + before.keyLine(),
            "remove one of them");
      }
    }
    return new Mapping(line, entries);
  }

  private void refuseTag(Optional<String> tag, int line) throws PolicyException {
    if (tag.isPresent()) {
      throw refuse(line, "tags (" + tag.get() + ") are not allowed", "remove the tag");
    }
  }

  private Event next() {
    final Event event = events.next();
    lastLine = line(event);
    return event;
  }

  private int line(Event event) {
    final int line = line(event.getStartMark());
    return line > 0 ? line : lastLine;
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(m -> m.getLine() + 1).orElse(0);
  }

  private PolicyException refuse(int line, String problem, String fix) {
    return new PolicyException(file, line, problem, fix);
  }
}
