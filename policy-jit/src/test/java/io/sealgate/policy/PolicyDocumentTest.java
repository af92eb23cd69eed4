package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyDocumentTest {
  private static final String SHORT_JSON =
      """
      {"policy_name":"prod-ai","environment":"production","rules":[
      \t{"type":"model_access","models":["gpt-4","claude-*"],"max_cost_per_day":100.0},
      \t{"type":"content_filter","patterns":["ssn","credit_card"],"action":"block"}]}
      """;

  private static final String SHORT_YAML =
      """
      # the same, by hand
      policy_name: prod-ai
      environment: production
      rules:
        - type: content_filter
          action: block
          patterns: [credit_card, ssn]
        - type: model_access
          max_cost_per_day: 100
          models:
            - claude-*
            - gpt-4
      """;

  @Test
  void shouldReadTheShortFormWhenItIsJson() throws PolicyException {
    final PolicyDocument doc = TestTypes.document(SHORT_JSON);
    assertEquals("prod-ai", doc.name());
    assertEquals("production", doc.environment());
    assertTrue(doc.enforced());
    assertEquals(2, doc.ruleCount());
    final RuleSpec.ModelAccess access = (RuleSpec.ModelAccess) doc.rules().get(0).effect();
    assertEquals(100_000_000L, access.microDollarsPerDay());
    final RuleSpec.Content content = (RuleSpec.Content) doc.rules().get(1).effect();
    assertTrue(content.block());
    assertArrayEquals(
        new int[] {TestTypes.CREDIT_CARD, TestTypes.US_SSN},
        content.types(),
        "both names are finding types, not keywords");
    assertTrue(content.patterns().isEmpty());
    assertArrayEquals(SHORT_JSON.getBytes(StandardCharsets.UTF_8), doc.source());
  }

  @Test
  void shouldHaveTheSameDigestWhenOnlyLayoutAndOrderDiffer() throws PolicyException {
    assertEquals(TestTypes.document(SHORT_JSON).digest(), TestTypes.document(SHORT_YAML).digest());
    assertNotEquals(
        TestTypes.document(SHORT_JSON).digest(),
        TestTypes.document(SHORT_JSON.replace("100.0", "100.000001")).digest());
  }

  @Test
  void shouldReadOneLineWhenTheShortFormHasNoBreaks() throws PolicyException {
    assertEquals(
        TestTypes.document(SHORT_JSON).digest(),
        TestTypes.document(SHORT_JSON.replace("\n", "").replace("\t", "")).digest());
  }

  @Test
  void shouldDecodeSurrogatePairsWhenJsonEscapesThem() throws PolicyException {
    final PolicyDocument doc =
        TestTypes.document(
            "{\"policy_name\":\"a\\ud83d\\ude00\\/\",\"rules\":[{\"type\":\"model_access\","
                + "\"models\":[\"*\"]}]}");
    assertEquals("a\uD83D\uDE00/", doc.name());
  }

  @Test
  void shouldKeepPatternsApartWhenTheyNameNoType() throws PolicyException {
    final RuleSpec.Content content =
        (RuleSpec.Content)
            TestTypes.document(
                    """
                    policy_name: p
                    rules:
                      - type: content_filter
                        types: [PII]
                        patterns: ['/proj-[0-9]+/', Bluebird, {regex: 'x{2}', name: two}, API_KEY]
                        keywords: [ssn]
                    """)
                .rules()
                .getFirst()
                .effect();
    assertArrayEquals(new int[] {0, 1, 2, TestTypes.API_KEY}, content.types());
    assertEquals(
        List.of(
            new PolicyPattern("/proj-[0-9]+/", "proj-[0-9]+", true),
            new PolicyPattern("Bluebird", "Bluebird", false),
            new PolicyPattern("two", "x{2}", true),
            new PolicyPattern("ssn", "ssn", false)),
        content.patterns());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          rules: []                                        | 1 | 'policy_name' is missing | name the policy
          policy_name: p                                   | 1 | 'rules' is missing | list at least one
          policy_name: p\\nrules: []                       | 2 | 'rules' is empty | at least one
          policy_name: p\\nrules: x                        | 2 | 'rules' must be a list | [a, b]
          policy_name: 7\\nrules: []                       | 1 | 'policy_name' must be text, not a number | quotes
          policy_name: p\\nversion: 1                      | 2 | a policy has no field 'version' | policy_name, description
          policy_name: p\\npolicy_name: q                  | 2 | 'policy_name' is given twice, first at line 1 | remove one
          {"policy_name":"p",\\n"policy_name":"q"}         | 2 | 'policy_name' is given twice, first at line 1 | remove one
          policy_name: &a p\\nrules: []                    | 1 | anchors | remove the anchor
          policy_name: p\\nrules: *a                       | 2 | aliases | write the value out
          policy_name: !!str p                             | 1 | tags | remove the tag
          a: [                                             | 1 | not YAML or JSON | correct the syntax
          policy_name: p\\n---\\npolicy_name: q            | 3 | a second document | its own file
          - a                                              | 1 | a policy is a mapping, this is a list | start with policy_name
          [[[[[[[[[[[[[[[[[[x                              | 1 | nested deeper than 16 | remove the nesting
          policy_name: p\\nmode: maybe                     | 2 | 'mode' is 'maybe' | enforce, observe
          policy_name: p\\nrules:\\n- x                    | 3 | a rule is a mapping | its type
          policy_name: p\\nrules:\\n- models: [a]          | 3 | 'type' is missing | model_access, content_filter
          policy_name: p\\nrules:\\n- type: cost_budget    | 3 | 'period' is missing | day, week, month, total
          policy_name: p\\nrules:\\n- type: tool_access    | 3 | 'tools' is missing | list the tools
          policy_name: p\\nrules:\\n- type: firewall       | 3 | there is no kind 'firewall' | use one of
          """)
  void shouldNameLineAndFixWhenTheDocumentIsWrong(
      String text, int line, String problem, String fix) {
    refuse(text.replace("\\n", "\n"), line, problem, fix);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          type: model_access                                                | 0 | 'models' is missing | list the models
          type: model_access\\nmodels: [a]\\nmax_cost: 1                    | 2 | no field 'max_cost' | models, providers, max_cost_per_day, type
          type: model_access\\nmodels: [a]\\nmax_cost_per_day: 1.0000001    | 2 | is 1.0000001 | 6 decimals
          type: model_access\\nmodels: [a]\\nmax_cost_per_day: -1           | 2 | is -1 | from 0
          type: model_access\\nmodels: [a]\\nmax_cost_per_day: "1"          | 2 | must be a number, not text | without quotes
          type: model_access\\nmodels: [a]\\nmax_cost_per_day: 1e999999999  | 2 | not a plain number | plain digits
          type: model_access\\nmodels: [a]\\nmax_cost_per_day: .inf         | 2 | must be a number | without quotes
          type: model_access\\nmodels: [1]                                  | 1 | an entry of 'models' must be text, not a number | quotes
          type: model_access\\nmodels: [" "]                                | 1 | is blank | 1 to 256
          type: content_filter                                              | 0 | looks for nothing | types, patterns or keywords
          type: content_filter\\ntypes: [passport]                          | 1 | no finding type 'passport' | CREDIT_CARD, US_SSN
          type: content_filter\\ntypes: [ssn]\\naction: drop                | 2 | 'action' is 'drop' | block, redact
          type: content_filter\\npatterns: [/a(/]                           | 1 | not RE2 syntax | correct the regex
          type: content_filter\\npatterns: ['/(a{1000}){1000}/']            | 1 | too large | shorten
          type: content_filter\\npatterns: ['/a{900}b{900}c{900}/']         | 1 | too large | shorten
          type: content_filter\\npatterns: [{regex: a, keyword: b}]         | 1 | either 'regex' or 'keyword' | exactly one
          type: pii_redaction\\ntypes: [ssn]\\ndirection: sideways          | 2 | 'direction' is 'sideways' | request, response, both
          type: rate_limit\\nrequests: 5                                    | 0 | 'window_seconds' is missing | length
          type: rate_limit\\nrequests: 0\\nwindow_seconds: 1                | 1 | 'requests' is 0 | from 1 to 1000000
          type: rate_limit\\nrequests: 1.5\\nwindow_seconds: 1              | 1 | 'requests' is 1.5 | whole number
          type: rate_limit\\nrequests: 1\\nwindow_seconds: 1\\nper: planet  | 3 | 'per' is 'planet' | user, team, org
          type: model_access\\nmodels: [a]\\nwhen: call.mode == "x"         | 2 | undeclared reference to 'call' | call.model
          type: model_access\\nmodels: [a]\\nwhen: call.max_tokens          | 2 | expected type 'bool' | bool
          type: model_access\\nmodels: [a]\\nwhen: findings.PASSPORT > 0    | 2 | no finding type 'PASSPORT' | US_SSN
          type: model_access\\nmodels: [a]\\nwhen: true                     | 2 | 'when' must be text, not true or false | quotes
          """)
  void shouldNameLineAndFixWhenARuleIsWrong(
      String rule, int lineInRule, String problem, String fix) {
    final String text = "policy_name: p\nrules:\n  - " + rule.replace("\\n", "\n    ") + "\n";
    refuse(text, 3 + lineInRule, problem, fix);
  }

  @Test
  void shouldRefuseWhenTwoRulesAreTheSame() {
    refuse(
        """
        policy_name: p
        rules:
          - {type: model_access, models: [a, b]}
          - {type: model_access, models: [b, a]}
        """,
        4,
        "repeats the rule",
        "an id of its own");
  }

  @Test
  void shouldNameTheLineWhenTheTextIsNotUtf8() {
    final byte[] bytes = "policy_name: p\n# \u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    final PolicyException e =
        assertThrows(
            PolicyException.class, () -> PolicyDocument.parse("f.yaml", bytes, TestTypes.TYPES));
    assertEquals(2, e.line());
    assertEquals("f.yaml:2: this line is not UTF-8; save the document as UTF-8", e.getMessage());
  }

  @Test
  void shouldRefuseWhenTheDocumentIsTooLarge() {
    final byte[] bytes = new byte[SourceReader.DOCUMENT_BYTES_MAX + 1];
    assertThrows(
        PolicyException.class, () -> PolicyDocument.parse("f.yaml", bytes, TestTypes.TYPES));
  }

  @Test
  void shouldRefuseWithAReasonWhenBytesAreDamaged() {
    final byte[] whole =
        """
        policy_name: p
        rules:
          - {"type": "model_access", "models": ["gpt-*"], max_cost_per_day: 1.50}
          - type: content_filter
            patterns: ['/a+[0-9]{2}/', ssn, {keyword: "x\\u00e9"}]
            when: |
              call.max_tokens + 1 > 10 && caller.team in ["ml"] || "EMAIL" in labels
        """
            .getBytes(StandardCharsets.UTF_8);
    final Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      final byte[] bytes = whole.clone();
      for (int j = 1 + random.nextInt(3); j > 0; j--) {
        final int from = random.nextInt(bytes.length);
        bytes[from] =
            random.nextBoolean() ? (byte) random.nextInt() : bytes[random.nextInt(bytes.length)];
      }
      try {
        PolicyDocument.parse("f.yaml", bytes, TestTypes.TYPES);
      } catch (PolicyException e) {
        assertTrue(!e.problem().isBlank() && !e.fix().isBlank());
        refused++;
      }
    }
    assertTrue(refused > 300);
  }

  @Test
  void shouldRefuseQuicklyWhenANumberIsHuge() {
    refuse(
        "policy_name: p\nrules: [{type: model_access, models: [a], priority: "
            + "9".repeat(500_000)
            + "}]",
        2,
        "not a plain number",
        "plain digits");
  }

  private static void refuse(String text, int line, String problem, String fix) {
    final PolicyException e =
        assertThrows(PolicyException.class, () -> TestTypes.document(text), text);
    assertTrue(e.problem().contains(problem), e::getMessage);
    assertTrue(e.fix().contains(fix), e::getMessage);
    assertEquals(line, e.line(), e::getMessage);
  }
}
