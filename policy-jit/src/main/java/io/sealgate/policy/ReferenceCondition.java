package io.sealgate.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.sealgate.policy.cel.FrontEnd;
import io.sealgate.policy.cel.RefusedException;
import io.sealgate.policy.cel.Type;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** A condition as dev.cel's planner evaluates it: what compiled conditions are held against. */
final class ReferenceCondition extends Condition {
  private static final FrontEnd FRONT_END = new FrontEnd(FactsSchema.SETTING);
  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.plannerRuntimeBuilder()
          .setOptions(FrontEnd.options(FactsSchema.SETTING))
          .build();

  private final CelRuntime.Program program;
  private final FindingTypeNames types;

  /**
   * @throws RefusedException if it is no condition
   */
  ReferenceCondition(String text, FindingTypeNames types) throws RefusedException {
    final CelAbstractSyntaxTree tree = FRONT_END.check(text);
    try {
      this.program = RUNTIME.createProgram(tree);
    } catch (CelEvaluationException e) {
      throw new RefusedException(e.getMessage(), "write it otherwise");
    }
    this.types = types;
  }

  @Override
  int test(Facts facts) {
    try {
      return (Boolean) program.eval(variables(facts, types)) ? TRUE : FALSE;
    } catch (CelEvaluationException e) {
      return ERROR;
    }
  }

  /** What conditions read, by name; the facts must have their time. */
  static Map<String, Object> variables(Facts facts, FindingTypeNames types) {
    final Map<String, Object> variables = new HashMap<>(FactTable.write(facts));
    for (final Attribute attribute : Attribute.values()) {
      if (attribute.type == Type.INT
          && variables.get(attribute.celName) instanceof String written) {
        variables.put(attribute.celName, Long.valueOf(written));
      }
    }
    variables.put("time.hour_utc", facts.hourUtc);
    variables.put("time.day_of_week", facts.dayOfWeek);
    variables.put("call.time", Instant.ofEpochMilli(facts.epochMillis));
    variables.put("tool.arguments", facts.toolArguments);
    variables.put("labels", facts.labels(types));
    final Map<String, Long> findings = new HashMap<>();
    for (int type = 0; type < types.count(); type++) {
      findings.put(types.name(type), (long) facts.findingCount(type));
    }
    variables.put("findings", findings);
    return variables;
  }
}
