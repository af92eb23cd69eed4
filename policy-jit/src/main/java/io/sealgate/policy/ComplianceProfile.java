package io.sealgate.policy;

import io.sealgate.policy.SourceNode.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * A named set of rules that serve a standard, kept as a data file beside this class. Every rule of
 * it states the control that it serves. A profile helps with the controls it names; it certifies
 * nothing.
 */
final class ComplianceProfile {
  static final List<String> NAMES = List.of("soc2", "gdpr", "hipaa", "pci-dss", "eu-ai-act");

  private static final List<String> FIELDS = List.of("profile", "title", "rules");
  private static final int RULES_MAX = 100;

  private final List<RuleSpec> rules;

  private ComplianceProfile(List<RuleSpec> rules) {
    this.rules = rules;
  }

  /** The profile that a rule names. */
  static ComplianceProfile of(Fields rule, FindingTypeNames types) throws PolicyException {
    rule.required("profile", "give it one of: " + String.join(", ", NAMES));
    return read(rule.oneOf("profile", "", NAMES), types);
  }

  static ComplianceProfile read(String name, FindingTypeNames types) throws PolicyException {
    final String file = "profile:" + name;
    final Mapping root = SourceReader.read(file, bytes(name));
    final Fields fields = new Fields(file, root);
    fields.refuseUnknown("a profile", new LinkedHashSet<>(FIELDS));
    final RuleReader reader = new RuleReader(file, types);
    final List<RuleSpec> rules = new ArrayList<>();
    for (final SourceNode item : fields.list("rules", RULES_MAX)) {
      rules.addAll(reader.read(item));
    }
    return new ComplianceProfile(rules);
  }

  private static byte[] bytes(String name) {
    try (InputStream in =
        ComplianceProfile.class.getResourceAsStream("profiles/" + name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("the profile " + name + " is not in this distribution");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the profile " + name + " cannot be read", e);
    }
  }

  List<RuleSpec> rules() {
    return rules;
  }

  /** The profile's rules as parts of the rule that names it. */
  List<RuleSpec> expand(RuleSpec whole) {
    return rules.stream().map(rule -> rule.asPartOf(whole, whole.id() + "." + rule.id())).toList();
  }
}
