package io.sealgate.policy;

import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.CostLimit;
import io.sealgate.policy.limit.Per;
import io.sealgate.policy.limit.RateLimit;
import io.sealgate.policy.limit.ToolBreaker;
import java.util.List;

/** A rule ready to be evaluated. Immutable; conditions are code, sets are hashed. */
abstract sealed class CompiledRule {
  private static final Exemption[] NO_EXEMPTIONS = {};

  /** Position in the snapshot: by phase, level, falling priority, policy name, rule id. */
  final int index;

  final RuleRef ref;
  final Place place;

  /** Whether its document is in force here, and not only observed. */
  final boolean enforced;

  private final Audience audience;
  private final Condition condition;
  private final Exemption[] exemptions;

  /** What all kinds have in common. The condition is nullable. */
  record Common(
      int index,
      RuleRef ref,
      Place place,
      Audience audience,
      Condition condition,
      List<Exemption> exemptions) {}

  private CompiledRule(Common common) {
    this.index = common.index();
    this.ref = common.ref();
    this.place = common.place();
    this.enforced = place.enforced();
    this.audience = common.audience();
    this.condition = common.condition();
    this.exemptions = common.exemptions().toArray(NO_EXEMPTIONS);
  }

  final Audience audience() {
    return audience;
  }

  /** Whether scope and condition hold: one of {@link Condition}'s three values. */
  final int applies(Facts facts) {
    if (!place.holds(facts) || !audience.holds(facts)) {
      return Condition.FALSE;
    }
    return condition == null ? Condition.TRUE : condition.test(facts);
  }

  /** As {@link #applies}, of a call for which the index found this rule. */
  final int holds(Facts facts) {
    if (place.isElsewhere(facts)) {
      return Condition.FALSE;
    }
    return condition == null ? Condition.TRUE : condition.test(facts);
  }

  /** The exemption that keeps this rule off the call, null if there is none. */
  final Exemption exemption(Facts facts) {
    for (final Exemption exemption : exemptions) {
      if (exemption.holds(facts)) {
        return exemption;
      }
    }
    return null;
  }

  /** Admits or refuses calls to models or tools; the index has matched the name already. */
  static final class Access extends CompiledRule {
    final RuleSpec.Action action;
    final SandboxProfile sandbox;

    /** Null if there is no cap. */
    final CostLimit cap;

    /** The most bytes of a tool's result; -1 for no bound. */
    final long resultBytesMax;

    /** Null if there is none. */
    final ToolBreaker breaker;

    Access(
        Common common,
        RuleSpec.Action action,
        SandboxProfile sandbox,
        CostLimit cap,
        long resultBytesMax,
        ToolBreaker breaker) {
      super(common);
      this.action = action;
      this.sandbox = sandbox;
      this.cap = cap;
      this.resultBytesMax = resultBytesMax;
      this.breaker = breaker;
    }
  }

  /** Blocks or redacts. */
  static final class Content extends CompiledRule {
    /** What to do with findings of each type, by its id; null beyond the end means nothing. */
    final RedactionMethod[] methods;

    final RedactionMethod patternMethod;
    final long[] patternBits;
    final long[][] topicBits;
    final int[] topicHits;
    final int minScoreMicros;

    /** Whether it is about what the call carries; one that is not is about the answer. */
    final boolean request;

    /** Whether it is about what the answer carries. */
    final boolean response;

    /** Whether it is of the kind content_filter. */
    final boolean filter;

    Content(
        Common common,
        RedactionMethod[] methods,
        RedactionMethod patternMethod,
        long[] patternBits,
        long[][] topicBits,
        int[] topicHits,
        int minScoreMicros,
        boolean request,
        boolean response) {
      super(common);
      this.methods = methods;
      this.patternMethod = patternMethod;
      this.patternBits = patternBits;
      this.topicBits = topicBits;
      this.topicHits = topicHits;
      this.minScoreMicros = minScoreMicros;
      this.request = request;
      this.response = response;
      this.filter = ref.type().equals(RuleKind.CONTENT_FILTER.text());
    }

    /** The strictest thing that it does about what was found in the call. */
    RedactionMethod strictest(Facts facts) {
      RedactionMethod strictest = RedactionMethod.NONE;
      for (int i = 0; i < facts.findingTypeCount(); i++) {
        final int type = facts.findingType(i);
        if (type < methods.length && facts.findingScoreMicros(type) >= minScoreMicros) {
          strictest = stricter(strictest, methods[type]);
        }
      }
      for (int i = 0; i < facts.tenantPatternCount(); i++) {
        if (Bits.get(patternBits, facts.tenantPattern(i))) {
          strictest = stricter(strictest, patternMethod);
        }
      }
      for (int i = 0; i < topicBits.length; i++) {
        if (hits(topicBits[i], facts) >= topicHits[i]) {
          strictest = stricter(strictest, patternMethod);
        }
      }
      return strictest;
    }

    static int hits(long[] topic, Facts facts) {
      int hits = 0;
      for (int i = 0; i < facts.tenantPatternCount(); i++) {
        hits += Bits.get(topic, facts.tenantPattern(i)) ? 1 : 0;
      }
      return hits;
    }
  }

  /** The stricter of two methods; null counts as none. */
  static RedactionMethod stricter(RedactionMethod a, RedactionMethod b) {
    return b == null || a.compareTo(b) >= 0 ? a : b;
  }

  /** A rule whose limit narrower scopes may replace. */
  abstract static sealed class Limit extends CompiledRule {
    private CompiledRule[] replacedBy = {};

    private Limit(Common common) {
      super(common);
    }

    /** Called while the snapshot is built. */
    void replacedBy(List<CompiledRule> rules) {
      replacedBy = rules.toArray(CompiledRule[]::new);
    }

    /** Whose counters it reads. */
    abstract Per per();

    /** Whether a narrower scope's rule takes this one's place for the call. */
    boolean isReplaced(Facts facts) {
      for (final CompiledRule rule : replacedBy) {
        if (rule.applies(facts) == Condition.TRUE) {
          return true;
        }
      }
      return false;
    }
  }

  /** Grants a rate. */
  static final class Rate extends Limit {
    final RateLimit limit;

    Rate(Common common, RateLimit limit) {
      super(common);
      this.limit = limit;
    }

    @Override
    Per per() {
      return limit.per();
    }
  }

  /** Grants money. */
  static final class Budget extends Limit {
    final BudgetLimit limit;

    Budget(Common common, BudgetLimit limit) {
      super(common);
      this.limit = limit;
    }

    @Override
    Per per() {
      return limit.per();
    }
  }

  /** Asks for consent. */
  static final class Consent extends CompiledRule {
    final Approval approval;

    Consent(Common common, Approval approval) {
      super(common);
      this.approval = approval;
    }
  }

  /** Chooses upstreams. */
  static final class Failover extends CompiledRule {
    final Route route;
    final int priority;

    Failover(Common common, Route route, int priority) {
      super(common);
      this.route = route;
      this.priority = priority;
    }
  }
}
