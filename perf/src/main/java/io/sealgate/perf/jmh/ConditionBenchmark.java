package io.sealgate.perf.jmh;

import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelVariableResolver;
import io.sealgate.perf.policy.BenchTypes;
import io.sealgate.policy.Facts;
import io.sealgate.policy.LimitState;
import io.sealgate.policy.PolicyCompiler;
import io.sealgate.policy.RuleCondition;
import io.sealgate.policy.Snapshot;
import io.sealgate.policy.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
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

/** One condition over 256 calls, compiled by us, written by hand, and planned by dev.cel. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConditionBenchmark {
  private static final long SEED = 20_261_121;

  /** A power of two: calls are taken in turn. */
  private static final int CALLS = 256;

  private static final int AMOUNT_MAX = 2_000_000;

  /** A call as a program without an engine would have it. */
  private record Call(
      String team,
      String user,
      String environment,
      String model,
      String provider,
      String dialect,
      List<String> roles,
      String tool,
      Map<String, Object> arguments,
      long hour) {}

  /** The conditions, each with the same by hand. */
  public enum Kind {
    /** Two text equalities. */
    EQUALITIES(
        "caller.team == \"finance\" && caller.environment == \"production\"",
        c -> c.team.equals("finance") && c.environment.equals("production")),

    /** A tool, a role, an amount and hours. */
    PAYMENTS(
        "tool.name == \"transfer\" && \"payments\" in caller.roles"
            + " && tool.arguments.amount < 1000000"
            + " && time.hour_utc >= 8 && time.hour_utc < 18",
        c ->
            c.tool.equals("transfer")
                && c.roles.contains("payments")
                && c.arguments.get("amount") instanceof Long amount
                && amount < 1_000_000
                && c.hour >= 8
                && c.hour < 18),

    /** A loop with prefixes, and a list. */
    ANY_PREFIX(
        "caller.roles.exists(r, r.startsWith(\"admin-\"))"
            + " && caller.environment in [\"production\", \"staging\"]",
        c -> anyAdmin(c.roles) && isLive(c.environment)),

    /** A list, a prefix, a size and a part. */
    TEXTS(
        "call.model in [\"gpt-4o\", \"o3\", \"claude-sonnet\"] && call.provider.startsWith(\"az\")"
            + " && size(caller.user) < 40 && call.dialect.contains(\"ai\")",
        c ->
            (c.model.equals("gpt-4o") || c.model.equals("o3") || c.model.equals("claude-sonnet"))
                && c.provider.startsWith("az")
                && c.user.codePointCount(0, c.user.length()) < 40
                && c.dialect.contains("ai"));

    private final String text;
    private final Predicate<Call> byHand;

    Kind(final String text, final Predicate<Call> byHand) {
      this.text = text;
      this.byHand = byHand;
    }

    private static boolean anyAdmin(final List<String> roles) {
      for (int i = 0; i < roles.size(); i++) {
        if (roles.get(i).startsWith("admin-")) {
          return true;
        }
      }
      return false;
    }

    private static boolean isLive(final String environment) {
      return environment.equals("production") || environment.equals("staging");
    }
  }

  /** Which condition. */
  @Param public Kind condition;

  private final Call[] calls = new Call[CALLS];
  private final Facts[] facts = new Facts[CALLS];
  private final CelVariableResolver[] variables = new CelVariableResolver[CALLS];
  private RuleCondition compiled;
  private Predicate<Call> byHand;
  private CelRuntime.Program planned;
  private int turn;

  /** Makes the three, and checks that they agree on every call. */
  @Setup
  public void prepare() throws Exception {
    final Random random = new Random(SEED);
    final Snapshot clock = PolicyCompiler.compile("acme", List.of(), BenchTypes.TYPES);
    final Verdict verdict = new Verdict();
    final LimitState limits = new LimitState(1);
    for (int i = 0; i < CALLS; i++) {
      final long hour = random.nextInt(24);
      calls[i] = call(random, hour);
      facts[i] = facts(calls[i]);
      clock.evaluate(facts[i], limits, TimeUnit.HOURS.toMillis(hour), verdict);
      variables[i] = variables(calls[i]);
    }
    compiled = RuleCondition.compile(condition.text, BenchTypes.TYPES);
    byHand = condition.byHand;
    planned =
        CelRuntimeFactory.plannerRuntimeBuilder()
            .build()
            .createProgram(
                CelCompilerFactory.standardCelCompilerBuilder()
                    .setStandardMacros(dev.cel.parser.CelStandardMacro.STANDARD_MACROS)
                    .addVar("caller.team", SimpleType.STRING)
                    .addVar("caller.user", SimpleType.STRING)
                    .addVar("caller.environment", SimpleType.STRING)
                    .addVar("caller.roles", ListType.create(SimpleType.STRING))
                    .addVar("call.model", SimpleType.STRING)
                    .addVar("call.provider", SimpleType.STRING)
                    .addVar("call.dialect", SimpleType.STRING)
                    .addVar("tool.name", SimpleType.STRING)
                    .addVar("tool.arguments", MapType.create(SimpleType.STRING, SimpleType.DYN))
                    .addVar("time.hour_utc", SimpleType.INT)
                    .build()
                    .compile(condition.text)
                    .getAst());
    int held = 0;
    for (int i = 0; i < CALLS; i++) {
      final boolean expected = byHand.test(calls[i]);
      if (compiled.holds(facts[i]) != expected
          || (Boolean) planned.eval(variables[i]) != expected) {
        throw new IllegalStateException("the three do not agree on " + calls[i]);
      }
      held += expected ? 1 : 0;
    }
    if (held == 0 || held == CALLS) {
      throw new IllegalStateException("the condition tells no calls apart");
    }
  }

  /** Texts of their own, as they come off the wire. */
  private static String any(final Random random, final String... texts) {
    return new StringBuilder(texts[random.nextInt(texts.length)]).toString();
  }

  private static Call call(final Random random, final long hour) {
    return new Call(
        any(random, "finance", "finance", "research"),
        any(random, "ada", "a-user-with-a-long-name@example.com"),
        any(random, "production", "production", "staging", "development"),
        any(random, "gpt-4o", "o3", "gpt-4o-mini"),
        any(random, "azure", "azure", "openai"),
        any(random, "openai", "anthropic"),
        List.of(any(random, "reader", "writer"), any(random, "payments", "admin-eu", "admin-us")),
        any(random, "transfer", "transfer", "balance"),
        Map.of("amount", (long) random.nextInt(AMOUNT_MAX)),
        hour);
  }

  private static Facts facts(final Call call) {
    final Facts facts = new Facts();
    facts.org("acme").team(call.team).user(call.user).environment(call.environment);
    facts.model(call.model).provider(call.provider).dialect(call.dialect);
    call.roles.forEach(facts::addRole);
    return facts.tool("bank", call.tool).toolArguments(call.arguments);
  }

  private static CelVariableResolver variables(final Call call) {
    final Map<String, Optional<Object>> values = new HashMap<>();
    values.put("caller.team", Optional.of(call.team));
    values.put("caller.user", Optional.of(call.user));
    values.put("caller.environment", Optional.of(call.environment));
    values.put("caller.roles", Optional.of(call.roles));
    values.put("call.model", Optional.of(call.model));
    values.put("call.provider", Optional.of(call.provider));
    values.put("call.dialect", Optional.of(call.dialect));
    values.put("tool.name", Optional.of(call.tool));
    values.put("tool.arguments", Optional.of(call.arguments));
    values.put("time.hour_utc", Optional.of(call.hour));
    return name -> values.getOrDefault(name, Optional.empty());
  }

  /** Compiled by us. */
  @Benchmark
  public boolean compiled() {
    return compiled.holds(facts[turn++ & CALLS - 1]);
  }

  /** Written by hand. */
  @Benchmark
  public boolean handWritten() {
    return byHand.test(calls[turn++ & CALLS - 1]);
  }

  /** Planned by dev.cel. */
  @Benchmark
  public Object planned() throws CelEvaluationException {
    return planned.eval(variables[turn++ & CALLS - 1]);
  }
}
