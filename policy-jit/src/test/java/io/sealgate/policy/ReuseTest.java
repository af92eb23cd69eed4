package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sealgate.policy.index.ScopeIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A snapshot that takes over what did not change decides as one that is made anew. */
final class ReuseTest {
  private static final long SEED = 41L;
  private static final int EDITS = 150;
  private static final int CALLS = 40;
  private static final long NOW = 1_795_219_199_999L;
  private static final String[] TEAMS = {"a", "b", "c", "d"};
  private static final String[] TREES = {
    "{kind: org_tree, name: tree, teams: [{team: a}, {team: b, parent: a}, {team: c}, {team: d}]}",
    "{kind: org_tree, name: tree, teams: [{team: a, parent: c}, {team: b}, {team: c}, {team: d}]}"
  };

  private final Random random = new Random(SEED);

  private String one(String... of) {
    return of[random.nextInt(of.length)];
  }

  private String rule(int id) {
    final String who = one("", ", teams: [" + one(TEAMS) + "]", ", roles: [r]");
    final String when =
        one("", ", when: 'call.tools < " + random.nextInt(9) + "'", ", when: 'call.stream'");
    final String what =
        one(
            "model_access, models: ['*']",
            "model_access, models: [m" + random.nextInt(3) + "]",
            "model_access, action: deny, models: ['m" + random.nextInt(3) + "*']",
            "content_filter, types: [ssn]",
            "content_filter, keywords: [w" + random.nextInt(4) + "]",
            "pii_redaction, types: [email], method: mask",
            "rate_limit, requests: 1, window_seconds: " + (1 + random.nextInt(9)),
            "approval_required, approvers: [x]");
    return "{id: r" + id + ", type: " + what + who + when + "}";
  }

  private String policy(int number) {
    final StringBuilder text = new StringBuilder("policy_name: p" + number + "\n");
    text.append(one("", "team: " + one(TEAMS) + "\n", "mode: observe\n")).append("rules:\n");
    for (int i = 0; i <= random.nextInt(4); i++) {
      text.append("  - ").append(rule(i)).append('\n');
    }
    return text.toString();
  }

  private static String decided(Snapshot snapshot, Facts facts) {
    final Verdict verdict = new Verdict();
    snapshot.evaluate(facts, new LimitState(1_000), NOW, verdict);
    final List<String> matched = new ArrayList<>();
    for (int i = 0; i < verdict.matchedCount(); i++) {
      matched.add(verdict.matched(i).toString());
    }
    return verdict.decision()
        + " "
        + verdict.decidingRule()
        + " "
        + verdict.done()
        + " "
        + verdict.doneRule()
        + " "
        + matched;
  }

  private Facts call(Snapshot snapshot) {
    final Facts facts =
        new Facts().org("acme").team(one(TEAMS)).user("u").model("m" + random.nextInt(4));
    facts.toolCount(random.nextInt(9)).stream(random.nextBoolean()).addRole(one("r", "s"));
    if (random.nextBoolean()) {
      facts.addFinding(TestTypes.US_SSN, 900_000);
    }
    for (int i = 0; i < snapshot.patterns().size(); i++) {
      if (random.nextInt(4) == 0) {
        facts.addTenantPattern(i);
      }
    }
    return facts;
  }

  @Test
  void shouldDecideAsIfMadeAnewWhenDocumentsAreEdited() throws PolicyException {
    final List<String> texts = new ArrayList<>(List.of(TREES[0]));
    final List<PolicyDocument> kept = new ArrayList<>(List.of(TestTypes.document(TREES[0])));
    for (int edit = 0; edit < EDITS; edit++) {
      final int at = edit < 6 ? texts.size() : random.nextInt(texts.size());
      final String text = at == 0 ? one(TREES) : policy(at);
      if (at == texts.size()) {
        texts.add(text);
        kept.add(TestTypes.document(text));
      } else {
        texts.set(at, text);
        kept.set(at, TestTypes.document(text));
      }
      final List<PolicyDocument> anew = new ArrayList<>();
      for (final String one : texts) {
        anew.add(TestTypes.document(one));
      }
      final Snapshot reused = PolicyCompiler.compile("acme", kept, TestTypes.TYPES);
      // Of another organisation, so that nothing can be taken over.
      final Snapshot made =
          PolicyCompiler.compile("anew" + edit, anew, TestTypes.TYPES, ScopeIndex.Kind.LINEAR);
      assertEquals(made.rules().toString(), reused.rules().toString());
      assertEquals(made.patterns(), reused.patterns());
      assertEquals(reused.id(), PolicyCompiler.compile("acme", anew, TestTypes.TYPES).id());
      for (int i = 0; i < CALLS; i++) {
        final Facts facts = call(reused);
        final int seen = edit;
        assertEquals(
            decided(made, facts), decided(reused, facts), () -> "edit " + seen + " of " + texts);
      }
    }
  }

  @Test
  void shouldTakeOverAnIndexOnlyWhileAllItIsMadeOfIsTheSame() {
    final IndexCache cache = new IndexCache();
    final Supplier<RuleIndex> maker =
        () -> RuleIndex.of(List.of(), TeamTree.NONE, 3, Map.of(), null);
    final IndexCache.Key key = new IndexCache.Key(null, TeamTree.NONE, 3, List.of(), "scopes");
    final RuleIndex first = cache.index("acme", key, maker);
    assertSame(
        first,
        cache.index(
            "acme",
            new IndexCache.Key(null, TeamTree.NONE, 3, List.of(), new String("scopes")),
            maker));
    assertNotSame(first, cache.index("other", key, maker));
    for (final IndexCache.Key other :
        List.of(
            new IndexCache.Key(null, new TeamTree(Map.of()), 3, List.of(), "scopes"),
            new IndexCache.Key(null, TeamTree.NONE, 4, List.of(), "scopes"),
            new IndexCache.Key(ScopeIndex.Kind.LINEAR, TeamTree.NONE, 3, List.of(), "scopes"),
            new IndexCache.Key(
                null, TeamTree.NONE, 3, List.of(new PolicyPattern("a", "a", false)), "scopes"),
            new IndexCache.Key(null, TeamTree.NONE, 3, List.of(), "others"))) {
      final RuleIndex before = cache.index("acme", key, maker);
      assertNotSame(before, cache.index("acme", other, maker), other::toString);
    }
  }

  @Test
  void shouldTellScopesApartWhenAnyNameDiffers() throws PolicyException {
    final String base = "{policy_name: p, rules: [{id: r, type: model_access, models: [m]%s}]}";
    final List<String> seen = new ArrayList<>();
    for (final String more :
        new String[] {
          "",
          ", teams: [a]",
          ", users: [a]",
          ", roles: [a]",
          ", agents: [a]",
          ", teams: [a, b]",
          ", teams: [ab]",
          ", use_cases: [a]",
          ", environments: [a]",
          ", providers: [a]"
        }) {
      final Placement placement =
          new Placement("acme", List.of(TestTypes.document(base.formatted(more))));
      placement.rules();
      assertEquals(false, seen.contains(placement.scopes()), more);
      seen.add(placement.scopes());
    }
    final Placement conditioned =
        new Placement(
            "acme", List.of(TestTypes.document(base.formatted(", when: 'call.tools < 3'"))));
    conditioned.rules();
    assertEquals(seen.getFirst(), conditioned.scopes(), "a condition is no scope");
  }
}
