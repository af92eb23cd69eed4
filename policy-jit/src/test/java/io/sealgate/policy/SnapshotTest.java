package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SnapshotTest {
  private static final long NOW = 1_795_219_199_999L;
  private static final String ALLOW_ALL =
      "{policy_name: base, rules: [{type: model_access, id: all, models: ['*']}]}";

  private final LimitState limits = new LimitState(1_000);
  private final Verdict verdict = new Verdict();

  private Verdict evaluate(Snapshot snapshot, Facts facts) {
    snapshot.evaluate(facts, limits, NOW, verdict);
    return verdict;
  }

  private static String rules(String... rules) {
    return "policy_name: p\nrules:\n  - " + String.join("\n  - ", rules) + "\n";
  }

  private void expect(Decision decision, Decision done, String rule, Reason reason) {
    assertEquals(decision, verdict.decision());
    assertEquals(done, verdict.done());
    assertEquals(rule, verdict.decidingRule().toString());
    assertEquals(reason, verdict.reason());
  }

  @Test
  void shouldDenyByDefaultWhenNothingAdmits() throws PolicyException {
    evaluate(TestTypes.snapshot(), TestTypes.facts("gpt-4"));
    expect(Decision.BLOCK, Decision.BLOCK, "sealgate/default-deny", Reason.DEFAULT_DENY);
    final Snapshot one = TestTypes.snapshot(rules("{type: model_access, id: a, models: [o3]}"));
    evaluate(one, TestTypes.facts("gpt-4"));
    expect(Decision.BLOCK, Decision.BLOCK, "sealgate/default-deny", Reason.DEFAULT_DENY);
    evaluate(one, TestTypes.facts("o3"));
    expect(Decision.ALLOW, Decision.ALLOW, "p/a", Reason.ADMITTED);
    assertEquals(1, verdict.matchedTotal());
    assertEquals("p/a", verdict.matched(0).toString());
    assertEquals(one.id(), verdict.snapshotId());
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-*, gpt-4, true",
    "gpt-*, gpt-, true",
    "gpt-*, GPT-4, false",
    "*, '', true",
    "*-mini, gpt-4o-mini, true",
    "*-mini, gpt-4o-mini-x, false",
    "a*b*c, aXbYbZc, true",
    "a*b*c, abZ, false",
    "**, x, true",
    "*a*a*a*b, aaaaaaaaaaaaaaaaaaaaaaaaa, false"
  })
  void shouldMatchModelsWhenGlobsAreUsed(String glob, String model, boolean admitted)
      throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(rules("{type: model_access, models: ['" + glob + "']}"));
    evaluate(snapshot, TestTypes.facts(model));
    assertEquals(admitted ? Decision.ALLOW : Decision.BLOCK, verdict.done());
  }

  @Test
  void shouldBlockWhenADenyAndAnAllowBothMatch() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(
            ALLOW_ALL, rules("{type: content_filter, id: ssn, patterns: [ssn], priority: -5}"));
    evaluate(snapshot, TestTypes.facts("gpt-4"));
    assertEquals(Decision.ALLOW, verdict.done());
    final Facts facts = TestTypes.facts("gpt-4");
    facts.addFinding(TestTypes.US_SSN, 1_000_000);
    evaluate(snapshot, facts);
    expect(Decision.BLOCK, Decision.BLOCK, "p/ssn", Reason.CONTENT_BLOCKED);
    assertEquals(2, verdict.matchedTotal());
  }

  @Test
  void shouldUniteRedactionsWhenSeveralRulesModify() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(
            ALLOW_ALL,
            rules(
                "{type: content_filter, id: own, action: redact, patterns: [/b+/, Bluebird]}",
                "{type: pii_redaction, id: pii, types: [email, ssn], priority: 3}"));
    assertEquals(
        List.of(
            new PolicyPattern("Bluebird", "Bluebird", false),
            new PolicyPattern("/b+/", "b+", true)),
        snapshot.patterns());
    final Facts facts = TestTypes.facts("gpt-4");
    facts.addFinding(TestTypes.EMAIL, 900_000);
    facts.addTenantPattern(1);
    facts.addTenantPattern(1);
    evaluate(snapshot, facts);
    expect(Decision.MODIFY, Decision.MODIFY, "p/pii", Reason.PII_REDACTED);
    assertTrue(
        verdict.obligations().redactsType(TestTypes.EMAIL)
            && verdict.obligations().redactsType(TestTypes.US_SSN));
    assertFalse(verdict.obligations().redactsType(TestTypes.CREDIT_CARD));
    assertTrue(verdict.obligations().redactsPattern(1));
    facts.clear();
    facts.org("acme").model("gpt-4");
    evaluate(snapshot, facts);
    assertEquals(Decision.ALLOW, verdict.done());
    assertFalse(verdict.obligations().redactsType(TestTypes.EMAIL));
  }

  @Test
  void shouldCountAnErrorAgainstTheCallWhenAConditionFails() throws PolicyException {
    final String fails = "when: '1 / call.tools > 0'";
    final Snapshot allow =
        TestTypes.snapshot(rules("{type: model_access, id: a, models: ['*'], " + fails + "}"));
    evaluate(allow, TestTypes.facts("gpt-4"));
    expect(Decision.BLOCK, Decision.BLOCK, "sealgate/default-deny", Reason.DEFAULT_DENY);
    assertEquals(1, verdict.errorTotal());
    assertEquals("p/a", verdict.error(0).toString());
    evaluate(allow, TestTypes.facts("gpt-4").toolCount(1));
    assertEquals(Decision.ALLOW, verdict.done());
    assertEquals(0, verdict.errorTotal());

    final Snapshot deny =
        TestTypes.snapshot(
            ALLOW_ALL, rules("{type: content_filter, id: f, types: [ssn], " + fails + "}"));
    evaluate(deny, TestTypes.facts("gpt-4"));
    assertEquals(Decision.ALLOW, verdict.done(), "without a finding the rule could not block");
    final Facts facts = TestTypes.facts("gpt-4");
    facts.addFinding(TestTypes.US_SSN, 1);
    evaluate(deny, facts);
    expect(Decision.BLOCK, Decision.BLOCK, "p/f", Reason.CONTENT_BLOCKED);
    assertEquals("p/f", verdict.error(0).toString());
  }

  @Test
  void shouldLookAtScopeAndProviderAndEnvironmentWhenAdmitting() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(
            """
            policy_name: p
            environment: production
            org: acme
            rules:
              - type: model_access
                models: [gpt-4]
                providers: [openai, azure-*]
                teams: [ml, ops]
                users: [ada]
                use_cases: [support]
                when: caller.team == "ml" && call.max_tokens <= 4096
            """);
    assertTrue(admits(snapshot, fitting()));
    assertTrue(admits(snapshot, fitting().provider("azure-eu")));
    assertFalse(admits(snapshot, fitting().provider("other")));
    assertFalse(admits(snapshot, fitting().team("ops")), "the condition names one team only");
    assertFalse(admits(snapshot, fitting().team("hr")));
    assertFalse(admits(snapshot, fitting().user("bob")));
    assertFalse(admits(snapshot, fitting().useCase("")));
    assertFalse(admits(snapshot, fitting().environment("staging")));
    assertFalse(admits(snapshot, fitting().maxTokens(4_097)));
  }

  private static Facts fitting() {
    return TestTypes.facts("gpt-4").provider("openai").useCase("support").maxTokens(4_096);
  }

  private boolean admits(Snapshot snapshot, Facts facts) {
    return evaluate(snapshot, facts).done() == Decision.ALLOW;
  }

  @Test
  void shouldThrottleUntilMidnightWhenTheDaysCapIsSpent() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(
            rules(
                "{type: model_access, id: capped, models: ['*'], max_cost_per_day: 0.000010}",
                "{type: content_filter, id: f, types: [ssn]}"));
    limits.addSpend("acme", "production", NOW, 9);
    evaluate(snapshot, TestTypes.facts("gpt-4"));
    assertEquals(Decision.ALLOW, verdict.done());
    assertEquals(1, verdict.obligations().costLimitCount());
    assertEquals(10, verdict.obligations().costLimit(0).microDollarsPerDay());
    limits.addSpend("acme", "production", NOW, 1);
    evaluate(snapshot, TestTypes.facts("gpt-4"));
    expect(Decision.THROTTLE, Decision.THROTTLE, "p/capped", Reason.DAY_COST_REACHED);
    assertEquals(1, verdict.retryAfterMillis(), "the reading is one millisecond before midnight");
    assertEquals(0, verdict.obligations().costLimitCount());
    evaluate(snapshot, TestTypes.facts("gpt-4").environment("staging"));
    assertEquals(Decision.ALLOW, verdict.done());
    snapshot.evaluate(TestTypes.facts("gpt-4"), limits, NOW + 1, verdict);
    assertEquals(Decision.ALLOW, verdict.done(), "a new day");
    final Facts facts = TestTypes.facts("gpt-4");
    facts.addFinding(TestTypes.US_SSN, 1);
    evaluate(snapshot, facts);
    expect(Decision.BLOCK, Decision.BLOCK, "p/f", Reason.CONTENT_BLOCKED);
    assertEquals(0, verdict.retryAfterMillis(), "a block is not a matter of time");
  }

  @Test
  void shouldRecordAndNotDoWhenThePolicyOnlyObserves() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(
            ALLOW_ALL,
            """
            policy_name: watch
            mode: observe
            rules:
              - {type: content_filter, id: f, types: [ssn]}
              - {type: pii_redaction, id: r, types: [email]}
              - {type: rate_limit, id: l, requests: 1, window_seconds: 60}
            """);
    final Facts facts = TestTypes.facts("gpt-4");
    facts.addFinding(TestTypes.EMAIL, 1);
    evaluate(snapshot, facts);
    expect(Decision.MODIFY, Decision.ALLOW, "watch/r", Reason.PII_REDACTED);
    assertFalse(verdict.obligations().redactsType(TestTypes.EMAIL));
    assertEquals("base/all", verdict.doneRule().toString());
    assertEquals(Reason.ADMITTED, verdict.doneReason());
    assertTrue(limits.reserve(verdict, facts, NOW, new Reservation()));
    evaluate(snapshot, facts);
    expect(Decision.THROTTLE, Decision.ALLOW, "watch/l", Reason.RATE_LIMITED);
    assertEquals(0, verdict.retryAfterMillis());
    assertTrue(
        limits.reserve(verdict, facts, NOW, new Reservation()),
        "an observed bucket refuses nothing");
    facts.addFinding(TestTypes.US_SSN, 1);
    evaluate(snapshot, facts);
    expect(Decision.BLOCK, Decision.ALLOW, "watch/f", Reason.CONTENT_BLOCKED);
    assertFalse(verdict.decidingRule().enforced());
  }

  @Test
  void shouldNotAdmitWhenTheOnlyAdmissionIsObserved() throws PolicyException {
    evaluate(
        TestTypes.snapshot(ALLOW_ALL.replace("rules:", "mode: observe, rules:")),
        TestTypes.facts("gpt-4"));
    expect(Decision.ALLOW, Decision.BLOCK, "base/all", Reason.ADMITTED);
    assertEquals(RuleRef.DEFAULT_DENY, verdict.doneRule());
  }

  @Test
  void shouldStartCleanWhenAVerdictMovesToAnotherSnapshot() throws PolicyException {
    final Snapshot large =
        TestTypes.snapshot(
            ALLOW_ALL,
            rules(
                "{type: model_access, models: [a]}",
                "{type: model_access, models: [b]}",
                "{type: pii_redaction, types: [email]}"));
    final Snapshot small = TestTypes.snapshot(ALLOW_ALL);
    for (int i = 0; i < 3; i++) {
      assertTrue(admits(large, TestTypes.facts("a")));
      assertEquals(2, verdict.matchedTotal());
      assertTrue(admits(small, TestTypes.facts("a")));
      assertEquals(1, verdict.matchedTotal());
    }
  }

  @Test
  void shouldRefuseWhenDocumentsDoNotGoTogether() throws PolicyException {
    final PolicyException twice =
        assertThrows(PolicyException.class, () -> TestTypes.snapshot(ALLOW_ALL, ALLOW_ALL));
    assertTrue(twice.getMessage().contains("'base' is also in"), twice::getMessage);
    final PolicyException other =
        assertThrows(
            PolicyException.class,
            () -> TestTypes.snapshot(ALLOW_ALL.replace("rules:", "org: umbrella, rules:")));
    assertTrue(other.getMessage().contains("for org 'umbrella', not 'acme'"), other::getMessage);
  }

  @Test
  void shouldKeepTheIdWhenOnlyOrderChanges() throws PolicyException {
    final String p =
        rules("{type: model_access, models: [a]}", "{type: content_filter, keywords: [x, y]}");
    final String q =
        rules("{type: content_filter, keywords: [y, x]}", "{type: model_access, models: [a]}");
    final String id = TestTypes.snapshot(ALLOW_ALL, p).id();
    assertEquals(id, TestTypes.snapshot(q, ALLOW_ALL).id());
    assertTrue(id.matches("sha256:[0-9a-f]{64}"));
    assertFalse(id.equals(TestTypes.snapshot(p).id()));
  }
}
