package io.sealgate.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The kinds of documents, each with its fields. */
enum DocumentKind {
  POLICY(
      "policy_name",
      "description",
      "kind",
      "org",
      "environment",
      "mode",
      "bindings",
      "team",
      "user",
      "agent",
      "use_case",
      "capture",
      "rules"),
  USE_CASE("name", "description", "kind", "org", "owner", "risk_class", "required_controls"),
  EXEMPTION(
      "name",
      "description",
      "kind",
      "org",
      "rule",
      "category",
      "approver",
      "reason",
      "expires",
      "teams",
      "users",
      "use_cases",
      "agents",
      "roles",
      "environments",
      "signature"),
  ORG_TREE("name", "description", "kind", "org", "teams");

  private final List<String> fields;

  DocumentKind(String... fields) {
    this.fields = List.of(fields);
  }

  /** As documents write it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What errors call a document of this kind. */
  String description() {
    return switch (this) {
      case POLICY -> "a policy";
      case USE_CASE -> "a use case";
      case EXEMPTION -> "an exemption";
      case ORG_TREE -> "an org tree";
    };
  }

  List<String> fields() {
    return fields;
  }

  String nameField() {
    return fields.getFirst();
  }

  static DocumentKind of(Fields document) throws PolicyException {
    final List<String> kinds = Arrays.stream(values()).map(DocumentKind::text).toList();
    return valueOf(document.oneOf("kind", "policy", kinds).toUpperCase(Locale.ROOT));
  }
}
