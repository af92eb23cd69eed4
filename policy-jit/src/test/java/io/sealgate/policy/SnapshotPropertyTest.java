package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What must hold for any policy and any call, on random ones. */
final class SnapshotPropertyTest {
  private static final long SEED = 7L;
  private static final int POLICIES = 60;
  private static final int CALLS = 20;
  private static final long NOW = 1_795_219_199_999L;

  private final Random random = new Random(SEED);
  private final RandomConditions conditions = new RandomConditions(random);
  private final LimitState limits = new LimitState(10);
  private final Verdict before = new Verdict();
  private final Verdict after = new Verdict();

  private String any(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String admission() {
    return "{type: model_access, id: r"
        + random.nextInt(1 << 30)
        + ", models: ['"
        + any("*", "gpt-*", "gpt-4", "claude", "a", "x*")
        + "']"
        + extras()
        + "}";
  }

  private String restriction() {
    final String id = ", id: r" + random.nextInt(1 << 30);
    return switch (random.nextInt(4)) {
      case 0 -> "{type: content_filter" + id + ", types: [ssn, API_KEY]" + extras() + "}";
      case 1 -> "{type: content_filter" + id + ", action: redact, types: [PII]" + extras() + "}";
      case 2 -> "{type: pii_redaction" + id + ", types: [email]" + extras() + "}";
      default -> "{type: rate_limit" + id + ", requests: 1, window_seconds: 9" + extras() + "}";
    };
  }

  private String extras() {
    final String scope = any("", "", ", teams: [ada, acme, a]", ", users: [ada, gpt-4]");
    return ", priority: "
        + random.nextInt(3)
        + scope
        + (random.nextBoolean() ? "" : ", when: '" + conditions.bool(3) + "'");
  }

  private static String document(String name, String mode, List<String> rules) {
    return "policy_name: "
        + name
        + "\nmode: "
        + mode
        + "\nrules:\n  - "
        + String.join("\n  - ", rules)
        + "\n";
  }

  private List<String> someRules() {
    final List<String> rules = new ArrayList<>(List.of(admission()));
    for (int i = random.nextInt(6); i > 0; i--) {
      rules.add(random.nextBoolean() ? admission() : restriction());
    }
    return rules;
  }

  private void evaluateBoth(Snapshot first, Snapshot second) {
    final Facts facts = conditions.facts();
    first.evaluate(facts, limits, NOW, before);
    second.evaluate(facts, limits, NOW, after);
  }

  @Test
  void shouldNeverAllowMoreWhenARestrictionIsAdded() throws PolicyException {
    int changed = 0;
    for (int i = 0; i < POLICIES; i++) {
      final List<String> rules = someRules();
      final Snapshot base = TestTypes.snapshot(document("p", "enforce", rules));
      final Snapshot more =
          TestTypes.snapshot(
              document("p", "enforce", rules),
              document("q", any("enforce", "enforce", "observe"), List.of(restriction())));
      for (int j = 0; j < CALLS; j++) {
        evaluateBoth(base, more);
        assertTrue(after.done().compareTo(before.done()) >= 0, () -> rules.toString());
        assertTrue(after.decision().compareTo(before.decision()) >= 0, () -> rules.toString());
        changed += after.done() == before.done() ? 0 : 1;
      }
    }
    assertTrue(changed > 0, "the restrictions never took hold");
  }

  @Test
  void shouldDecideTheSameWhenRulesAreShuffled() throws PolicyException {
    for (int i = 0; i < POLICIES; i++) {
      final List<String> rules = someRules();
      final Snapshot base = TestTypes.snapshot(document("p", "enforce", rules));
      Collections.shuffle(rules, random);
      final Snapshot shuffled = TestTypes.snapshot(document("p", "enforce", rules));
      assertEquals(base.id(), shuffled.id());
      for (int j = 0; j < CALLS; j++) {
        evaluateBoth(base, shuffled);
        assertEquals(before.done(), after.done());
        assertEquals(before.decidingRule(), after.decidingRule());
        assertEquals(before.reason(), after.reason());
        assertEquals(before.matchedTotal(), after.matchedTotal());
        for (int k = 0; k < before.matchedCount(); k++) {
          assertEquals(before.matched(k), after.matched(k));
        }
        assertEquals(before.obligations().chargeCount(), after.obligations().chargeCount());
      }
    }
  }

  @Test
  void shouldDoTheSameWhenAnObservedPolicyIsAdded() throws PolicyException {
    int wouldDiffer = 0;
    for (int i = 0; i < POLICIES; i++) {
      final String enforced = document("p", "enforce", someRules());
      final Snapshot base = TestTypes.snapshot(enforced);
      final Snapshot watched = TestTypes.snapshot(enforced, document("q", "observe", someRules()));
      for (int j = 0; j < CALLS; j++) {
        evaluateBoth(base, watched);
        assertEquals(before.done(), after.done());
        assertEquals(before.doneRule(), after.doneRule());
        assertEquals(before.retryAfterMillis(), after.retryAfterMillis());
        for (int id = 0; id < TestTypes.TYPES.count(); id++) {
          assertEquals(before.obligations().redactsType(id), after.obligations().redactsType(id));
        }
        wouldDiffer += after.decision() == after.done() ? 0 : 1;
      }
    }
    assertTrue(wouldDiffer > 0, "the observed policies never mattered");
  }
}
