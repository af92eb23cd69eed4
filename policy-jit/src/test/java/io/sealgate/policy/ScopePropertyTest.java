package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What must hold for policies of every kind at every node, on random ones. */
final class ScopePropertyTest {
  private static final long SEED = 20_261_121L;
  private static final int POLICIES = 80;
  private static final int CALLS = 15;
  private static final long NOW = 1_795_219_199_999L;
  private static final String TREE =
      "{kind: org_tree, name: tree, teams: [{team: ml, parent: lab}, {team: lab}, {team: hr}]}";

  private final Random random = new Random(SEED);
  private final LimitState limits = new LimitState(10);
  private final Verdict before = new Verdict();
  private final Verdict after = new Verdict();
  private int nextId;

  private String any(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String rule(boolean admission) {
    final String id = "id: r" + nextId++ + ", type: ";
    final String names = any("['*']", "['g*']", "[gpt]", "[o3, gpt]", "['*3']");
    final String body =
        admission
            ? any("model_access, models: ", "tool_access, tools: ") + names
            : switch (random.nextInt(11)) {
              case 0 -> "model_access, action: deny, models: " + names;
              case 1 -> "tool_access, action: deny, tools: " + names;
              case 2 -> "model_access, action: sandbox, models: " + names;
              case 3 -> "content_filter, types: [ssn], min_score: 0." + random.nextInt(10);
              case 4 -> "content_filter, action: redact, keywords: [x], direction: both";
              case 5 ->
                  "pii_redaction, types: [PII], direction: "
                      + any("request", "response", "both")
                      + ", method: "
                      + any("mask", "partial", "hash", "pseudonym", "block");
              case 6 -> "rate_limit, tokens: 5, window_seconds: 9, per: " + any("user", "org");
              case 7 -> "cost_budget, period: day, hard: 0.00000" + random.nextInt(10);
              case 8 -> "approval_required, approvers: [" + any("a", "b") + "]";
              case 9 -> "provider_failover, targets: [" + any("a", "b, a") + "]";
              default -> "tool_access, action: sandbox, sandbox: no_tools, tools: " + names;
            };
    final String scope =
        any(
            "",
            "",
            "",
            ", teams: [lab]",
            ", users: [ada]",
            ", roles: [dev]",
            ", environments: [prod]",
            ", when: 'call.tools > 1'",
            ", when: '1 / call.tools > 0'",
            ", when: 'call.stream'");
    // Of one priority two routes could conflict at once and be refused.
    return "{" + id + body + scope + ", priority: " + nextId % 1_000 + "}";
  }

  private String document(String node, boolean admissions) {
    final List<String> rules = new ArrayList<>(List.of(rule(admissions)));
    for (int i = random.nextInt(4); i > 0; i--) {
      rules.add(rule(admissions && random.nextBoolean()));
    }
    return "{policy_name: p" + nextId++ + node + ", rules: [" + String.join(", ", rules) + "]}";
  }

  private String node() {
    return any("", ", team: lab", ", team: ml", ", user: ada", ", agent: bot", ", use_case: u")
        + any("", "", ", use_case: v")
            .replace(", use_case: v", random.nextBoolean() ? ", environment: prod" : "");
  }

  private List<String> base() {
    final List<String> docs =
        new ArrayList<>(List.of(TREE, document("", true), document("", true)));
    for (int i = random.nextInt(3); i > 0; i--) {
      docs.add(document(node(), random.nextBoolean()));
    }
    return docs;
  }

  private Facts facts() {
    final Facts facts =
        new Facts()
                .org("acme")
                .team(any("ml", "lab", "hr"))
                .user(any("ada", "bob"))
                .environment(any("prod", "dev"))
                .useCase(any("u", "v", ""))
                .toolCount(random.nextInt(3))
                .stream(random.nextBoolean())
                .tokenEstimate(random.nextInt(3))
                .costEstimateMicroDollars(random.nextInt(5));
    final String name = any("gpt", "g2", "o3");
    if (random.nextBoolean()) {
      facts.model(name);
    } else {
      facts.tool("s", name);
    }
    if (random.nextBoolean()) {
      facts.agent("bot");
    }
    if (random.nextBoolean()) {
      facts.addRole("dev");
    }
    if (random.nextInt(3) == 0) {
      facts.addFinding(any("1", "2").equals("1") ? TestTypes.US_SSN : TestTypes.EMAIL, 500_000);
    }
    return facts;
  }

  private static Snapshot compile(List<String> docs) throws PolicyException {
    return TestTypes.snapshot(docs.toArray(String[]::new));
  }

  private void evaluateBoth(Snapshot first, Snapshot second) {
    final Facts facts = facts();
    first.evaluate(facts, limits, NOW, before);
    second.evaluate(facts, limits, NOW, after);
  }

  private static boolean goesOn(Verdict verdict) {
    return verdict.done() != Decision.BLOCK && !verdict.throttled();
  }

  private void assertNoWider(List<String> docs, String added) {
    final String what = "seed " + SEED + ": " + docs + " + " + added;
    assertTrue(after.done().compareTo(before.done()) >= 0, what);
    assertTrue(after.decision().compareTo(before.decision()) >= 0, what);
    if (!goesOn(after)) {
      return;
    }
    assertTrue(goesOn(before), what);
    final Obligations was = before.obligations();
    final Obligations is = after.obligations();
    for (int type = 0; type < TestTypes.TYPES.count(); type++) {
      assertTrue(is.requestMethod(type).compareTo(was.requestMethod(type)) >= 0, what);
      assertTrue(is.responseMethod(type).compareTo(was.responseMethod(type)) >= 0, what);
    }
    assertTrue(is.sandbox().compareTo(was.sandbox()) >= 0, what);
    assertTrue(is.approvers().containsAll(was.approvers()), what);
    assertTrue(is.approvalCount() >= was.approvalCount(), what);
    assertTrue(is.chargeCount() >= was.chargeCount(), what);
    assertTrue(is.budgetCount() >= was.budgetCount(), what);
  }

  @Test
  void shouldNeverWidenWhenANarrowerChildIsAdded() throws PolicyException {
    int narrowed = 0;
    for (int i = 0; i < POLICIES; i++) {
      final List<String> docs = base();
      // At a node of its own: documents of one node together say what it admits.
      final String child =
          document(
              any(
                  ", team: ml, user: eve",
                  ", team: hr, user: ada, agent: bot, use_case: v",
                  ", user: bob, use_case: u, agent: bot",
                  ", team: hr, use_case: v"),
              true);
      final List<String> more = new ArrayList<>(docs);
      more.add(child);
      final Snapshot base = compile(docs);
      final Snapshot narrower = compile(more);
      for (int j = 0; j < CALLS; j++) {
        evaluateBoth(base, narrower);
        assertNoWider(docs, child);
        narrowed += after.done() == before.done() ? 0 : 1;
      }
    }
    assertTrue(narrowed > 0, "the children never took hold");
  }

  @Test
  void shouldNeverAllowMoreWhenARestrictionIsAddedAnywhere() throws PolicyException {
    int changed = 0;
    for (int i = 0; i < POLICIES; i++) {
      final List<String> docs = base();
      final String restriction = "{policy_name: more" + node() + ", rules: [" + rule(false) + "]}";
      final List<String> more = new ArrayList<>(docs);
      more.add(restriction);
      final Snapshot base = compile(docs);
      final Snapshot restricted = compile(more);
      for (int j = 0; j < CALLS; j++) {
        evaluateBoth(base, restricted);
        assertNoWider(docs, restriction);
        changed += after.done() == before.done() ? 0 : 1;
      }
    }
    assertTrue(changed > 0, "the restrictions never took hold");
  }

  private static String outcome(Verdict v) {
    final Obligations o = v.obligations();
    final StringBuilder text = new StringBuilder();
    text.append(v.done()).append(' ').append(v.doneRule()).append(' ').append(v.doneReason());
    text.append(' ').append(v.retryAfterMillis()).append(' ').append(o.sandbox());
    text.append(' ').append(o.route()).append(' ').append(o.approvers());
    text.append(' ').append(o.checksAnswer()).append(' ').append(o.resultBytesMax());
    text.append(' ').append(o.redactsPattern(0)).append(o.responsePatternMethod(0));
    for (int type = 0; type < 3; type++) {
      text.append(' ').append(o.requestMethod(type)).append(o.requestScoreMicros(type));
      text.append(' ').append(o.responseMethod(type));
    }
    return text.toString();
  }

  @Test
  void shouldDoTheSameWhenAnObservedDocumentIsAddedAnywhere() throws PolicyException {
    int wouldDiffer = 0;
    for (int i = 0; i < POLICIES; i++) {
      final List<String> docs = base();
      final List<String> more = new ArrayList<>(docs);
      more.add(
          document(
              node().replace(", environment: prod", "") + ", mode: observe", random.nextBoolean()));
      final Snapshot base = compile(docs);
      final Snapshot watched = compile(more);
      for (int j = 0; j < CALLS; j++) {
        evaluateBoth(base, watched);
        assertEquals(outcome(before), outcome(after), () -> "seed " + SEED + ": " + more);
        wouldDiffer += after.wouldHaveDone() == after.done() ? 0 : 1;
      }
    }
    assertTrue(wouldDiffer > 0, "the observed documents never mattered");
  }

  @Test
  void shouldDecideTheSameWhenDocumentsAndRulesAreShuffled() throws PolicyException {
    for (int i = 0; i < POLICIES; i++) {
      final List<String> rules = new ArrayList<>();
      for (int j = 0; j < 8; j++) {
        rules.add(rule(j < 3));
      }
      final List<String> docs = base();
      final String name = "{policy_name: shuffled, rules: [";
      docs.add(name + String.join(", ", rules) + "]}");
      final Snapshot base = compile(docs);
      docs.removeLast();
      Collections.shuffle(rules, random);
      docs.add(name + String.join(", ", rules) + "]}");
      Collections.shuffle(docs, random);
      final Snapshot shuffled = compile(docs);
      assertEquals(base.id(), shuffled.id());
      for (int j = 0; j < CALLS; j++) {
        evaluateBoth(base, shuffled);
        assertEquals(outcome(before), outcome(after), () -> "seed " + SEED + ": " + docs);
        assertEquals(before.matchedTotal(), after.matchedTotal());
        for (int k = 0; k < before.matchedCount(); k++) {
          assertEquals(before.matched(k), after.matched(k));
        }
        assertEquals(before.decidingRule(), after.decidingRule());
      }
    }
  }
}
