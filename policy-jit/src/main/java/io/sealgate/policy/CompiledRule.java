package io.sealgate.policy;

import java.util.Set;

/** A rule ready to be evaluated. Immutable; conditions are code, sets are hashed. */
abstract sealed class CompiledRule {
  /** Position in the snapshot: by falling priority, then policy name, then rule id. */
  final int index;

  final RuleRef ref;
  private final String environment;
  private final RuleSpec.Scope scope;
  private final Condition condition;

  /**
   * What all kinds have in common. The environment is {@code *} for all, the condition nullable.
   */
  record Common(
      int index, RuleRef ref, String environment, RuleSpec.Scope scope, Condition condition) {}

  private CompiledRule(Common common) {
    this.index = common.index();
    this.ref = common.ref();
    this.environment = common.environment();
    this.scope = common.scope();
    this.condition = common.condition();
  }

  /** Whether scope and condition hold: one of {@link Condition}'s three values. */
  final int applies(Facts facts) {
    if (!environment.equals("*") && !environment.equals(facts.environment)
        || outside(scope.teams(), facts.team)
        || outside(scope.users(), facts.user)
        || outside(scope.useCases(), facts.useCase)) {
      return Condition.FALSE;
    }
    return condition == null ? Condition.TRUE : condition.test(facts);
  }

  private static boolean outside(Set<String> names, String name) {
    return !names.isEmpty() && !names.contains(name);
  }

  /** Admits calls to models; the index has matched the model already. */
  static final class Access extends CompiledRule {
    private final String[] providers;

    /** Null if there is no cap. */
    final CostLimit cap;

    Access(Common common, String[] providers, CostLimit cap) {
      super(common);
      this.providers = providers;
      this.cap = cap;
    }

    boolean admitsProvider(String provider) {
      for (final String pattern : providers) {
        if (Glob.matches(pattern, provider)) {
          return true;
        }
      }
      return providers.length == 0;
    }
  }

  /** Blocks or redacts; the index has matched a type or pattern already. */
  static final class Content extends CompiledRule {
    final boolean block;
    final Reason reason;
    final long[] typeBits;
    final long[] patternBits;

    Content(Common common, boolean block, Reason reason, long[] typeBits, long[] patternBits) {
      super(common);
      this.block = block;
      this.reason = reason;
      this.typeBits = typeBits;
      this.patternBits = patternBits;
    }
  }

  /** Grants a rate. */
  static final class Rate extends CompiledRule {
    final RateLimit limit;

    Rate(Common common, RateLimit limit) {
      super(common);
      this.limit = limit;
    }
  }
}
