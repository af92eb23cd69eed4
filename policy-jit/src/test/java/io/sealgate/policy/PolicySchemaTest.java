package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.policy.json.JsonReader;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The published schema and the readers must accept the same fields. */
final class PolicySchemaTest {
  private final Map<?, ?> schema = (Map<?, ?>) JsonReader.read(PolicySchema.json());
  private final Map<?, ?> definitions = (Map<?, ?>) schema.get("$defs");
  private final Set<String> compared = new HashSet<>();

  private Set<String> fields(String definition) {
    compared.add(definition);
    Map<?, ?> part = (Map<?, ?>) definitions.get(definition);
    if (part.get("anyOf") instanceof List<?> forms) {
      part = (Map<?, ?>) forms.getLast();
    }
    assertEquals(false, part.get("additionalProperties"), definition);
    final Set<String> fields = new TreeSet<>();
    ((Map<?, ?>) part.get("properties")).keySet().forEach(key -> fields.add((String) key));
    if (part.get("required") instanceof List<?> required) {
      assertTrue(fields.containsAll(required), definition);
    }
    return fields;
  }

  @Test
  void shouldListEveryFieldThatIsReadWhenCompared() {
    for (final RuleKind kind : RuleKind.values()) {
      assertEquals(new TreeSet<>(kind.fields()), fields(kind.text()), kind.text());
    }
    for (final DocumentKind kind : DocumentKind.values()) {
      assertEquals(new TreeSet<>(kind.fields()), fields("document_" + kind.text()), kind.text());
    }
    assertEquals(SchemaFields.BREAKER, fields("breaker"));
    assertEquals(SchemaFields.RETRY, fields("retry"));
    assertEquals(SchemaFields.TARGET, fields("target"));
    assertEquals(SchemaFields.BAND, fields("band"));
    assertEquals(SchemaFields.PATTERN, fields("pattern"));
    assertEquals(SchemaFields.TOPIC, fields("topic"));
    assertEquals(SchemaFields.BINDING, fields("binding"));
    assertEquals(SchemaFields.TEAM, fields("team"));
    final Set<Object> all = new HashSet<>(definitions.keySet());
    all.removeAll(Set.of("name", "names"));
    assertEquals(all, compared, "every part of the schema is compared");
  }

  /** Every word of an enumeration in the schema is one that the reader takes. */
  @Test
  void shouldAcceptEveryChoiceWhenTheSchemaListsIt() throws PolicyException {
    final Map<String, String> rest =
        Map.of(
            "model_access", "models: [a]",
            "content_filter", "types: [ssn]",
            "pii_redaction", "types: [ssn]",
            "rate_limit", "requests: 5, window_seconds: 1",
            "cost_budget", "hard: 5, period: day",
            "tool_access", "tools: [a]");
    int read = 0;
    for (final Map.Entry<String, String> kind : rest.entrySet()) {
      final Map<?, ?> properties =
          (Map<?, ?>) ((Map<?, ?>) definitions.get(kind.getKey())).get("properties");
      for (final Map.Entry<?, ?> property : properties.entrySet()) {
        if (((Map<?, ?>) property.getValue()).get("enum") instanceof List<?> choices) {
          for (final Object choice : choices) {
            final String given = property.getKey().equals("sandbox") ? ", action: sandbox" : "";
            final String others =
                kind.getValue()
                    .replace(
                        "period: day",
                        property.getKey().equals("period") ? "soft: 1" : "period: day");
            TestTypes.document(
                "{policy_name: p, rules: [{type: %s, %s, %s: %s%s}]}"
                    .formatted(kind.getKey(), others, property.getKey(), choice, given));
            read++;
          }
        }
      }
    }
    assertTrue(read > 30, () -> "the schema has few choices");
  }

  @Test
  void shouldNameEveryProfileWhenTheSchemaListsThem() {
    final Map<?, ?> compliance = (Map<?, ?>) definitions.get("compliance");
    final Map<?, ?> profile = (Map<?, ?>) ((Map<?, ?>) compliance.get("properties")).get("profile");
    assertEquals(ComplianceProfile.NAMES, profile.get("enum"));
  }
}
