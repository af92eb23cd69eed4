package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples and the compliance profiles that come with the engine. */
final class ShippedPoliciesTest {
  private static final ClassifierNames TYPES = new ClassifierNames();
  private static final long NOW = Instant.parse("2026-11-21T12:00:00Z").toEpochMilli();
  private static final int US_SSN = 3;
  private static final int CREDIT_CARD = 1;
  private static final List<String> EXAMPLES =
      List.of(
          "teams",
          "baseline",
          "young-agents",
          "finance",
          "support-use-case",
          "support-failover",
          "exemption",
          "payments");

  private final LimitState limits = new LimitState(100);
  private final Verdict verdict = new Verdict();

  private static PolicyDocument example(String name) throws PolicyException, IOException {
    try (InputStream in = PolicyDocument.class.getResourceAsStream("examples/" + name + ".yaml")) {
      return PolicyDocument.parse(name + ".yaml", in.readAllBytes(), TYPES);
    }
  }

  private static Snapshot examples() throws PolicyException, IOException {
    final List<PolicyDocument> docs = new ArrayList<>();
    for (final String name : EXAMPLES) {
      docs.add(example(name));
    }
    return PolicyCompiler.compile("acme", docs, TYPES);
  }

  private Decision done(Snapshot snapshot, Facts facts) {
    snapshot.evaluate(facts, limits, NOW, verdict);
    return verdict.done();
  }

  private static Facts call(String model) {
    return TestTypes.facts(model).team("support");
  }

  @Test
  void shouldDecideAsTheirCommentsSayWhenTheExamplesAreInForce() throws Exception {
    final Snapshot snapshot = examples();
    assertEquals(List.of(), snapshot.notices());
    assertEquals(Decision.ALLOW, done(snapshot, call("claude-opus")));
    assertEquals(Decision.BLOCK, done(snapshot, call("o3")));
    assertEquals(Decision.ALLOW, done(snapshot, call("gpt-4o").team("treasury")));
    assertEquals(Decision.BLOCK, done(snapshot, call("claude-opus").team("treasury")));
    assertEquals(Reason.NOT_ADMITTED_BELOW, verdict.doneReason());
    assertEquals(
        Decision.ESCALATE,
        done(snapshot, call("gpt-4o").team("finance").costEstimateMicroDollars(5_000_001)));
    assertEquals(2, verdict.obligations().approval(0).quorum());
    assertEquals(Decision.ALLOW, done(snapshot, call("gpt-4o").useCase("customer-support")));
    assertEquals("azure-eu", verdict.obligations().route().targets().getFirst().provider());
    final Facts ssn = call("gpt-4o");
    ssn.addFinding(US_SSN, 900_000);
    assertEquals(Decision.BLOCK, done(snapshot, ssn));
    assertEquals(Decision.ALLOW, done(snapshot, ssn.environment("test")));
    assertEquals("synthetic-test-data", verdict.exemption(0).name());
    assertEquals(Decision.ALLOW, done(snapshot, call("").tool("crm", "read_ticket")));
    assertEquals(1_000_000, verdict.obligations().resultBytesMax());
    assertEquals(Decision.BLOCK, done(snapshot, call("").tool("crm", "delete_ticket")));
  }

  @Test
  void shouldSandboxAgentsWhenTheyAreYoungerThanSevenDays() throws Exception {
    final Snapshot snapshot = examples();
    for (int days = 0; days < 10; days++) {
      final Decision expected = days < 7 ? Decision.SANDBOX : Decision.ALLOW;
      assertEquals(expected, done(snapshot, call("gpt-4o").agent("a").agentAgeDays(days)));
      assertEquals(
          expected, done(snapshot, call("").tool("web", "search").agent("a").agentAgeDays(days)));
    }
    assertEquals(Decision.ALLOW, done(snapshot, call("gpt-4o")), "a person is no young agent");
  }

