package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What each kind of rule does to a verdict and its obligations. */
final class RuleKindsTest {
  private static final long NOW = 1_795_219_199_999L;

  private final LimitState limits = new LimitState(1_000);
  private final Verdict verdict = new Verdict();
  private final Obligations owed = verdict.obligations();

  private static Snapshot rules(String... rules) throws PolicyException {
    return TestTypes.snapshot(
        "policy_name: p\nrules:\n  - {type: model_access, id: all, models: ['*']}\n  - "
            + String.join("\n  - ", rules)
            + "\n");
  }

  private Verdict evaluate(Snapshot snapshot, Facts facts) {
    snapshot.evaluate(facts, limits, NOW, verdict);
    return verdict;
  }

  private static Facts model(String model) {
    return TestTypes.facts(model);
  }

  private static Facts tool(String server, String tool) {
    return TestTypes.facts("").tool(server, tool);
  }

  private void expect(Decision done, String rule, Reason reason, Phase phase) {
    assertEquals(done, verdict.done());
    assertEquals(rule, verdict.doneRule().toString());
    assertEquals(reason, verdict.doneReason());
    assertEquals(phase, verdict.doneRule().phase());
  }

  @Test
  void shouldGuardWhenTheOrganisationDeniesAModel() throws PolicyException {
    final Snapshot snapshot =
        rules("{type: model_access, id: no, action: deny, models: ['gpt-*'], roles: [intern]}");
    evaluate(snapshot, model("gpt-4"));
    assertEquals(Decision.ALLOW, verdict.done());
    evaluate(snapshot, model("gpt-4").addRole("dev").addRole("intern"));
    expect(Decision.BLOCK, "p/no", Reason.ACCESS_DENIED, Phase.GUARD);
    assertEquals("A rule denies this model or tool. Rule: p/no (acme).", verdict.reasonText());
    evaluate(snapshot, model("o3").addRole("intern"));
    assertEquals(Decision.ALLOW, verdict.done());
  }

  @Test
  void shouldDenyToolsByDefaultWhenOnlyModelsAreAdmitted() throws PolicyException {
    final Snapshot snapshot =
        rules(
            "{type: tool_access, id: read, servers: ['files-*'], tools: [read, 'list*'],"
                + " max_result_bytes: 9000}",
            "{type: tool_access, id: small, tools: [read], max_result_bytes: 500, users: [ada]}",
            "{type: tool_access, id: no, action: deny, tools: ['*'], when:"
                + " 'tool.server.endsWith(\"-old\")'}");
    evaluate(snapshot, tool("files-eu", "delete"));
    expect(Decision.BLOCK, "sealgate/default-deny", Reason.DEFAULT_DENY, Phase.ACCESS);
    evaluate(snapshot, tool("mail", "list"));
    assertEquals(Decision.BLOCK, verdict.done());
    evaluate(snapshot, tool("files-eu", "list-all"));
    assertEquals(Decision.ALLOW, verdict.done());
    assertEquals(9_000, owed.resultBytesMax());
    evaluate(snapshot, tool("files-eu", "read"));
    assertEquals(500, owed.resultBytesMax(), "the smallest bound holds");
    evaluate(snapshot, tool("files-old", "read"));
    expect(Decision.BLOCK, "p/no", Reason.ACCESS_DENIED, Phase.GUARD);
    evaluate(snapshot, model("gpt-4"));
    assertEquals(-1, owed.resultBytesMax());
  }

