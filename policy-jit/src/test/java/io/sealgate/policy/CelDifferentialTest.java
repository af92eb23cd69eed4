package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.sealgate.policy.cel.FrontEnd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Our bytecode against dev.cel's own runtimes, on random conditions and random calls.
 *
 * <p>The standard interpreter judges everything. The planner of dev.cel 0.14 takes an error that
 * comes out of {@code &&} or {@code ||} for a value when {@code ==} or {@code !=} compares it,
 * where CEL says that the comparison is an error too; it judges conditions that compare no bools.
 */
final class CelDifferentialTest {
  private static final FrontEnd FRONT_END = new FrontEnd(FactsSchema.SETTING);
  private static final CelRuntime ORACLE =
      CelRuntimeFactory.legacyCelRuntimeBuilder()
          .setOptions(FrontEnd.options(FactsSchema.SETTING))
          .build();
  private static final CelRuntime PLANNER =
      CelRuntimeFactory.plannerRuntimeBuilder()
          .setOptions(FrontEnd.options(FactsSchema.SETTING))
          .build();

  @Test
  void shouldAgreeWithTheInterpreterWhenConditionsAreRandom() throws Exception {
    compare(20261121L, 700, 20, ORACLE, true);
  }

  @Test
  void shouldAgreeWithThePlannerWhenNoBoolsAreCompared() throws Exception {
    compare(20261122L, 700, 20, PLANNER, false);
  }

  @Test
  @Tag("long")
  void shouldAgreeWithTheInterpreterWhenRunForLong() throws Exception {
    for (long seed = 1; seed <= 20; seed++) {
      compare(seed, 2_000, 50, ORACLE, true);
      compare(-seed, 2_000, 50, PLANNER, false);
    }
  }

  private static void compare(
      long seed, int conditions, int calls, CelRuntime oracle, boolean comparesBools)
      throws Exception {
    final Random random = new Random(seed);
    final RandomConditions generator = new RandomConditions(random, comparesBools);
    final int[] outcomes = new int[3];
    for (int i = 0; i < conditions; i++) {
      final String text = generator.bool(4);
      final Condition condition =
          FactsSchema.SHAPES.instance(FactsSchema.condition(text, TestTypes.TYPES));
      final CelRuntime.Program program = oracle.createProgram(FRONT_END.check(text));
      for (int j = 0; j < calls; j++) {
        final Facts facts = generator.facts();
        final int ours = condition.test(facts);
        assertEquals(oracle(program, facts), ours, () -> text + " on seed " + seed);
        outcomes[ours]++;
      }
    }
    for (final int count : outcomes) {
      assertTrue(count > conditions * calls / 50, "an outcome hardly occurred");
    }
  }

  static int oracle(CelRuntime.Program program, Facts facts) {
    try {
      return (Boolean) program.eval(variables(facts)) ? Condition.TRUE : Condition.FALSE;
    } catch (CelEvaluationException e) {
      return Condition.ERROR;
    }
  }

  static int oracle(String text, Facts facts) throws Exception {
    return oracle(ORACLE.createProgram(FRONT_END.check(text)), facts);
  }

  private static Map<String, Object> variables(Facts f) {
    final Map<String, Object> variables = new HashMap<>();
    variables.put("call.model", f.model);
    variables.put("call.provider", f.provider);
    variables.put("call.dialect", f.dialect);
    variables.put("call.stream", f.stream);
    variables.put("call.max_tokens", f.maxTokens);
    variables.put("call.messages", f.messageCount);
    variables.put("call.tools", f.toolCount);
    variables.put("call.body_bytes", f.bodyBytes);
    variables.put("call.text_bytes", f.textBytes);
    variables.put("caller.org", f.org);
    variables.put("caller.team", f.team);
    variables.put("caller.user", f.user);
    variables.put("caller.environment", f.environment);
    variables.put("caller.use_case", f.useCase);
    variables.put("time.hour_utc", f.hourUtc);
    variables.put("time.day_of_week", f.dayOfWeek);
    final Map<String, Long> findings = new HashMap<>();
    final List<String> labels = new ArrayList<>();
    for (int id = 0; id < TestTypes.TYPES.count(); id++) {
      findings.put(TestTypes.TYPES.name(id), (long) f.findingCount(id));
      if (f.findingCount(id) > 0) {
        labels.add(TestTypes.TYPES.name(id));
      }
    }
    variables.put("findings", findings);
    variables.put("labels", labels);
    return variables;
  }
}
