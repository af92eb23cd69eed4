package io.sealgate.policy;

import io.sealgate.policy.DocumentBody.Binding;
import io.sealgate.policy.DocumentBody.Excuse;
import io.sealgate.policy.DocumentBody.Node;
import io.sealgate.policy.DocumentBody.OrgTree;
import io.sealgate.policy.DocumentBody.Policy;
import io.sealgate.policy.DocumentBody.Risk;
import io.sealgate.policy.DocumentBody.UseCase;
import io.sealgate.policy.SourceNode.Mapping;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads what documents say, one kind of document after the other. */
final class DocumentReader {
  private static final int BINDINGS_MAX = 1_000;

  private final String file;
  private final Fields fields;
  private final FindingTypeNames types;

  DocumentReader(String file, Fields fields, FindingTypeNames types) {
    this.file = file;
    this.fields = fields;
    this.types = types;
  }

  DocumentBody body(DocumentKind kind) throws PolicyException {
    if (fields.has("description")) {
      fields.prose("description", RuleReader.DESCRIPTION_LENGTH_MAX);
    }
    return switch (kind) {
      case POLICY -> policy();
      case USE_CASE -> useCase();
      case EXEMPTION -> exemption();
      case ORG_TREE -> orgTree();
    };
  }

  private Policy policy() throws PolicyException {
    return new Policy(
        new Node(given("team"), given("user"), given("agent"), given("use_case")),
        bindings(),
        capture(),
        rules());
  }

  private Optional<Capture> capture() throws PolicyException {
    if (!fields.has("capture")) {
      return Optional.empty();
    }
    return Optional.of(
        Capture.valueOf(
            fields
                .oneOf("capture", "", List.of("none", "commitments", "content"))
                .toUpperCase(Locale.ROOT)));
  }

  private Optional<String> given(String key) throws PolicyException {
    return fields.has(key) ? Optional.of(fields.text(key, "")) : Optional.empty();
  }

  private List<Binding> bindings() throws PolicyException {
    if (!fields.has("bindings")) {
      return List.of(new Binding(fields.text("environment", "*"), mode(fields)));
    }
    fields.refuseUnless(!fields.has("environment"), "environment", "the bindings name them");
    fields.refuseUnless(!fields.has("mode"), "mode", "each binding has its own");
    final List<Binding> bindings = new ArrayList<>();
    final Set<String> seen = new HashSet<>();
    for (final SourceNode item : fields.list("bindings", BINDINGS_MAX)) {
      final Fields binding = inner(item, "a binding", SchemaFields.BINDING);
      final String environment = binding.requiredText("environment", "name it, '*' for all others");
      if (!seen.add(environment)) {
        throw fields.refuse(
            item.line(), "'" + environment + "' is bound twice", "remove one of the bindings");
      }
      bindings.add(new Binding(environment, mode(binding)));
    }
    return List.copyOf(bindings);
  }

  private static Mode mode(Fields fields) throws PolicyException {
    return Mode.valueOf(
        fields.oneOf("mode", "enforce", List.of("enforce", "observe")).toUpperCase(Locale.ROOT));
  }

  private Fields inner(SourceNode item, String what, Set<String> known) throws PolicyException {
    if (!(item instanceof Mapping mapping)) {
      throw fields.refuse(
          item.line(),
          what + " is a mapping, this is " + item.describe(),
          "give it " + String.join(", ", known));
    }
    final Fields inner = new Fields(file, mapping);
    inner.refuseUnknown(what, known);
    return inner;
  }

  private List<RuleSpec> rules() throws PolicyException {
    if (!fields.has("rules") && fields.has("capture")) {
      return List.of();
    }
    fields.required("rules", "list at least one rule");
    final RuleReader reader = new RuleReader(file, types);
    final Map<String, Integer> lineOfId = new HashMap<>();
    final List<RuleSpec> rules = new ArrayList<>();
    for (final SourceNode item : fields.list("rules", PolicyDocument.RULES_MAX)) {
      for (final RuleSpec rule : reader.read(item)) {
        final Integer before = lineOfId.putIfAbsent(rule.id(), rule.line());
        if (before != null) {
          throw fields.refuse(
              rule.line(),
              "the rule repeats the rule '" + rule.id() + "' of line " + before,
              "remove it or give it an id of its own");
        }
        rules.add(rule);
      }
    }
    return List.copyOf(rules);
  }