  @ParameterizedTest
  @CsvSource({
    "finance, a, 2026-11-20T09:00:00Z, 9999, GBP, ALLOW",
    "treasury, a, 2026-11-20T16:59:59Z, 9999.99, GBP, ALLOW",
    "finance, a, 2026-11-20T09:00:00Z, 10000, GBP, BLOCK",
    "finance, a, 2026-11-20T09:00:00Z, -1, GBP, BLOCK",
    "finance, a, 2026-11-20T09:00:00Z, 5, EUR, BLOCK",
    "finance, a, 2026-11-20T08:59:59Z, 5, GBP, BLOCK",
    "finance, a, 2026-11-20T17:00:00Z, 5, GBP, BLOCK",
    "finance, a, 2026-11-21T12:00:00Z, 5, GBP, BLOCK",
    "finance, a, 2026-06-19T08:00:00Z, 5, GBP, ALLOW",
    "finance, a, 2026-06-19T16:00:00Z, 5, GBP, BLOCK",
    "support, a, 2026-11-20T09:00:00Z, 5, GBP, BLOCK",
    "finance, '', 2026-11-20T09:00:00Z, 5, GBP, BLOCK",
    "finance, a, 2026-11-20T09:00:00Z, , GBP, BLOCK"
  })
  void shouldPayInHoursAndUnderTheLimitOnly(
      String team, String agent, String at, String amount, String currency, Decision decision)
      throws Exception {
    final Snapshot snapshot = examples();
    final Map<String, Object> arguments = new HashMap<>(Map.of("currency", currency));
    if (amount != null) {
      arguments.put(
          "amount", amount.contains(".") ? (Object) Double.valueOf(amount) : Long.valueOf(amount));
    }
    final Facts facts =
        call("")
            .team(team)
            .agent(agent)
            .agentAgeDays(30)
            .tool("bank", "payments")
            .toolArguments(arguments);
    snapshot.evaluate(facts, limits, Instant.parse(at).toEpochMilli(), verdict);
    assertEquals(decision, verdict.done(), verdict::reasonText);
  }

  @ParameterizedTest
  @ValueSource(strings = {"soc2", "gdpr", "hipaa", "pci-dss", "eu-ai-act"})
  void shouldNameAControlWhenAProfileHasARule(String name) throws PolicyException {
    final List<RuleSpec> rules = ComplianceProfile.read(name, TYPES).rules();
    assertTrue(rules.size() >= 2);
    final Set<String> controls = new HashSet<>();
    for (final RuleSpec rule : rules) {
      assertTrue(rule.control().orElseThrow().startsWith(name + "/"), rule::id);
      assertTrue(controls.add(rule.control().get()), "one rule a control");
    }
    final PolicyDocument doc =
        PolicyDocument.parse(
            "c.yaml",
            ("{policy_name: c, rules: [{type: compliance, id: std, profile: "
                    + name
                    + ", teams: [ml]}]}")
                .getBytes(StandardCharsets.UTF_8),
            TYPES);
    assertEquals(rules.size(), doc.ruleCount());
  }

  @Test
  void shouldActOnlyInItsScopeWhenAProfileIsNamed() throws PolicyException {
    final String[] texts = {
      "{policy_name: base, rules: [{type: model_access, models: ['*']}]}",
      "{policy_name: c, rules: [{type: compliance, id: pci, profile: pci-dss, teams: [ml]}]}"
    };
    final List<PolicyDocument> docs = new ArrayList<>();
    for (final String text : texts) {
      docs.add(PolicyDocument.parse("c.yaml", text.getBytes(StandardCharsets.UTF_8), TYPES));
    }
    final Snapshot snapshot = PolicyCompiler.compile("acme", docs, TYPES);
    final Facts facts = TestTypes.facts("a");
    facts.addFinding(CREDIT_CARD, 1);
    assertEquals(Decision.MODIFY, done(snapshot, facts));
    assertEquals("c/pci.3.5-storage", verdict.doneRule().toString());
    assertEquals("pci-dss/3.5.1", verdict.doneRule().control());
    assertEquals(RedactionMethod.PARTIAL, verdict.obligations().responseMethod(CREDIT_CARD));
    assertEquals(Decision.ALLOW, done(snapshot, facts.team("hr")));
    assertFalse(verdict.obligations().checksAnswer());
  }
}
