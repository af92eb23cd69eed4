package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class WarmUpTest {
  private static final long NOW = 1_795_219_199_999L;

  @Test
  void shouldDecideCallsAndLeaveNoTraceWhenWarmedUp() throws PolicyException {
    final Snapshot snapshot =
        TestTypes.snapshot(
            "{policy_name: p, rules: [{type: model_access, models: ['*'], max_cost_per_day:"
                + " 0.00001, when: 'call.tools == 0'}, {type: rate_limit, requests: 1,"
                + " window_seconds: 60}]}");
    final LimitState limits = new LimitState(10);
    assertTrue(snapshot.warmUp(List.of(TestTypes.facts("gpt-4")), NOW) >= 3);
    final Verdict verdict = new Verdict();
    final Facts facts = TestTypes.facts("gpt-4");
    snapshot.evaluate(facts, limits, NOW, verdict);
    assertEquals(Decision.ALLOW, verdict.done());
    assertTrue(limits.reserve(verdict, facts, NOW, new Reservation()), "no limit was used");
  }

  @Test
  void shouldEndWhenThereIsNothingToRun() throws PolicyException {
    assertEquals(0, TestTypes.snapshot().warmUp(List.of(), NOW));
  }
}
