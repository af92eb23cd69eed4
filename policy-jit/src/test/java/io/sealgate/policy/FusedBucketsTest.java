package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Conditions evaluated together, one by one, and by dev.cel's planner. */
final class FusedBucketsTest {
  private static final long NOW = 1_795_219_199_999L;
  private static final LimitState LIMITS = new LimitState(10);

  private final Random random = new Random(20261123L);
  private final RandomConditions generator = new RandomConditions(random, false);

  /** Rules of several buckets; some have terms in common, some are bound in one mode only. */
  private String rules(int count, int depth) {
    final List<String> terms =
        IntStream.range(0, 6).mapToObj(_ -> generator.bool(depth)).collect(Collectors.toList());
    final StringBuilder text = new StringBuilder("rules:\n");
    text.append("- {type: model_access, models: ['*']}\n");
    for (int i = 0; i < count; i++) {
      final String about =
          switch (random.nextInt(5)) {
            case 0 -> "type: model_access, models: ['*']";
            case 1 -> "type: model_access, action: deny, models: ['gpt-*']";
            case 2 -> "type: content_filter, action: redact, types: [ssn, API_KEY]";
            case 3 -> "type: rate_limit, requests: 9, window_seconds: 9";
            default -> "type: approval_required, approvers: [a]";
          };
      final String common = terms.get(random.nextInt(terms.size()));
      final String when =
          switch (random.nextInt(4)) {
            case 0 -> common;
            case 1 -> "(" + common + ") && " + generator.bool(depth);
            case 2 -> generator.bool(depth) + " || !(" + common + ")";
            default -> generator.bool(depth);
          };
      text.append("- {id: r").append(i).append(", ").append(about).append(", when: '");
      text.append(when).append("'}\n");
    }
    return text.toString();
  }

  private static String outcome(Snapshot snapshot, Facts facts) {
    final Verdict verdict = new Verdict();
    snapshot.evaluate(facts, LIMITS, NOW, verdict);
    final List<String> outcome = new ArrayList<>();
    outcome.add(verdict.decision() + " " + verdict.done() + " " + verdict.reason());
    outcome.add(verdict.decidingRule() + " " + verdict.doneRule());
    for (int i = 0; i < verdict.matchedCount(); i++) {
      outcome.add("match " + verdict.matched(i));
    }
    for (int i = 0; i < verdict.errorCount(); i++) {
      outcome.add("error " + verdict.error(i));
    }
    return String.join("\n", outcome);
  }

  private static int fusedRules(Snapshot snapshot) {
    return (int)
        IntStream.range(0, snapshot.ruleCount())
            .filter(rule -> snapshot.table().fusedBucket(rule) >= 0)
            .count();
  }

  @Test
  void shouldDecideAlikeWhenConditionsAreEvaluatedTogetherOrAlone() throws Exception {
    int errors = 0;
    for (int round = 0; round < 12; round++) {
      final List<PolicyDocument> documents =
          List.of(
              TestTypes.document("policy_name: p\n" + rules(60, 2)),
              TestTypes.document(
                  "policy_name: q\nbindings:"
                      + " [{environment: acme, mode: observe}, {environment: '*'}]\n"
                      + rules(20, 1)));
      final Snapshot fused = PolicyCompiler.compile("acme", documents, TestTypes.TYPES);
      final Snapshot alone =
          PolicyCompiler.compile("acme", documents, TestTypes.TYPES, FactsSchema.SHAPES::instance);
      final Snapshot reference =
          PolicyCompiler.compile(
              "acme",
              documents,
              TestTypes.TYPES,
              shape -> new ReferenceCondition(shape.source(), TestTypes.TYPES));
      assertTrue(fusedRules(fused) > 30, () -> fusedRules(fused) + " rules are fused");
      assertEquals(0, fusedRules(alone));
      for (int call = 0; call < 60; call++) {
        final Facts facts = generator.facts();
        final String expected = outcome(reference, facts);
        assertEquals(expected, outcome(alone, facts));
        assertEquals(expected, outcome(fused, facts));
        errors += expected.contains("error ") ? 1 : 0;
      }
    }
    assertTrue(errors > 50, "errors hardly occurred");
  }

  @Test
  void shouldTakeSeveralMethodsWhenOneWouldBeTooLong() throws Exception {
    final StringBuilder text = new StringBuilder("policy_name: p\nrules:\n");
    for (int i = 0; i < 60; i++) {
      text.append("- {type: model_access, models: [a], when: 'call.tools == ").append(i);
      for (int j = 0; j < 8; j++) {
        text.append(" || call.messages + ").append(i).append(" == ").append(100 * i + j);
      }
      text.append("'}\n");
    }
    final Snapshot snapshot = TestTypes.snapshot(text.toString());
    assertEquals(60, fusedRules(snapshot));
    assertTrue(snapshot.table().fusedBuckets() > 1);
    for (int i = 0; i < 60; i++) {
      final Verdict verdict = new Verdict();
      snapshot.evaluate(TestTypes.facts("a").toolCount(i).messageCount(-7), LIMITS, NOW, verdict);
      assertEquals(1, verdict.matchedTotal());
    }
  }

  @Test
  void shouldStayAloneWhenRulesAreFewOrDearOrOfNarrowScope() throws Exception {
    final StringBuilder text = new StringBuilder("policy_name: p\nrules:\n");
    for (int i = 0; i < FusedBuckets.CONDITIONS_MIN - 1; i++) {
      text.append("- {type: model_access, models: [a], when: 'call.tools == ");
      text.append(i).append("'}\n");
    }
    for (int i = 0; i < 10; i++) {
      text.append("- {type: model_access, models: [b], when: 'call.model.matches(\"a");
      text.append(i).append("+\")'}\n");
      text.append("- {type: model_access, models: [c], teams: [t], when: 'call.tools == ");
      text.append(i).append("'}\n");
    }
    assertEquals(0, fusedRules(TestTypes.snapshot(text.toString())));
  }

  @Test
  void shouldReuseTheClassWhenOnlyLiteralsChange() throws Exception {
    final String rule = "- {type: model_access, models: [a], when: 'call.tools == %d'}\n";
    Snapshot before = null;
    int classes = 0;
    for (int i = 0; i < 5; i++) {
      final StringBuilder text = new StringBuilder("policy_name: p\nrules:\n");
      for (int j = 0; j < 9; j++) {
        text.append(String.format(rule, 10 * i + j));
      }
      final Snapshot snapshot = TestTypes.snapshot(text.toString());
      assertEquals(9, fusedRules(snapshot));
      assertTrue(before == null || FactsSchema.FUSED.size() <= classes);
      classes = FactsSchema.FUSED.size();
      before = snapshot;
      final Verdict verdict = new Verdict();
      snapshot.evaluate(TestTypes.facts("a").toolCount(10 * i + 3), LIMITS, NOW, verdict);
      assertEquals(1, verdict.matchedTotal());
    }
  }
}
