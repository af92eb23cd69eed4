package io.sealgate.perf.jmh;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.sealgate.policy.Decision;
import io.sealgate.policy.Facts;
import io.sealgate.policy.FindingTypeNames;
import io.sealgate.policy.LimitState;
import io.sealgate.policy.PolicyCompiler;
import io.sealgate.policy.PolicyDocument;
import io.sealgate.policy.Snapshot;
import io.sealgate.policy.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One decision over a snapshot whose rules all have a condition: nine in ten admit one model and
 * one team each, the rest look at the call's findings. Beside it, dev.cel's own planner evaluates
 * every one of the same conditions, one after the other.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecideBenchmark {
  private static final long NOW_EPOCH_MILLIS = 1_795_219_199_999L;
  private static final int LIMIT_BUCKETS_MAX = 1_000;
  private static final int FINDING_SCORE_MICROS = 900_000;
  private static final int TYPES = 10;

  /** Rules in the snapshot. */
  @Param({"10", "1000"})
  public int rules;

  private final Facts facts = new Facts();
  private final Verdict verdict = new Verdict();
  private final LimitState limits = new LimitState(LIMIT_BUCKETS_MAX);
  private Snapshot snapshot;
  private List<CelRuntime.Program> programs;
  private String model;

  /** Compiles the rules both ways and checks that the call is admitted. */
  @Setup
  public void compile() throws Exception {
    final StringBuilder text = new StringBuilder("policy_name: bench\nrules:\n");
    final List<String> conditions = new ArrayList<>();
    for (int i = 0; i < rules; i++) {
      final String condition =
          "call.max_tokens < " + (4_000 + i) + " && caller.team in [\"ml\", \"t" + i % 7 + "\"]";
      conditions.add(condition);
      text.append("  - {");
      if (i % TYPES == 0) {
        text.append("type: content_filter, types: [TYPE_").append(i / TYPES % TYPES).append("]");
      } else {
        text.append("type: model_access, models: [model-").append(i).append("]");
      }
      text.append(", when: '").append(condition).append("'}\n");
    }
    final FindingTypeNames types = new NumberedTypes();
    final PolicyDocument document =
        PolicyDocument.parse("bench.yaml", text.toString().getBytes(StandardCharsets.UTF_8), types);
    snapshot = PolicyCompiler.compile("acme", List.of(document), types);
    programs = plan(conditions);
    model = "model-" + (rules - 1);
    if (evaluate().done() != Decision.ALLOW || evaluateWithDevCel() != rules) {
      throw new IllegalStateException("the rules do not decide as they should");
    }
    facts.addFinding(0, FINDING_SCORE_MICROS);
    snapshot.evaluate(facts, limits, NOW_EPOCH_MILLIS, verdict);
    if (verdict.done() != Decision.BLOCK) {
      throw new IllegalStateException("a finding does not block");
    }
  }

  /** Fills the facts and evaluates, as a call does. */
  @Benchmark
  public Verdict evaluate() {
    facts.clear();
    facts.org("acme").team("ml").user("ada").environment("production");
    facts.model(model).maxTokens(1_000).messageCount(2).bodyBytes(1_200).textBytes(1_000);
    snapshot.evaluate(facts, limits, NOW_EPOCH_MILLIS, verdict);
    return verdict;
  }

  /** Every condition by itself with dev.cel; returns how many hold. */
  @Benchmark
  public int evaluateWithDevCel() throws CelEvaluationException {
    final Map<String, Object> variables = Map.of("call.max_tokens", 1_000L, "caller.team", "ml");
    int held = 0;
    for (final CelRuntime.Program program : programs) {
      if ((Boolean) program.eval(variables)) {
        held++;
      }
    }
    return held;
  }

  private static List<CelRuntime.Program> plan(final List<String> conditions) throws Exception {
    final Cel cel =
        CelFactory.standardCelBuilder()
            .addVar("call.max_tokens", SimpleType.INT)
            .addVar("caller.team", SimpleType.STRING)
            .setResultType(SimpleType.BOOL)
            .build();
    final List<CelRuntime.Program> programs = new ArrayList<>();
    for (final String condition : conditions) {
      programs.add(cel.createProgram(cel.compile(condition).getAst()));
    }
    return programs;
  }

  /** As many types as the rules name. */
  private static final class NumberedTypes implements FindingTypeNames {
    private static final String PREFIX = "TYPE_";

    @Override
    public int[] idsOf(final String name) {
      return name.startsWith(PREFIX)
          ? new int[] {Integer.parseInt(name.substring(PREFIX.length()))}
          : new int[] {};
    }

    @Override
    public String name(final int id) {
      return PREFIX + id;
    }

    @Override
    public int count() {
      return TYPES;
    }
  }
}