  private UseCase useCase() throws PolicyException {
    final String owner = fields.requiredText("owner", "name who answers for it");
    fields.required("risk_class", "give it one of: minimal, limited, high, prohibited");
    final Risk risk =
        Risk.valueOf(
            fields
                .oneOf("risk_class", "", List.of("minimal", "limited", "high", "prohibited"))
                .toUpperCase(Locale.ROOT));
    return new UseCase(
        owner,
        risk,
        new TreeSet<>(fields.names("required_controls")),
        fields.line("required_controls"));
  }

  private Excuse exemption() throws PolicyException {
    final String rule = fields.requiredText("rule", "name the rule as policy/rule");
    final int line = fields.line("rule");
    if (rule.indexOf('/') < 1) {
      throw fields.refuse(line, "'rule' is '" + rule + "'", "name the rule as policy/rule");
    }
    fields.required("reason", "say why the exemption is granted");
    fields.required("category", "give it one of: waiver, mitigated");
    final Exemption exemption =
        new Exemption(
            fields.requiredText("name", "name the exemption"),
            Exemption.Category.valueOf(
                fields
                    .oneOf("category", "", List.of("waiver", "mitigated"))
                    .toUpperCase(Locale.ROOT)),
            fields.requiredText("approver", "name who approved it"),
            fields.prose("reason", RuleReader.DESCRIPTION_LENGTH_MAX),
            expiry(),
            new Audience(
                fields.names("teams"),
                fields.names("users"),
                fields.names("use_cases"),
                fields.names("agents"),
                fields.names("roles"),
                fields.names("environments")));
    return new Excuse(rule, line, exemption, claim(rule, exemption));
  }

  private ExemptionClaim claim(String rule, Exemption exemption) throws PolicyException {
    final String signature = fields.text(ExemptionClaim.SIGNATURE, "");
    try {
      Base64.getDecoder().decode(signature);
      return new ExemptionClaim(
          rule,
          exemption.approver(),
          exemption.expiresEpochMillis(),
          fields.canonicalWithout(ExemptionClaim.SIGNATURE),
          signature,
          fields.line(ExemptionClaim.SIGNATURE));
    } catch (IllegalArgumentException e) {
      throw fields.refuse(
          fields.line(ExemptionClaim.SIGNATURE),
          "the exemption has no form that could be signed: " + e.getMessage(),
          "sign it with: sealgate policy sign");
    }
  }

  private long expiry() throws PolicyException {
    final String text =
        fields.requiredText("expires", "give the moment it ends, as 2027-01-31T00:00:00Z");
    try {
      return Instant.parse(text).toEpochMilli();
    } catch (DateTimeParseException | ArithmeticException e) {
      throw fields.refuse(
          fields.line("expires"),
          "'expires' is '" + text + "'",
          "give a moment in UTC, as 2027-01-31T00:00:00Z");
    }
  }

  private OrgTree orgTree() throws PolicyException {
    fields.required("teams", "list the teams, each with its parent if it has one");
    final Map<String, Optional<String>> parentOf = new LinkedHashMap<>();
    final Map<String, Integer> lineOf = new HashMap<>();
    for (final SourceNode item : fields.list("teams")) {
      final Fields team = inner(item, "a team", SchemaFields.TEAM);
      final String name = team.requiredText("team", "name the team");
      final Optional<String> parent =
          team.has("parent") ? Optional.of(team.text("parent", "")) : Optional.empty();
      if (parentOf.putIfAbsent(name, parent) != null) {
        throw fields.refuse(
            item.line(), "the team '" + name + "' is given twice", "remove one of them");
      }
      lineOf.put(name, item.line());
    }
    for (final String team : parentOf.keySet()) {
      checkAncestors(team, parentOf, lineOf.get(team));
    }
    return new OrgTree(new TeamTree(Map.copyOf(parentOf)));
  }

  private void checkAncestors(String team, Map<String, Optional<String>> parentOf, int line)
      throws PolicyException {
    final Set<String> way = new LinkedHashSet<>();
    for (Optional<String> t = Optional.of(team); t.isPresent(); t = parentOf.get(t.get())) {
      if (!parentOf.containsKey(t.get())) {
        throw fields.refuse(
            line, "the parent '" + t.get() + "' is not listed", "add it or correct the name");
      }
      if (!way.add(t.get())) {
        throw fields.refuse(
            line,
            "teams inherit in a circle: " + String.join(" -> ", way) + " -> " + t.get(),
            "remove one of these parents");
      }
      if (way.size() > TeamTree.DEPTH_MAX) {
        throw fields.refuse(
            line, "teams nest deeper than " + TeamTree.DEPTH_MAX, "flatten the tree");
      }
    }
  }
}
