package io.sealgate.classify.pack;

import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads packs, those built in and those of tenants alike:
 *
 * <pre>{@code
 * pack: pii-example           # lower case, digits, hyphens
 * version: 1
 * rules:
 *   - id: us-ssn              # unique in the pack
 *     type: US_SSN            # of FindingTypes; may be left out for keyword, regex and topic
 *     title: US social security number
 *     finder: token           # see Finder, which also says which other keys there are
 *     shapes: [999-99-9999]
 *     weak_shapes: ["999999999"]
 *     validator: us-ssn
 *     context: [ssn, social security]
 *     context_required: false # default
 *     score: 0.5              # 0 to 1, at most six decimals; 1 for a tenant's rules by default
 *     score_with_context: 0.85 # default: score
 *     examples: {match: ["536-90-4399"], no_match: ["000-12-3456"]}
 * }</pre>
 *
 * <p>Unknown keys are refused, so that a slip of the pen does not switch a rule off.
 */
public final class PackReader {
  /** Rules in one pack. */
  public static final int RULES_MAX = 10_000;

  private static final int CONTEXT_WORDS_MAX = 64;
  private static final int SCORE_DECIMALS = 6;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
  private static final Set<String> PACK_KEYS = Set.of("pack", "version", "rules");
  private static final List<String> RULE_KEYS =
      List.of(
          "id",
          "type",
          "title",
          "finder",
          "context",
          "context_required",
          "score",
          "score_with_context",
          "examples");

  private final Yaml yaml;

  private PackReader(final String source) {
    yaml = new Yaml(source);
  }

  /**
   * Reads one pack.
   *
   * @param source names the pack in messages, for example its file
   * @throws PackException names the line, what is wrong there and what to do
   */
  public static Pack read(final String source, final String text) throws PackException {
    return new PackReader(source).pack(text);
  }

  private Pack pack(final String text) throws PackException {
    final Node root = yaml.document(text);
    final Map<String, Node> fields = yaml.mapping(root, "a pack");
    for (final Map.Entry<String, Node> field : fields.entrySet()) {
      if (!PACK_KEYS.contains(field.getKey())) {
        throw yaml.error(
            field.getValue(),
            "unknown key '" + field.getKey() + "'; a pack has pack, version and rules");
      }
    }
    final String name = name(required(root, fields, "pack", "the pack"), "the pack's name");
    final Node versionNode = required(root, fields, "version", "the pack");
    final int version = integer(versionNode, "version");
    final List<Node> ruleNodes =
        yaml.sequence(required(root, fields, "rules", "the pack"), "rules");
    if (ruleNodes.size() > RULES_MAX) {
      throw yaml.error(
          ruleNodes.get(RULES_MAX), "more than " + RULES_MAX + " rules; split or drop some");
    }
    final List<Rule> rules = new ArrayList<>();
    final Set<String> ids = new HashSet<>();
    for (final Node node : ruleNodes) {
      final Rule rule = rule(node);
      if (!ids.add(rule.id())) {
        throw yaml.error(node, "rule id '" + rule.id() + "' stands twice; rename one");
      }
      rules.add(rule);
    }
    return Pack.of(name, version, rules);
  }

  private Rule rule(final Node node) throws PackException {
    final Map<String, Node> fields = yaml.mapping(node, "a rule");
    final String id = name(required(node, fields, "id", "the rule"), "the rule's id");
    final String what = "rule '" + id + "'";
    final Finder finder = finder(required(node, fields, "finder", what));
    checkKeys(fields, finder, what);
    final int score = score(node, fields, finder, what);
    final int withContext =
        fields.containsKey("score_with_context")
            ? micros(fields.get("score_with_context"), "score_with_context")
            : score;
    final List<String> context =
        list(fields, "context").stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
    if (context.size() > CONTEXT_WORDS_MAX || context.contains("")) {
      throw yaml.error(
          fields.get("context"),
          "context takes up to " + CONTEXT_WORDS_MAX + " words, none empty; shorten the list");
    }
    final boolean contextRequired = flag(fields, "context_required");
    if (contextRequired && context.isEmpty()) {
      throw yaml.error(node, what + " requires context but names no words; add 'context: [...]'");
    }
    return new Rule(
        id,
        type(node, fields, finder, what),
        fields.containsKey("title") ? yaml.scalar(fields.get("title"), "title") : id,
        finder,
        how(node, fields, finder, what),
        context,
        contextRequired,
        score,
        withContext,
        examples(fields),
        Yaml.line(node));
  }

  private void checkKeys(final Map<String, Node> fields, final Finder finder, final String what)
      throws PackException {
    for (final Map.Entry<String, Node> field : fields.entrySet()) {
      final String key = field.getKey();
      if (!RULE_KEYS.contains(key)
          && !finder.required().contains(key)
          && !finder.optional().contains(key)) {
        final List<String> known = new ArrayList<>(RULE_KEYS);
        known.addAll(finder.required());
        known.addAll(finder.optional());
        throw yaml.error(
            field.getValue(),
            "unknown key '%s' in %s; with finder %s there are %s"
                .formatted(key, what, finder.key(), String.join(", ", known)));
      }
    }
  }