  @Test
  void shouldRestAToolWhenItKeepsFailing() throws PolicyException {
    final Snapshot snapshot =
        rules(
            "{type: tool_access, tools: [pay], breaker: {failures: 2, window_seconds: 10,"
                + " open_seconds: 5}}");
    final Reservation call = new Reservation();
    final boolean[] outcomes = {false, true, false, false};
    for (final boolean outcome : outcomes) {
      evaluate(snapshot, tool("bank", "pay"));
      assertEquals(Decision.ALLOW, verdict.done());
      assertTrue(limits.reserve(verdict, tool("bank", "pay"), NOW, call));
      limits.settle(call, 0, 0);
      limits.toolOutcome(call, outcome, NOW);
    }
    evaluate(snapshot, tool("bank", "pay"));
    assertEquals(Decision.THROTTLE, verdict.done());
    assertEquals(Reason.TOOL_UNAVAILABLE, verdict.reason());
    assertEquals(5_000, verdict.retryAfterMillis());
    evaluate(snapshot, tool("other-bank", "pay"));
    assertEquals(Decision.ALLOW, verdict.done(), "each tool has its own state");
    snapshot.evaluate(tool("bank", "pay"), limits, NOW + 5_000, verdict);
    assertEquals(Decision.ALLOW, verdict.done());
    assertTrue(limits.reserve(verdict, tool("bank", "pay"), NOW + 5_000, call));
    limits.settle(call, 0, 0);
    limits.toolOutcome(call, false, NOW + 5_000);
    snapshot.evaluate(tool("bank", "pay"), limits, NOW + 5_001, verdict);
    assertEquals(4_999, verdict.retryAfterMillis(), "one failure opens it again");
  }

  @Test
  void shouldTakeTheStrictestSandboxWhenSeveralMatch() throws PolicyException {
    final Snapshot snapshot =
        rules(
            "{type: model_access, id: young, action: sandbox, sandbox: no_tools, models: ['*'],"
                + " when: 'agent.id != \"\" && agent.age_days < 7'}",
            "{type: model_access, id: new, action: sandbox, sandbox: read_only, models: [gpt-4]}",
            "{type: pii_redaction, id: r, types: [email]}");
    final Facts facts = model("gpt-4").agent("a1").agentAgeDays(6);
    facts.addFinding(TestTypes.EMAIL, 1);
    evaluate(snapshot, facts);
    assertEquals(Decision.SANDBOX, verdict.done());
    assertEquals(SandboxProfile.NO_TOOLS, owed.sandbox());
    assertEquals(Phase.ROUTING, verdict.doneRule().phase());
    assertTrue(owed.redactsType(TestTypes.EMAIL), "what is redacted stays redacted in a sandbox");
    evaluate(snapshot, model("gpt-4").agent("a1").agentAgeDays(7));
    assertEquals(SandboxProfile.READ_ONLY, owed.sandbox());
    evaluate(snapshot, model("o3").agent("a1").agentAgeDays(7));
    assertEquals(Decision.ALLOW, verdict.done());
    assertEquals(SandboxProfile.NONE, owed.sandbox());
  }

  @Test
  void shouldKeepACallWaitingWhenItIsSandboxedAndThrottled() throws PolicyException {
    final Snapshot snapshot =
        rules(
            "{type: model_access, action: sandbox, models: ['*']}",
            "{type: rate_limit, requests: 1, window_seconds: 10}");
    evaluate(snapshot, model("a"));
    assertFalse(verdict.throttled());
    assertTrue(limits.reserve(verdict, model("a"), NOW, new Reservation()));
    evaluate(snapshot, model("a"));
    assertEquals(Decision.SANDBOX, verdict.done(), "a sandbox is stricter than a wait");
    assertTrue(verdict.throttled());
    assertEquals(10_000, verdict.retryAfterMillis());
  }

