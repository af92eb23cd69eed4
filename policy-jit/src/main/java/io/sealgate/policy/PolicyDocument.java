package io.sealgate.policy;

import io.sealgate.policy.SourceNode.Mapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One policy: a named document of rules, read from YAML or JSON and wholly checked. Immutable.
 *
 * <p>Two documents that differ only in layout, in comments or in the order of rules and list
 * entries have the same {@linkplain #digest digest}.
 */
public final class PolicyDocument {
  /** Bound of the rules of one document. */
  public static final int RULES_MAX = 100_000;

  private static final Set<String> FIELDS =
      new LinkedHashSet<>(
          List.of("policy_name", "description", "environment", "org", "mode", "rules"));

  private final String fileName;
  private final byte[] source;
  private final String name;
  private final String environment;
  private final Optional<String> org;
  private final boolean enforced;
  private final String digest;
  private final List<RuleSpec> rules;

  private PolicyDocument(String fileName, byte[] source, Mapping root, FindingTypeNames types)
      throws PolicyException {
    final Fields fields = new Fields(fileName, root);
    fields.refuseUnknown("a policy", FIELDS);
    this.fileName = fileName;
    this.source = source;
    this.name = fields.requiredText("policy_name", "name the policy");
    this.environment = fields.text("environment", "*");
    this.org = fields.has("org") ? Optional.of(fields.text("org", "")) : Optional.empty();
    this.enforced =
        fields.oneOf("mode", "enforce", List.of("enforce", "observe")).equals("enforce");
    if (fields.has("description")) {
      fields.prose("description", RuleReader.DESCRIPTION_LENGTH_MAX);
    }
    this.rules = rules(fields, new RuleReader(fileName, types));
    this.digest = Digests.sha256Hex(root.canonical());
  }

  /**
   * Reads a document.
   *
   * @param fileName what to call it in errors; it is not opened
   * @param utf8 the text; copied
   * @param types the finding types that rules may name
   * @throws PolicyException if anything in it is not understood, with the line and the fix
   */
  public static PolicyDocument parse(String fileName, byte[] utf8, FindingTypeNames types)
      throws PolicyException {
    return new PolicyDocument(fileName, utf8.clone(), SourceReader.read(fileName, utf8), types);
  }

  private static List<RuleSpec> rules(Fields fields, RuleReader reader) throws PolicyException {
    fields.required("rules", "list at least one rule");
    final List<SourceNode> items = fields.list("rules", RULES_MAX);
    final Map<String, Integer> lineOfId = new HashMap<>();
    final List<RuleSpec> rules = new ArrayList<>(items.size());
    for (final SourceNode item : items) {
      final RuleSpec rule = reader.read(item);
      final Integer before = lineOfId.putIfAbsent(rule.id(), rule.line());
      if (before != null) {
        throw fields.refuse(
            rule.line(),
            "the rule repeats the rule '" + rule.id() + "' of line " + before,
            "remove it or give it an id of its own");
      }
      rules.add(rule);
    }
    return List.copyOf(rules);
  }

  /** The name given to {@link #parse}. */
  public String fileName() {
    return fileName;
  }

  public String name() {
    return name;
  }

  /** The environment it applies to, {@code *} for all. */
  public String environment() {
    return environment;
  }

  /** The organisation it is written for, if it says so. */
  public Optional<String> org() {
    return org;
  }

  /** False in observe mode: what the policy decides is recorded and not done. */
  public boolean enforced() {
    return enforced;
  }

  /** SHA-256 of the canonical form, in lower-case hex. */
  public String digest() {
    return digest;
  }

  /** The text as it was read; a copy. */
  public byte[] source() {
    return source.clone();
  }

  public int ruleCount() {
    return rules.size();
  }

  List<RuleSpec> rules() {
    return rules;
  }
}