  private Map<String, List<String>> how(
      final Node node, final Map<String, Node> fields, final Finder finder, final String what)
      throws PackException {
    final Map<String, List<String>> how = new LinkedHashMap<>();
    for (final String key : finder.required()) {
      put(how, key, fields.get(key));
    }
    for (final String key : finder.optional()) {
      put(how, key, fields.get(key));
    }
    for (final String key : finder.required()) {
      if (how.getOrDefault(key, List.of()).isEmpty()) {
        throw yaml.error(
            node, what + " has no '" + key + "', which finder " + finder.key() + " needs; add it");
      }
    }
    if (finder == Finder.TOKEN && !how.containsKey("shapes") && !how.containsKey("weak_shapes")) {
      throw yaml.error(node, what + " has no shapes; add 'shapes: [...]' or 'weak_shapes: [...]'");
    }
    return Collections.unmodifiableMap(how);
  }

  /** A mapping of words to weights fills both lists. */
  private void put(final Map<String, List<String>> how, final String key, final Node value)
      throws PackException {
    if (value == null) {
      return;
    }
    if (key.equals("words") && value instanceof MappingNode) {
      final Map<String, Node> weighted = yaml.mapping(value, "words");
      final List<String> weights = new ArrayList<>();
      for (final Node weight : weighted.values()) {
        weights.add(Integer.toString(integer(weight, "a weight")));
      }
      how.put("words", List.copyOf(weighted.keySet()));
      how.put("weights", List.copyOf(weights));
      return;
    }
    how.put(key, List.copyOf(yaml.scalars(value, key)));
  }

  private int type(
      final Node node, final Map<String, Node> fields, final Finder finder, final String what)
      throws PackException {
    if (finder.tenant() && !fields.containsKey("type")) {
      return FindingTypes.TENANT_PATTERN;
    }
    final Node type = required(node, fields, "type", what);
    try {
      return FindingTypes.id(yaml.scalar(type, "type"));
    } catch (final IllegalArgumentException e) {
      throw yaml.error(type, e.getMessage());
    }
  }

  private Finder finder(final Node node) throws PackException {
    final String key = yaml.scalar(node, "finder");
    final List<String> known = new ArrayList<>();
    for (final Finder finder : Finder.values()) {
      if (finder.key().equals(key)) {
        return finder;
      }
      known.add(finder.key());
    }
    throw yaml.error(node, "unknown finder '" + key + "'; there are " + String.join(", ", known));
  }

  private Rule.Examples examples(final Map<String, Node> fields) throws PackException {
    final Node node = fields.get("examples");
    if (node == null) {
      return new Rule.Examples(List.of(), List.of());
    }
    final Map<String, Node> examples = yaml.mapping(node, "examples");
    for (final Map.Entry<String, Node> example : examples.entrySet()) {
      if (!example.getKey().equals("match") && !example.getKey().equals("no_match")) {
        throw yaml.error(
            example.getValue(),
            "unknown key '" + example.getKey() + "' in examples; there are match and no_match");
      }
    }
    return new Rule.Examples(list(examples, "match"), list(examples, "no_match"));
  }

  private Node required(
      final Node node, final Map<String, Node> fields, final String key, final String what)
      throws PackException {
    final Node field = fields.get(key);
    if (field == null) {
      throw yaml.error(node, what + " has no '" + key + "'; add '" + key + ": ...'");
    }
    return field;
  }

  private String name(final Node node, final String what) throws PackException {
    final String name = yaml.scalar(node, what);
    if (!NAME.matcher(name).matches()) {
      throw yaml.error(
          node,
          what + " '" + name + "' must be 1 to 64 of a-z, 0-9 and '-', not '-' first; rename it");
    }
    return name;
  }

  private List<String> list(final Map<String, Node> fields, final String key) throws PackException {
    final Node node = fields.get(key);
    return node == null ? List.of() : yaml.scalars(node, key);
  }

  private boolean flag(final Map<String, Node> fields, final String key) throws PackException {
    final Node node = fields.get(key);
    final String value = node == null ? "false" : yaml.scalar(node, key);
    if (!value.equals("true") && !value.equals("false")) {
      throw yaml.error(node, key + " is '" + value + "'; write true or false");
    }
    return value.equals("true");
  }

  private int integer(final Node node, final String what) throws PackException {
    final String value = yaml.scalar(node, what);
    if (!value.matches("[1-9][0-9]{0,8}")) {
      throw yaml.error(node, what + " is '" + value + "'; write a whole number from 1 on");
    }
    return Integer.parseInt(value);
  }

  private int score(
      final Node node, final Map<String, Node> fields, final Finder finder, final String what)
      throws PackException {
    if (finder.tenant() && !fields.containsKey("score")) {
      return Hits.SCORE_MICROS_MAX;
    }
    return micros(required(node, fields, "score", what), "score");
  }

  private int micros(final Node node, final String what) throws PackException {
    final String value = yaml.scalar(node, what);
    if (value.matches("0|1|[01]\\.[0-9]{1," + SCORE_DECIMALS + "}")) {
      final int micros = new BigDecimal(value).movePointRight(SCORE_DECIMALS).intValueExact();
      if (micros <= Hits.SCORE_MICROS_MAX) {
        return micros;
      }
    }
    throw yaml.error(
        node, what + " is '" + value + "'; write 0 to 1 with at most six decimals, such as 0.85");
  }
}
