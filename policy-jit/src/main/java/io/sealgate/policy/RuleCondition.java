package io.sealgate.policy;

import io.sealgate.policy.cel.RefusedException;

/**
 * One condition by itself, with literals of its own, as in the buckets of {@link FusedBuckets}.
 * Immutable; any thread.
 */
public final class RuleCondition {
  private final Condition condition;

  private RuleCondition(Condition condition) {
    this.condition = condition;
  }

  /**
   * Compiles.
   *
   * @param when CEL, as in the field of that name
   * @param types the finding types that it may name
   * @throws PolicyException if it is refused
   */
  public static RuleCondition compile(String when, FindingTypeNames types) throws PolicyException {
    try {
      return new RuleCondition(FactsSchema.SHAPES.instance(FactsSchema.condition(when, types)));
    } catch (RefusedException e) {
      throw new PolicyException("condition", 1, e.problem(), e.fix());
    }
  }

  /**
   * Whether it holds; false as well if it ends in an error.
   *
   * @param facts the attributes of time are those of their last evaluation
   */
  public boolean holds(Facts facts) {
    return condition.test(facts) == Condition.TRUE;
  }
}
