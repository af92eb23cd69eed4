package io.sealgate.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of rules, each with the fields that only it has. */
enum RuleKind {
  MODEL_ACCESS("action", "sandbox", "models", "providers", "max_cost_per_day"),
  CONTENT_FILTER("types", "patterns", "keywords", "topics", "action", "min_score", "direction"),
  PII_REDACTION("types", "method", "methods", "min_score", "direction"),
  RATE_LIMIT(
      "requests",
      "tokens",
      "concurrent",
      "window_seconds",
      "burst",
      "per",
      "overridable",
      "overrides"),
  COST_BUDGET("period", "soft", "hard", "per", "overridable", "overrides"),
  APPROVAL_REQUIRED("approvers", "quorum", "expires_seconds"),
  PROVIDER_FAILOVER("targets", "retry", "breaker"),
  COMPLIANCE("profile"),
  TOOL_ACCESS("action", "sandbox", "servers", "tools", "max_result_bytes", "breaker");

  private static final List<String> COMMON_FIELDS =
      List.of(
          "type",
          "id",
          "description",
          "priority",
          "when",
          "teams",
          "users",
          "use_cases",
          "agents",
          "roles",
          "environments",
          "control");

  private final List<String> ownFields;

  RuleKind(String... ownFields) {
    this.ownFields = List.of(ownFields);
  }

  /** As documents write it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Every field that a rule of this kind may have. */
  List<String> fields() {
    final List<String> fields = new ArrayList<>(ownFields);
    fields.addAll(COMMON_FIELDS);
    if (this == COMPLIANCE) {
      // The rules of a profile have conditions and controls of their own.
      fields.removeAll(List.of("when", "control"));
    }
    return fields;
  }

  static Optional<RuleKind> of(String text) {
    return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
  }

  static String list() {
    return String.join(", ", Arrays.stream(values()).map(RuleKind::text).toList());
  }
}
