package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes of the organisation, bindings, overrides, exemptions and use cases. */
final class ScopeTest {
  private static final long NOW = 1_795_219_199_999L;
  private static final String BASE =
      "{policy_name: base, rules: [{type: model_access, id: all, models: ['gpt-*', o3]}]}";
  private static final String TREE =
      "{kind: org_tree, name: teams, teams: [{team: research}, {team: ml, parent: research}]}";

  private final LimitState limits = new LimitState(1_000);
  private final Verdict verdict = new Verdict();

  private Decision done(Snapshot snapshot, Facts facts) {
    snapshot.evaluate(facts, limits, NOW, verdict);
    return verdict.done();
  }

  private static String admits(String name, String node, String models) {
    return "{policy_name: "
        + name
        + ", "
        + node
        + ", rules: [{type: model_access, id: a, models: ["
        + models
        + "]}]}";
  }

  private static void refuse(String message, String... documents) {
    final PolicyException e =
        assertThrows(PolicyException.class, () -> TestTypes.snapshot(documents));
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }

  @Test
  void shouldNeedTheConsentOfEveryNodeWhenChildrenStateWhatTheyAdmit() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(
            BASE,
            TREE,
            admits("research", "team: research", "'gpt-*', claude"),
            admits("ml", "team: ml", "gpt-4, gpt-5"),
            admits("ada", "user: ada", "gpt-4"));
    assertEquals(Decision.ALLOW, done(snapshot, TestTypes.facts("gpt-4")));
    assertEquals("base/all", verdict.doneRule().toString());
    assertEquals(Decision.BLOCK, done(snapshot, TestTypes.facts("gpt-5")));
    assertEquals(Reason.NOT_ADMITTED_BELOW, verdict.doneReason());
    assertEquals(Decision.ALLOW, done(snapshot, TestTypes.facts("gpt-5").user("bob")));
    assertEquals(Decision.BLOCK, done(snapshot, TestTypes.facts("gpt-6").user("bob")));
    assertEquals(
        Decision.ALLOW, done(snapshot, TestTypes.facts("gpt-6").user("bob").team("research")));
    assertEquals(
        Decision.BLOCK, done(snapshot, TestTypes.facts("claude").user("bob").team("research")));
    assertEquals(Reason.DEFAULT_DENY, verdict.doneReason(), "the organisation never admitted it");
    assertEquals(Decision.ALLOW, done(snapshot, TestTypes.facts("o3").user("bob").team("hr")));
    assertEquals("acme/team:research/team:ml", matchedScope(snapshot));
  }

  private String matchedScope(Snapshot snapshot) {
    done(snapshot, TestTypes.facts("gpt-5").user("bob"));
    return verdict.matched(verdict.matchedCount() - 1).scope();
  }

  @Test
  void shouldHoldForTeamsBelowWhenAnAncestorDenies() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(
            BASE,
            TREE,
            "{policy_name: d, team: research, rules: [{type: model_access, id: no, action: deny,"
                + " models: [o3]}]}",
            admits("ml", "team: ml", "'*'"));
    assertEquals(Decision.BLOCK, done(snapshot, TestTypes.facts("o3")));
    assertEquals("acme/team:research", verdict.doneRule().scope());
    assertEquals(Phase.ACCESS, verdict.doneRule().phase());
    assertEquals(Decision.ALLOW, done(snapshot, TestTypes.facts("o3").team("hr")));
    assertEquals(
        Decision.BLOCK,
        done(
            TestTypes.snapshot(
                BASE,
                TREE,
                "{policy_name: d, rules: [{type: model_access, action: deny, models: [o3], teams:"
                    + " [research]}]}"),
            TestTypes.facts("o3")),
        "a rule that names a team means those below it too");
  }

  @Test
  void shouldBindByEnvironmentWhenADocumentHasSeveralBindings() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(
            BASE,
            """
            policy_name: b
            bindings:
              - {environment: production}
              - {environment: '*', mode: observe}
            rules: [{type: content_filter, id: f, types: [ssn]}]
            """);
    for (final String environment : List.of("production", "staging")) {
      final Facts facts = TestTypes.facts("o3").environment(environment);
      facts.addFinding(TestTypes.US_SSN, 1);
      final boolean enforced = environment.equals("production");
      assertEquals(enforced ? Decision.BLOCK : Decision.ALLOW, done(snapshot, facts));
      assertEquals(Decision.BLOCK, verdict.decision());
      assertEquals(enforced ? Mode.ENFORCE : Mode.OBSERVE, verdict.mode());
    }
    refuse(
        "'production' is bound twice",
        "{policy_name: b, bindings: [{environment: production}, {environment: production}], rules:"
            + " [{type: model_access, models: [a]}]}");
    refuse(
        "the bindings name them",
        "{policy_name: b, environment: x, bindings: [{environment: y}], rules: [{type:"
            + " model_access, models: [a]}]}");
  }

  private static String limited(String name, String node, String terms) {
    return "policy_name: "
        + name
        + "\n"
        + node
        + "\nrules: [{type: rate_limit, id: r, window_seconds: 10, "
        + terms
        + "}]";
  }

  @Test
  void shouldMoveALimitOnlyWithinItsBandWhenAChildOverrides() throws PolicyException {
    final String wide = limited("wide", "", "requests: 2, overridable: {min: 1, max: 5}");
    final String team = limited("ml", "team: ml", "requests: 4, burst: 4, overrides: wide/r");
    final Snapshot snapshot = TestTypes.snapshot(BASE, wide, team);
    assertEquals(4, granted(snapshot, "ml"));
    assertEquals(2, granted(snapshot, "hr"));
    assertEquals(
        2,
        granted(
            TestTypes.snapshot(BASE, wide, team.replace("team: ml", "team: ml\nmode: observe")),
            "x"));
    refuse("outside the band", BASE, wide, team.replace("requests: 4", "requests: 6"));
    refuse("outside the band", BASE, wide, team.replace("burst: 4", "burst: 9"));
    refuse("no rule 'none/r'", BASE, wide, team.replace("wide/r", "none/r"));
    refuse("narrower scope", BASE, wide, team.replace("team: ml", ""));
    refuse("is not overridable", BASE, wide.replace(", overridable: {min: 1, max: 5}", ""), team);
    refuse("limits something else", BASE, wide, team.replace("requests: 4", "tokens: 4"));
    refuse(
        "'min' does not fit here: it must not be above max",
        BASE,
        wide.replace("min: 1", "min: 9"));
  }

  private int granted(Snapshot snapshot, String team) {
    int granted = 0;
    final Facts facts = TestTypes.facts("o3").team(team).user("u-" + team);
    for (int i = 0; i < 10; i++) {
      if (done(snapshot, facts) == Decision.ALLOW
          && limits.reserve(verdict, facts, NOW, new Reservation())) {
        granted++;
      }
    }
    return granted;
  }

  @Test
  void shouldKeepTheWiderLimitWhenAnOverrideOnlyObserves() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(
            BASE,
            limited("wide", "", "requests: 2, overridable: {min: 1, max: 5}"),
            limited("ml", "team: ml\nmode: observe", "requests: 4, overrides: wide/r"));
    assertEquals(2, granted(snapshot, "ml"));
  }

  private static String exemption(String more) {
    return """
    kind: exemption
    name: e
    rule: f/ssn
    category: mitigated
    approver: ciso
    reason: the team's data is synthetic
    expires: 2027-01-01T00:00:00Z
    """
        + more;
  }

  @Test
  void shouldCountAnExemptionWhenItKeepsARuleOff() throws PolicyException {
    final String filter =
        "{policy_name: f, rules: [{type: content_filter, id: ssn, types: [ssn]}]}";
    final Snapshot snapshot = TestTypes.snapshot(BASE, filter, exemption("teams: [ml]\n"));
    final Facts facts = TestTypes.facts("o3");
    facts.addFinding(TestTypes.US_SSN, 1);
    assertEquals(Decision.ALLOW, done(snapshot, facts));
    assertEquals(1, verdict.exemptedCount());
    assertEquals("f/ssn", verdict.exempted(0).toString());
    assertEquals("ciso", verdict.exemption(0).approver());
    assertEquals(Exemption.Category.MITIGATED, verdict.exemption(0).category());
    assertEquals(1, verdict.matchedTotal(), "an exempt rule does not count as matching");
    assertEquals(Decision.BLOCK, done(snapshot, facts.team("hr")));
    assertEquals(0, verdict.exemptedCount());
    final long expiry = Instant.parse("2027-01-01T00:00:00Z").toEpochMilli();
    snapshot.evaluate(facts.team("ml"), limits, expiry - 1, verdict);
    assertEquals(Decision.ALLOW, verdict.done());
    snapshot.evaluate(facts, limits, expiry, verdict);
    assertEquals(Decision.BLOCK, verdict.done(), "it has expired");
    facts.model("claude");
    assertEquals(Decision.BLOCK, done(snapshot, facts), "an exemption admits nothing");
    assertEquals(Reason.DEFAULT_DENY, verdict.doneReason());
    refuse("there is no rule 'f/ssn'", BASE, exemption(""));
    refuse("an exemption admits nothing", BASE, exemption("").replace("f/ssn", "base/all"));
    refuse(
        "'expires' is 'soon'", BASE, filter, exemption("").replace("2027-01-01T00:00:00Z", "soon"));
    refuse("'approver' is missing", BASE, filter, exemption("").replace("approver: ciso\n", ""));
  }

  @Test
  void shouldHoldUseCasesToTheirControlsWhenTheyAreDeclared() throws PolicyException {
    final String useCase =
        "{kind: use_case, name: support, owner: cx, risk_class: high, required_controls:"
            + " [pii_redaction, iso/A.5]}";
    final String bound =
        "{policy_name: s, use_case: support, rules: [{type: pii_redaction, types: [email]}, {type:"
            + " content_filter, types: [ssn], control: iso/A.5}]}";
    final Snapshot snapshot = TestTypes.snapshot(BASE, useCase, bound);
    assertEquals(List.of(), snapshot.notices());
    final Facts facts = TestTypes.facts("o3").useCase("support");
    facts.addFinding(TestTypes.US_SSN, 1);
    assertEquals(Decision.BLOCK, done(snapshot, facts));
    assertEquals("iso/A.5", verdict.doneRule().control());
    assertTrue(verdict.reasonText().endsWith("Control: iso/A.5."), verdict::reasonText);
    assertEquals(Decision.ALLOW, done(snapshot, facts.useCase("other")));
    refuse("requires the control 'iso/A.5'", BASE, useCase);
    refuse("requires the control 'iso/A.5'", BASE, useCase, bound.replace("A.5", "A.6"));
    refuse("requires the control", BASE, useCase, bound.replace("s,", "s, mode: observe,"));
    refuse("requires the control", BASE, useCase, bound.replace("s,", "s, team: ml,"));
    assertEquals(1, TestTypes.snapshot(BASE, bound).notices().size());
  }

  @Test
  void shouldDenyAUseCaseWhenItsClassIsProhibited() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(
            BASE, "{kind: use_case, name: scoring, owner: hr, risk_class: prohibited}");
    assertEquals(Decision.ALLOW, done(snapshot, TestTypes.facts("o3")));
    assertEquals(Decision.BLOCK, done(snapshot, TestTypes.facts("o3").useCase("scoring")));
    assertEquals("scoring/prohibited-model_access", verdict.doneRule().toString());
    assertEquals(Phase.GUARD, verdict.doneRule().phase());
    assertEquals(
        Decision.BLOCK, done(snapshot, TestTypes.facts("").tool("s", "t").useCase("scoring")));
    assertEquals(Reason.ACCESS_DENIED, verdict.doneReason());
  }

  @Test
  void shouldRefuseWhenTeamsInheritInACircle() {
    final String tree = "{kind: org_tree, name: t, teams: [";
    refuse(
        "teams inherit in a circle: a -> b -> a",
        tree + "{team: a, parent: b}, {team: b, parent: a}]}");
    refuse("the parent 'x' is not listed", tree + "{team: a, parent: x}]}");
    refuse("the team 'a' is given twice", tree + "{team: a}, {team: a}]}");
    refuse("has a tree of teams already", TREE, tree + "{team: a}]}");
    final StringBuilder deep = new StringBuilder(tree + "{team: t0}");
    for (int i = 1; i <= TeamTree.DEPTH_MAX; i++) {
      deep.append(", {team: t").append(i).append(", parent: t").append(i - 1).append('}');
    }
    refuse("nest deeper than 7", deep + "]}");
  }
}
