package io.sealgate.policy;

import io.sealgate.policy.RuleSpec.Effect;
import io.sealgate.policy.RuleSpec.Scope;
import io.sealgate.policy.SourceNode.Mapping;
import io.sealgate.policy.cel.RefusedException;
import io.sealgate.policy.cel.Shape;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** Reads the rules of a document: what all kinds have in common, and the kind's own reader. */
final class RuleReader {
  private static final int PRIORITY_MAX = 1_000_000;
  static final int DESCRIPTION_LENGTH_MAX = 4_096;

  private final String file;
  private final FindingTypeNames types;
  private final ContentReader content;
  private final RouteReader routes;

  RuleReader(String file, FindingTypeNames types) {
    this.file = file;
    this.types = types;
    this.content = new ContentReader(file, types);
    this.routes = new RouteReader(file);
  }

  /** The rules that one entry stands for: one, or those of a compliance profile. */
  List<RuleSpec> read(SourceNode node) throws PolicyException {
    if (!(node instanceof Mapping mapping)) {
      throw new PolicyException(
          file,
          node.line(),
          "a rule is a mapping, this is " + node.describe(),
          "start the rule with its type");
    }
    final Fields fields = new Fields(file, mapping);
    final RuleKind kind = kind(fields);
    fields.refuseUnknown(kind.text(), new LinkedHashSet<>(kind.fields()));
    if (fields.has("description")) {
      fields.prose("description", DESCRIPTION_LENGTH_MAX);
    }
    if (kind == RuleKind.COMPLIANCE) {
      final RuleSpec whole = rule(fields, mapping, kind, null);
      return ComplianceProfile.of(fields, types).expand(whole);
    }
    return List.of(rule(fields, mapping, kind, effect(fields, kind)));
  }

  private static RuleKind kind(Fields fields) throws PolicyException {
    final String type = fields.requiredText("type", "give it one of: " + RuleKind.list());
    final Optional<RuleKind> kind = RuleKind.of(type);
    if (kind.isEmpty()) {
      throw fields.refuse(
          fields.line("type"), "there is no kind '" + type + "'", "use one of: " + RuleKind.list());
    }
    return kind.get();
  }

  private Effect effect(Fields fields, RuleKind kind) throws PolicyException {
    return switch (kind) {
      case MODEL_ACCESS -> AccessReader.modelAccess(fields);
      case TOOL_ACCESS -> AccessReader.toolAccess(fields);
      case CONTENT_FILTER -> content.contentFilter(fields);
      case PII_REDACTION -> content.piiRedaction(fields);
      case RATE_LIMIT -> LimitReader.rateLimit(fields);
      case COST_BUDGET -> LimitReader.costBudget(fields);
      case PROVIDER_FAILOVER -> routes.providerFailover(fields);
      case APPROVAL_REQUIRED -> RouteReader.approvalRequired(fields);
      case COMPLIANCE -> throw new IllegalStateException("a profile has no effect of its own");
    };
  }

  private RuleSpec rule(Fields fields, Mapping mapping, RuleKind kind, Effect effect)
      throws PolicyException {
    return new RuleSpec(
        kind.text(),
        id(fields, mapping, kind.text()),
        mapping.line(),
        (int) fields.whole("priority", 0, -PRIORITY_MAX, PRIORITY_MAX),
        new Scope(
            fields.names("teams"),
            fields.names("users"),
            fields.names("use_cases"),
            fields.names("agents"),
            fields.names("roles"),
            fields.names("environments")),
        condition(fields),
        effect,
        fields.has("control") ? Optional.of(fields.text("control", "")) : Optional.empty(),
        fields.has("overrides") ? Optional.of(fields.text("overrides", "")) : Optional.empty(),
        LimitReader.band(fields, kind == RuleKind.COST_BUDGET));
  }

  /** The id that a rule gives itself, or one made of what it says. */
  static String id(Fields fields, Mapping mapping, String kind) throws PolicyException {
    return fields.has("id")
        ? fields.text("id", "")
        : kind + "-" + Digests.sha256Hex(mapping.canonical()).substring(0, 8);
  }

  private Optional<Shape> condition(Fields fields) throws PolicyException {
    if (!fields.has("when")) {
      return Optional.empty();
    }
    final String text = fields.prose("when", FactsSchema.CONDITION_LENGTH_MAX);
    try {
      return Optional.of(FactsSchema.condition(text, types));
    } catch (RefusedException e) {
      throw new PolicyException(
          file, fields.required("when", "").line(), "condition: " + e.problem(), e.fix());
    }
  }
}
