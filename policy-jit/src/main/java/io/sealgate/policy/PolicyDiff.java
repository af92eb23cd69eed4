package io.sealgate.policy;

import io.sealgate.policy.SourceNode.Entry;
import io.sealgate.policy.SourceNode.Mapping;
import io.sealgate.policy.SourceNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What differs between two sets of documents, by the ids of their rules. Layout never counts. */
public final class PolicyDiff {
  private PolicyDiff() {}

  /**
   * One line for each difference: {@code +}, {@code -} or {@code ~}, the document or {@code
   * policy/rule}, and of what changed the fields.
   */
  public static List<String> lines(List<PolicyDocument> before, List<PolicyDocument> after)
      throws PolicyException {
    final Map<String, Mapping> old = parts(before);
    final Map<String, Mapping> fresh = parts(after);
    final TreeSet<String> names = new TreeSet<>(old.keySet());
    names.addAll(fresh.keySet());
    final List<String> lines = new ArrayList<>();
    for (final String name : names) {
      if (!fresh.containsKey(name)) {
        lines.add("- " + name);
      } else if (!old.containsKey(name)) {
        lines.add("+ " + name);
      } else {
        final List<String> fields = changed(old.get(name), fresh.get(name));
        if (!fields.isEmpty()) {
          lines.add("~ " + name + ": " + String.join(", ", fields));
        }
      }
    }
    return lines;
  }

  /** Documents without their rules, and rules. */
  private static Map<String, Mapping> parts(List<PolicyDocument> documents) throws PolicyException {
    final Map<String, Mapping> parts = new TreeMap<>();
    for (final PolicyDocument document : documents) {
      final Mapping root = SourceReader.read(document.fileName(), document.source());
      final Map<String, Entry> head = new LinkedHashMap<>(root.entries());
      final Entry rules = head.remove("rules");
      parts.put(document.kind() + " " + document.name(), new Mapping(root.line(), head));
      if (rules != null && rules.value() instanceof Sequence sequence) {
        for (final SourceNode item : sequence.items()) {
          if (item instanceof Mapping rule) {
            final Fields fields = new Fields(document.fileName(), rule);
            final String id = RuleReader.id(fields, rule, fields.text("type", ""));
            parts.put("rule " + document.name() + "/" + id, rule);
          }
        }
      }
    }
    return parts;
  }

  private static List<String> changed(Mapping before, Mapping after) {
    final TreeSet<String> fields = new TreeSet<>(before.entries().keySet());
    fields.addAll(after.entries().keySet());
    final List<String> changed = new ArrayList<>();
    for (final String field : fields) {
      final String old = text(before, field);
      final String fresh = text(after, field);
      if (!old.equals(fresh)) {
        changed.add(field + " " + old + " -> " + fresh);
      }
    }
    return changed;
  }

  private static String text(Mapping mapping, String field) {
    final Entry entry = mapping.entries().get(field);
    return entry == null ? "(none)" : new Mapping(0, Map.of(field, entry)).canonical();
  }
}