  @Test
  void shouldFilterByScoreAndTopicWhenContentIsRead() throws PolicyException {
    final Snapshot snapshot =
        rules(
            "{type: content_filter, id: sure, types: [ssn], min_score: 0.8}",
            "{type: content_filter, id: deal, action: redact, topics: [{name: merger, keywords:"
                + " [acquire, target, premium], min_hits: 2}]}");
    final Facts weak = model("a");
    weak.addFinding(TestTypes.US_SSN, 799_999);
    evaluate(snapshot, weak);
    assertEquals(Decision.ALLOW, verdict.done());
    weak.addFinding(TestTypes.US_SSN, 800_000);
    evaluate(snapshot, weak);
    expect(Decision.BLOCK, "p/sure", Reason.CONTENT_BLOCKED, Phase.CONTENT);
    assertEquals(
        List.of("acquire", "premium", "target"),
        snapshot.patterns().stream().map(PolicyPattern::expression).toList());
    final Facts words = model("a");
    words.addTenantPattern(0);
    evaluate(snapshot, words);
    assertEquals(Decision.ALLOW, verdict.done(), "one word is not the topic yet");
    words.addTenantPattern(2);
    evaluate(snapshot, words);
    expect(Decision.MODIFY, "p/deal", Reason.CONTENT_REDACTED, Phase.CONTENT);
    assertTrue(owed.redactsPattern(0) && owed.redactsPattern(2));
  }

  @Test
  void shouldTakeTheStrictestMethodWhenRedactionsMeet() throws PolicyException {
    final Snapshot snapshot =
        rules(
            "{type: pii_redaction, id: weak, types: [email, ssn], method: partial, min_score: 0.9}",
            "{type: pii_redaction, id: mixed, methods: {EMAIL: hash, CREDIT_CARD: block},"
                + " min_score: 0.5}",
            "{type: pii_redaction, id: out, types: [email], method: pseudonym, direction:"
                + " response}",
            "{type: content_filter, id: back, keywords: [secret], direction: both}");
    final Facts facts = model("a");
    facts.addFinding(TestTypes.EMAIL, 950_000);
    evaluate(snapshot, facts);
    assertEquals(Decision.MODIFY, verdict.done());
    assertEquals(RedactionMethod.HASH, owed.requestMethod(TestTypes.EMAIL));
    assertEquals(500_000, owed.requestScoreMicros(TestTypes.EMAIL));
    assertEquals(RedactionMethod.PARTIAL, owed.requestMethod(TestTypes.US_SSN));
    assertEquals(900_000, owed.requestScoreMicros(TestTypes.US_SSN));
    assertTrue(owed.checksAnswer());
    assertEquals(RedactionMethod.PSEUDONYM, owed.responseMethod(TestTypes.EMAIL));
    assertEquals(RedactionMethod.NONE, owed.responseMethod(TestTypes.US_SSN));
    assertEquals(RedactionMethod.BLOCK, owed.responsePatternMethod(0));
    assertEquals(4, verdict.matchedTotal() - 1, "and the admission");
    facts.addFinding(TestTypes.CREDIT_CARD, 500_000);
    evaluate(snapshot, facts);
    expect(Decision.BLOCK, "p/mixed", Reason.PII_BLOCKED, Phase.CONTENT);
    assertFalse(owed.checksAnswer());
    final Facts secret = model("a");
    secret.addTenantPattern(0);
    evaluate(snapshot, secret);
    expect(Decision.BLOCK, "p/back", Reason.CONTENT_BLOCKED, Phase.CONTENT);
  }

  @Test
  void shouldAskForEveryApprovalWhenSeveralRulesWantOne() throws PolicyException {
    final Snapshot snapshot =
        rules(
            "{type: approval_required, id: legal, approvers: [legal, ada], quorum: 2,"
                + " expires_seconds: 60, when: 'call.max_tokens > 10'}",
            "{type: approval_required, id: risk, approvers: [risk]}");
    evaluate(snapshot, model("a").maxTokens(11));
    expect(Decision.ESCALATE, "p/legal", Reason.APPROVAL_NEEDED, Phase.APPROVAL);
    assertEquals(2, owed.approvalCount());
    assertEquals(new Approval(Set.of("ada", "legal"), 2, 60_000), owed.approval(0));
    assertEquals(Set.of("ada", "legal", "risk"), owed.approvers());
    assertEquals(60_000, owed.approvalExpiryMillis());
    evaluate(snapshot, model("a"));
    assertEquals(1, owed.approvalCount());
    assertEquals(3_600_000, owed.approvalExpiryMillis());
  }

