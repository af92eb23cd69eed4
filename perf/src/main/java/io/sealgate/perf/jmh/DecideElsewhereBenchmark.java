package io.sealgate.perf.jmh;

import dev.cel.common.CelOptions;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.sealgate.perf.policy.Organisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.casbin.jcasbin.main.Enforcer;
import org.casbin.jcasbin.model.Model;
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
 * The rules of {@link DecideBenchmark} with other engines, which have no index and look at each:
 * dev.cel's planner over scope and condition as one expression a rule, and jCasbin over team and
 * model alone, as its policies have no conditions of their own.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecideElsewhereBenchmark {
  private static final long SEED = 20_261_121;

  /** A power of two: calls are taken in turn. */
  private static final int CALLS = 1_024;

  private static final String CASBIN_MODEL =
      """
      [request_definition]
      r = team, model

      [policy_definition]
      p = team, model, eft

      [policy_effect]
      e = !some(where (p.eft == deny))

      [matchers]
      m = r.team == p.team && r.model == p.model
      """;

  /** How many rules, and whose calls. */
  @State(Scope.Thread)
  public abstract static class Ruled {
    /** Rules looked at. */
    @Param({"10", "100", "1000", "10000"})
    public int rules;

    private final int[] groups = new int[CALLS];
    private int turn;

    final void choose() {
      final Random random = new Random(SEED);
      for (int i = 0; i < CALLS; i++) {
        groups[i] = random.nextInt(new Organisation(rules).groups());
      }
    }

    final int group() {
      return groups[turn++ & CALLS - 1];
    }
  }

  /** A program a rule. */
  @State(Scope.Thread)
  public static class Planned extends Ruled {
    private final List<CelRuntime.Program> programs = new ArrayList<>();
    private final List<Map<String, Object>> calls = new ArrayList<>();
    private int next;

    /** Plans, and checks that a call meets its group's rules. */
    @Setup
    public void plan() throws Exception {
      choose();
      final CelCompilerBuilder builder =
          CelCompilerFactory.standardCelCompilerBuilder()
              .setOptions(CelOptions.current().build())
              .setResultType(SimpleType.BOOL);
      Organisation.variables(0)
          .forEach(
              (name, value) ->
                  builder.addVar(
                      name,
                      value instanceof Long
                          ? SimpleType.INT
                          : value instanceof String
                              ? SimpleType.STRING
                              : ListType.create(SimpleType.STRING)));
      final CelCompiler compiler = builder.build();
      final CelRuntime runtime = CelRuntimeFactory.plannerRuntimeBuilder().build();
      for (int rule = 0; rule < rules; rule++) {
        programs.add(
            runtime.createProgram(compiler.compile(Organisation.expression(rule)).getAst()));
      }
      for (int i = 0; i < CALLS; i++) {
        calls.add(Organisation.variables(group()));
      }
      final int expected = Math.min(rules, Organisation.GROUP);
      final int matching = matching();
      if (matching != expected) {
        throw new IllegalStateException(matching + " rules match, not " + expected);
      }
    }

    final int matching() throws CelEvaluationException {
      final Map<String, Object> call = calls.get(next++ & CALLS - 1);
      int matching = 0;
      for (final CelRuntime.Program program : programs) {
        if ((Boolean) program.eval(call)) {
          matching++;
        }
      }
      return matching;
    }
  }

  /** A policy line a rule. */
  @State(Scope.Thread)
  public static class Enforced extends Ruled {
    private Enforcer enforcer;

    /** Loads the lines, and checks that a denial takes hold. */
    @Setup
    public void load() {
      choose();
      final Model model = new Model();
      model.loadModelFromText(CASBIN_MODEL);
      enforcer = new Enforcer(model);
      enforcer.enableAutoSave(false);
      enforcer.enableLog(false);
      for (int rule = 0; rule < rules; rule++) {
        // Twenty rules a group: policies must differ, so all but one are about another model.
        final String suffix = rule % Organisation.GROUP == 0 ? "" : "-" + rule;
        enforcer.addPolicy(
            Organisation.team(rule), "model-" + Organisation.group(rule) + suffix, "allow");
      }
      enforcer.addPolicy("denied", "model", "deny");
      if (!next() || enforcer.enforce("denied", "model")) {
        throw new IllegalStateException("the policies do not decide as they should");
      }
    }

    final boolean next() {
      final Organisation.Names names = Organisation.Names.of(group());
      return enforcer.enforce(names.team(), names.model());
    }
  }

  /** Every rule with dev.cel's planner; returns how many match. */
  @Benchmark
  public int devCel(final Planned rules) throws CelEvaluationException {
    return rules.matching();
  }

  /** A decision by jCasbin. */
  @Benchmark
  public boolean jCasbin(final Enforced rules) {
    return rules.next();
  }
}
