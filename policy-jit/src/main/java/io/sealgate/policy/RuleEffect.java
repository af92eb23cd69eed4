package io.sealgate.policy;

import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.CostLimit;
import io.sealgate.policy.limit.RateLimit;
import io.sealgate.policy.limit.ToolBreaker;

/** What a compiled rule does. Immutable; rules that do the same share one. */
sealed interface RuleEffect {
  /**
   * Admits or refuses calls to models or tools.
   *
   * @param cap null if there is none
   * @param resultBytesMax the most bytes of a tool's result; -1 for no bound
   * @param breaker null if there is none
   */
  record Access(
      RuleSpec.Action action,
      SandboxProfile sandbox,
      CostLimit cap,
      long resultBytesMax,
      ToolBreaker breaker)
      implements RuleEffect {
    /** Whether an admission asks for more than to be noted. */
    boolean asks() {
      return cap != null || resultBytesMax >= 0 || breaker != null;
    }
  }

  /** Blocks or redacts. */
  final class Content implements RuleEffect {
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
        RedactionMethod[] methods,
        RedactionMethod patternMethod,
        long[] patternBits,
        long[][] topicBits,
        int[] topicHits,
        int minScoreMicros,
        boolean request,
        boolean response,
        boolean filter) {
      this.methods = methods;
      this.patternMethod = patternMethod;
      this.patternBits = patternBits;
      this.topicBits = topicBits;
      this.topicHits = topicHits;
      this.minScoreMicros = minScoreMicros;
      this.request = request;
      this.response = response;
      this.filter = filter;
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

    /** The stricter of two methods; null counts as none. */
    static RedactionMethod stricter(RedactionMethod a, RedactionMethod b) {
      return b == null || a.compareTo(b) >= 0 ? a : b;
    }
  }

  /** Grants something that narrower scopes may replace. */
  sealed interface Limit extends RuleEffect {}

  /** Grants a rate. */
  record Rate(RateLimit limit) implements Limit {}

  /** Grants money. */
  record Budget(BudgetLimit limit) implements Limit {}

  /** Asks for consent. */
  record Consent(Approval approval) implements RuleEffect {}

  /** Chooses upstreams. */
  record Failover(Route route, int priority) implements RuleEffect {}
}
