package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class WarmUpTest {
  private static final long NOW = 1_795_219_199_999L;
  private static final long SECOND = 1_000_000_000L;

  @Test
  void shouldDecideCallsAndLeaveNoTraceWhenWarmedUp() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(
            "{policy_name: p, rules: [{type: model_access, models: ['*'], max_cost_per_day:"
                + " 0.00001, when: 'call.tools == 0'}, {type: rate_limit, requests: 1,"
                + " window_seconds: 60}]}");
    final LimitState limits = new LimitState(10);
    assertTrue(snapshot.warmUp(List.of(TestTypes.facts("gpt-4")), NOW, SECOND) >= 3);
    final Verdict verdict = new Verdict();
    final Facts facts = TestTypes.facts("gpt-4");
    snapshot.evaluate(facts, limits, NOW, verdict);
    assertEquals(Decision.ALLOW, verdict.done());
    assertTrue(limits.reserve(verdict, facts, NOW, new Reservation()), "no limit was used");
  }

  @Test
  void shouldEndWhenThereIsNothingToRun() throws PolicyException {
    assertEquals(0, TestTypes.snapshot().warmUp(List.of(), NOW, SECOND));
  }

  @Test
  void shouldKeepSomeOfTheLastCallsWithoutWhatTheyCarry() throws PolicyException {
    final RecentCalls recent = new RecentCalls(4, 3);
    assertEquals(List.of(), recent.of("acme"));
    final Facts facts = new Facts();
    for (int i = 0; i < 31; i++) {
      facts.clear();
      facts.org(i % 2 == 0 ? "acme" : "other").user("u" + i).addRole("r").maxTokens(i);
      facts.toolArguments(Map.of("secret", "s"));
      facts.addFindings(TestTypes.US_SSN, 2, 900_000);
      facts.addTenantPattern(70);
      recent.note(facts);
    }
    // Of calls 0, 3, .. 30 the last four are 21, 24, 27 and 30.
    final List<Facts> acme = recent.of("acme");
    assertEquals(
        Set.of("u24", "u30"), acme.stream().map(call -> call.user).collect(Collectors.toSet()));
    final Facts last = acme.stream().filter(call -> call.user.equals("u30")).findFirst().get();
    assertEquals(30, last.maxTokens);
    assertEquals(List.of("r"), last.roles);
    assertEquals(2, last.findingCount(TestTypes.US_SSN));
    assertEquals(900_000, last.findingScoreMicros(TestTypes.US_SSN));
    assertEquals(Map.of(), last.toolArguments);
    assertEquals(0, last.tenantPatternCount());
    facts.clear();
    assertEquals("u30", last.user, "what was handed out is a copy");
  }

  @Test
  void shouldCopyEveryFactWhenACallIsNoted() throws ReflectiveOperationException {
    final Facts facts = new Facts();
    for (final Attribute attribute : Attribute.values()) {
      final Field field = Facts.class.getDeclaredField(attribute.field);
      if (field.getType() == String.class) {
        field.set(facts, "text of " + attribute);
      } else if (field.getType() == boolean.class) {
        field.set(facts, true);
      } else {
        field.set(facts, 1_000L + attribute.ordinal());
      }
    }
    final RecentCalls recent = new RecentCalls(1, 1);
    recent.note(facts);
    final Facts copy = recent.of(facts.org).getFirst();
    // The time is set by whoever decides the call again.
    facts.at(NOW);
    copy.at(NOW);
    for (final Attribute attribute : Attribute.values()) {
      final Field field = Facts.class.getDeclaredField(attribute.field);
      assertEquals(field.get(facts), field.get(copy), attribute::toString);
    }
  }
}
