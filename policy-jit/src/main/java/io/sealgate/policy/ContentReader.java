package io.sealgate.policy;

import io.sealgate.policy.RuleSpec.Content;
import io.sealgate.policy.SourceNode.Mapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads what calls and answers may carry. */
final class ContentReader {
  private static final int KEYWORDS_PER_TOPIC_MAX = 1_000;

  private final String file;
  private final PatternReader patterns;

  ContentReader(String file, FindingTypeNames types) {
    this.file = file;
    this.patterns = new PatternReader(file, types);
  }

  Content contentFilter(Fields fields) throws PolicyException {
    if (!fields.has("types")
        && !fields.has("patterns")
        && !fields.has("keywords")
        && !fields.has("topics")) {
      throw fields.refuse(
          fields.line(),
          "the content_filter looks for nothing",
          "give types, patterns or keywords, or topics");
    }
    final boolean block =
        fields.oneOf("action", "block", List.of("block", "redact")).equals("block");
    final Set<Integer> ids = new TreeSet<>();
    final Set<PolicyPattern> own = new LinkedHashSet<>();
    if (fields.has("types")) {
      patterns.types(fields, ids);
    }
    if (fields.has("patterns")) {
      patterns.patterns(fields, ids, own);
    }
    for (final String keyword : fields.texts("keywords")) {
      own.add(new PolicyPattern(keyword, keyword, false));
    }
    final RedactionMethod[] methods = new RedactionMethod[ids.size()];
    Arrays.fill(methods, block ? RedactionMethod.BLOCK : RedactionMethod.MASK);
    return content(fields, block, ids, methods, List.copyOf(own), topics(fields));
  }

  Content piiRedaction(Fields fields) throws PolicyException {
    if (!fields.has("methods")) {
      fields.required("types", "list the finding types it redacts");
    }
    final Map<Integer, RedactionMethod> methodOf = new TreeMap<>();
    if (fields.has("types")) {
      final Set<Integer> ids = new TreeSet<>();
      patterns.types(fields, ids);
      final RedactionMethod method = method(fields, "method", "mask");
      ids.forEach(id -> methodOf.put(id, method));
    } else {
      fields.refuseUnless(!fields.has("method"), "method", "it says how 'types' are redacted");
    }
    if (fields.has("methods")) {
      final Fields own = fields.mapping("methods");
      for (final String name : own.keys()) {
        final RedactionMethod method = method(own, name, "");
        for (final int id : patterns.type(own.line(name), name)) {
          methodOf.put(id, method);
        }
      }
    }
    return content(
        fields,
        false,
        methodOf.keySet(),
        methodOf.values().toArray(RedactionMethod[]::new),
        List.of(),
        List.of());
  }

  private static RedactionMethod method(Fields fields, String key, String defaultValue)
      throws PolicyException {
    return RedactionMethod.valueOf(
        fields
            .oneOf(key, defaultValue, List.of("mask", "partial", "hash", "pseudonym", "block"))
            .toUpperCase(Locale.ROOT));
  }

  private static Content content(
      Fields fields,
      boolean block,
      Set<Integer> types,
      RedactionMethod[] methods,
      List<PolicyPattern> own,
      List<RuleSpec.Topic> topics)
      throws PolicyException {
    final String direction =
        fields.oneOf("direction", "request", List.of("request", "response", "both"));
    return new Content(
        block,
        types.stream().mapToInt(Integer::intValue).toArray(),
        methods,
        own,
        topics,
        (int) fields.micros("min_score", 0, 1),
        !direction.equals("response"),
        !direction.equals("request"));
  }

  private List<RuleSpec.Topic> topics(Fields fields) throws PolicyException {
    final List<RuleSpec.Topic> topics = new ArrayList<>();
    if (fields.has("topics")) {
      for (final SourceNode item : fields.list("topics")) {
        if (!(item instanceof Mapping mapping)) {
          throw fields.refuse(
              item.line(),
              "a topic is a mapping, this is " + item.describe(),
              "give it name and keywords");
        }
        topics.add(topic(new Fields(file, mapping)));
      }
    }
    return topics;
  }

  private static RuleSpec.Topic topic(Fields fields) throws PolicyException {
    fields.refuseUnknown("a topic", SchemaFields.TOPIC);
    final String name = fields.requiredText("name", "name the topic");
    fields.list("keywords", KEYWORDS_PER_TOPIC_MAX);
    final Set<PolicyPattern> words = new LinkedHashSet<>();
    for (final String word : fields.texts("keywords")) {
      words.add(new PolicyPattern(name, word, false));
    }
    return new RuleSpec.Topic(
        List.copyOf(words), (int) fields.whole("min_hits", 1, 1, words.size()));
  }
}
