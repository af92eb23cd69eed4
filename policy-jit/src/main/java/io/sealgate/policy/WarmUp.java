package io.sealgate.policy;

import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.CostLimit;
import io.sealgate.policy.limit.RateLimit;
import io.sealgate.policy.limit.ToolBreaker;
import java.util.List;

/** Lets the JVM load and compile what a snapshot runs, before calls depend on it. */
final class WarmUp {
  private static final int EVALUATIONS_MAX = 20_000;

  /** Rules that calls are made up for, evenly spread over the snapshot. */
  private static final int RULES_MAX = 2_000;

  /** Limits of which nothing is used. */
  private static final Counters UNUSED =
      new Counters() {
        @Override
        public long retryAfterMillis(RateLimit limit, Facts facts, long epochMillis) {
          return 0;
        }

        @Override
        public long spentMicroDollars(CostLimit limit, Facts facts, long epochMillis) {
          return 0;
        }

        @Override
        public long committedMicroDollars(BudgetLimit budget, Facts facts, long epochMillis) {
          return 0;
        }

        @Override
        public long openMillis(ToolBreaker breaker, Facts facts, long epochMillis) {
          return 0;
        }
      };

  private WarmUp() {}

  /** Returns how many calls were decided. */
  static int run(
      Snapshot snapshot, RuleTable rules, List<Facts> recent, long epochMillis, long nanosMax) {
    final long end = System.nanoTime() + nanosMax;
    final Verdict verdict = new Verdict();
    final Facts madeUp = new Facts();
    final int step = Math.max(1, rules.size() / RULES_MAX);
    int evaluations = 0;
    int before = -1;
    while (evaluations > before && evaluations < EVALUATIONS_MAX && System.nanoTime() - end < 0) {
      before = evaluations;
      for (int i = 0; i < recent.size() && System.nanoTime() - end < 0; i++) {
        snapshot.evaluate(recent.get(i), UNUSED, epochMillis, verdict);
        evaluations++;
      }
      for (int i = 0; i < rules.size() && System.nanoTime() - end < 0; i += step) {
        fit(rules.rule(i), madeUp);
        madeUp.at(epochMillis);
        rules.applies(rules.rule(i), madeUp);
        snapshot.evaluate(madeUp, UNUSED, epochMillis, verdict);
        evaluations++;
      }
    }
    return evaluations;
  }

  /** A call by one of those whom the rule is about. */
  private static void fit(CompiledRule rule, Facts facts) {
    final Place place = rule.place;
    final Audience audience = rule.audience();
    facts.clear();
    facts.org(place.org());
    facts.team(place.team().orElse(first(audience.teams())));
    facts.user(place.user().orElse(first(audience.users())));
    facts.agent(place.agent().orElse(first(audience.agents())));
    facts.useCase(place.useCase().orElse(first(audience.useCases())));
    facts.environment(first(place.environments(), audience.environments()));
    facts.addRole(first(audience.roles()));
  }

  @SafeVarargs
  private static String first(Iterable<String>... names) {
    for (final Iterable<String> some : names) {
      for (final String name : some) {
        return name;
      }
    }
    return "";
  }
}
