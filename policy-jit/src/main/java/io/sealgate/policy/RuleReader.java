package io.sealgate.policy;

import io.sealgate.policy.RuleSpec.Content;
import io.sealgate.policy.RuleSpec.Effect;
import io.sealgate.policy.RuleSpec.ModelAccess;
import io.sealgate.policy.RuleSpec.Quota;
import io.sealgate.policy.RuleSpec.Scope;
import io.sealgate.policy.SourceNode.Mapping;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads the rules of a document, one kind after the other. */
final class RuleReader {
  private static final List<String> KINDS =
      List.of("model_access", "content_filter", "pii_redaction", "rate_limit");
  private static final List<String> KINDS_NOT_BUILT =
      List.of("cost_budget", "approval_required", "provider_failover", "compliance", "tool_access");
  private static final List<String> COMMON_FIELDS =
      List.of("type", "id", "description", "priority", "when", "teams", "users", "use_cases");

  private static final long DOLLARS_PER_DAY_MAX = 1_000_000_000L;
  private static final int PRIORITY_MAX = 1_000_000;
  static final int DESCRIPTION_LENGTH_MAX = 4_096;

  private final String file;
  private final FindingTypeNames types;
  private final PatternReader patterns;

  RuleReader(String file, FindingTypeNames types) {
    this.file = file;
    this.types = types;
    this.patterns = new PatternReader(file, types);
  }

  RuleSpec read(SourceNode node) throws PolicyException {
    if (!(node instanceof Mapping mapping)) {
      throw new PolicyException(
          file,
          node.line(),
          "a rule is a mapping, this is " + node.describe(),
          "start the rule with its type");
    }
    final Fields fields = new Fields(file, mapping);
    final String type = fields.requiredText("type", "give it one of: " + String.join(", ", KINDS));
    final Effect effect =
        switch (type) {
          case "model_access" -> modelAccess(fields);
          case "content_filter" -> contentFilter(fields);
          case "pii_redaction" -> piiRedaction(fields);
          case "rate_limit" -> rateLimit(fields);
          default -> throw unknownKind(fields, type);
        };
    if (fields.has("description")) {
      fields.prose("description", DESCRIPTION_LENGTH_MAX);
    }
    return new RuleSpec(
        type,
        fields.text("id", type + "-" + Digests.sha256Hex(node.canonical()).substring(0, 8)),
        mapping.line(),
        (int) fields.whole("priority", 0, -PRIORITY_MAX, PRIORITY_MAX),
        new Scope(fields.names("teams"), fields.names("users"), fields.names("use_cases")),
        condition(fields),
        effect);
  }

  private static PolicyException unknownKind(Fields fields, String type) {
    final String use = "use one of: " + String.join(", ", KINDS);
    return KINDS_NOT_BUILT.contains(type)
        ? fields.refuse(fields.line("type"), "kind " + type + " is not built yet", use)
        : fields.refuse(fields.line("type"), "there is no kind '" + type + "'", use);
  }

  private Optional<Expr> condition(Fields fields) throws PolicyException {
    if (!fields.has("when")) {
      return Optional.empty();
    }
    final String text = fields.prose("when", CelFrontEnd.CONDITION_LENGTH_MAX);
    final int line = fields.required("when", "").line();
    try {
      final Expr expr = new CelFrontEnd(types).translate(text);
      Shape.of(expr).checkSize();
      return Optional.of(expr);
    } catch (CelFrontEnd.RefusedException e) {
      throw new PolicyException(file, line, "condition: " + e.problem(), e.fix());
    }
  }

  private static ModelAccess modelAccess(Fields fields) throws PolicyException {
    refuseUnknown(fields, "model_access", "models", "providers", "max_cost_per_day");
    fields.required("models", "list the models it admits, '*' for all");
    return new ModelAccess(
        List.copyOf(fields.names("models")),
        List.copyOf(fields.names("providers")),
        fields.microDollars("max_cost_per_day", -1, DOLLARS_PER_DAY_MAX));
  }

  private Content contentFilter(Fields fields) throws PolicyException {
    refuseUnknown(fields, "content_filter", "types", "patterns", "keywords", "action");
    if (!fields.has("types") && !fields.has("patterns") && !fields.has("keywords")) {
      throw fields.refuse(
          fields.line(),
          "the content_filter looks for nothing",
          "give types, patterns or keywords");
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
    for (final String keyword : fields.names("keywords")) {
      own.add(new PolicyPattern(keyword, keyword, false));
    }
    return new Content(
        block,
        block ? Reason.CONTENT_BLOCKED : Reason.CONTENT_REDACTED,
        ids.stream().mapToInt(Integer::intValue).toArray(),
        List.copyOf(own));
  }

  private Content piiRedaction(Fields fields) throws PolicyException {
    refuseUnknown(fields, "pii_redaction", "types", "direction");
    fields.required("types", "list the finding types it redacts");
    fields.oneOf("direction", "request", List.of("request"));
    final Set<Integer> ids = new TreeSet<>();
    patterns.types(fields, ids);
    return new Content(
        false, Reason.PII_REDACTED, ids.stream().mapToInt(Integer::intValue).toArray(), List.of());
  }

  private static Quota rateLimit(Fields fields) throws PolicyException {
    refuseUnknown(fields, "rate_limit", "requests", "window_seconds", "per", "burst");
    fields.required("requests", "give the number of requests that a window grants");
    fields.required("window_seconds", "give the window's length");
    final long requests = fields.whole("requests", 0, 1, RateLimit.REQUESTS_MAX);
    final long windowSeconds =
        fields.whole("window_seconds", 0, 1, RateLimit.WINDOW_MILLIS_MAX / 1_000);
    final long burst = fields.whole("burst", requests, 1, RateLimit.REQUESTS_MAX);
    final RateLimit.Per per =
        switch (fields.oneOf("per", "user", List.of("user", "team", "org"))) {
          case "team" -> RateLimit.Per.TEAM;
          case "org" -> RateLimit.Per.ORG;
          default -> RateLimit.Per.USER;
        };
    return new Quota(requests, windowSeconds * 1_000, burst, per);
  }

  private static void refuseUnknown(Fields fields, String kind, String... own)
      throws PolicyException {
    final Set<String> known = new LinkedHashSet<>(List.of(own));
    known.addAll(COMMON_FIELDS);
    fields.refuseUnknown(kind, known);
  }
}