  @Test
  void shouldBlockWhenTwoRoutesMeet() throws PolicyException {
    final String first =
        "{type: provider_failover, id: f, targets: [openai, {provider: azure, model: gpt-4-eu}],"
            + " retry: {attempts: 2, backoff_ms: 50, on: [timeout, 5xx]}, breaker: {failures: 3,"
            + " open_seconds: 9}}";
    final Snapshot one = rules(first);
    evaluate(one, model("gpt-4"));
    assertEquals(Decision.ALLOW, verdict.done());
    assertEquals(
        new Route(
            List.of(new Route.Target("openai", ""), new Route.Target("azure", "gpt-4-eu")),
            2,
            50,
            Set.of("timeout", "5xx"),
            3,
            9_000),
        owed.route());
    final String other =
        "{type: provider_failover, id: g, targets: [azure], when: 'call.stream', priority: ";
    final Snapshot conflict = rules(first, other + "0}");
    evaluate(conflict, model("gpt-4"));
    assertEquals(Decision.ALLOW, verdict.done());
    evaluate(conflict, model("gpt-4").stream(true));
    assertEquals(Decision.BLOCK, verdict.done());
    assertEquals(Reason.ROUTE_CONFLICT, verdict.doneReason());
    assertNull(owed.route());
    evaluate(rules(first, other + "1}"), model("gpt-4").stream(true));
    assertEquals(Decision.ALLOW, verdict.done(), "a declared priority settles it");
    assertEquals(List.of(new Route.Target("azure", "")), owed.route().targets());
    final PolicyException refused =
        assertThrows(
            PolicyException.class,
            () -> rules(first, "{type: provider_failover, id: g, targets: [azure]}"));
    assertTrue(refused.getMessage().contains("'p/g' and 'p/f' conflict"), refused::getMessage);
    assertEquals(5, refused.line());
  }

  @Test
  void shouldKeepTheOrderOfTargetsWhenDocumentsAreCompared() throws PolicyException {
    assertFalse(
        rules("{type: provider_failover, id: f, targets: [a, b]}")
            .id()
            .equals(rules("{type: provider_failover, id: f, targets: [b, a]}").id()));
  }

  @Test
  void shouldObserveEveryKindWhenThePolicyObserves() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(
            "{policy_name: base, rules: [{type: model_access, models: ['*']}]}",
            """
            policy_name: watch
            mode: observe
            rules:
              - {type: model_access, action: deny, models: [bad]}
              - {type: model_access, action: sandbox, models: [odd]}
              - {type: approval_required, approvers: [x], when: 'call.stream'}
              - {type: provider_failover, targets: [azure]}
              - {type: cost_budget, period: day, hard: 0}
              - {type: pii_redaction, types: [email], direction: response}
            """);
    final String[] models = {"bad", "odd", "a"};
    final Decision[] decisions = {Decision.BLOCK, Decision.SANDBOX, Decision.THROTTLE};
    for (int i = 0; i < models.length; i++) {
      evaluate(snapshot, model(models[i]));
      assertEquals(decisions[i], verdict.decision());
      assertEquals(decisions[i], verdict.wouldHaveDone());
      assertEquals(Mode.OBSERVE, verdict.mode());
      assertEquals(Decision.ALLOW, verdict.done());
      assertFalse(verdict.throttled());
      assertNull(owed.route());
      assertFalse(owed.checksAnswer());
      assertEquals(SandboxProfile.NONE, owed.sandbox());
    }
    evaluate(snapshot, model("a").stream(true));
    assertEquals(Decision.ESCALATE, verdict.decision());
    assertEquals(0, owed.approvalCount());
  }
}
