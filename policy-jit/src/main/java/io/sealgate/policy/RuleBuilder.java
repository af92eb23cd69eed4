package io.sealgate.policy;

import io.sealgate.policy.Placement.Placed;
import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.CostLimit;
import io.sealgate.policy.limit.RateLimit;
import io.sealgate.policy.limit.ToolBreaker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns placed rules into compiled ones. */
final class RuleBuilder {
  private final String org;
  private final int typeCount;
  private final Map<PolicyPattern, Integer> patternIndex;
  private final TeamTree tree;
  private final Map<String, List<Exemption>> exemptions;

  /** Many rules are about the same. */
  private final Map<RuleSpec.Scope, Audience> audiences = new HashMap<>();

  private int count;

  RuleBuilder(
      String org,
      int typeCount,
      Map<PolicyPattern, Integer> patternIndex,
      TeamTree tree,
      Map<String, List<Exemption>> exemptions) {
    this.org = org;
    this.typeCount = typeCount;
    this.patternIndex = patternIndex;
    this.tree = tree;
    this.exemptions = exemptions;
  }

  /** Compiles the next rule. The condition is nullable. */
  CompiledRule add(Placed placed, Condition condition) {
    final RuleSpec spec = placed.spec();
    final boolean enforced = placed.place().enforced();
    final CompiledRule.Common common =
        new CompiledRule.Common(
            count++,
            new RuleRef(
                placed.document().name(),
                spec.id(),
                spec.type(),
                enforced,
                placed.phase(),
                placed.place().path(),
                spec.control().orElse("")),
            placed.place(),
            audiences.computeIfAbsent(spec.scope(), scope -> Audience.of(scope, tree)),
            condition,
            exemptions.getOrDefault(placed.name(), List.of()));
    // What is only observed must not use up what is enforced elsewhere.
    final String key = org + "/" + placed.name() + (enforced ? "" : "/observe");
    return switch (spec.effect()) {
      case RuleSpec.ModelAccess access -> {
        final CostLimit cap =
            access.microDollarsPerDay() < 0
                ? null
                : new CostLimit(key, access.microDollarsPerDay(), enforced);
        yield new CompiledRule.Access(common, access.action(), access.sandbox(), cap, -1, null);
      }
      case RuleSpec.ToolAccess access ->
          new CompiledRule.Access(
              common,
              access.action(),
              access.sandbox(),
              null,
              access.resultBytesMax(),
              breaker(key, access.breaker(), enforced));
      case RuleSpec.Content content -> content(common, content);
      case RuleSpec.Quota quota -> new CompiledRule.Rate(common, limit(key, quota, enforced));
      case RuleSpec.Budget budget ->
          new CompiledRule.Budget(
              common,
              new BudgetLimit(
                  key + "/" + budget.period() + "/" + budget.per(),
                  budget.softMicroDollars(),
                  budget.hardMicroDollars(),
                  budget.period(),
                  budget.per(),
                  enforced));
      case RuleSpec.Consent consent -> new CompiledRule.Consent(common, consent.approval());
      case RuleSpec.Failover failover ->
          new CompiledRule.Failover(common, failover.route(), spec.priority());
    };
  }

  private static ToolBreaker breaker(
      String key, Optional<RuleSpec.Breaker> breaker, boolean enforced) {
    return breaker
        .map(b -> new ToolBreaker(key, b.failures(), b.windowMillis(), b.openMillis(), enforced))
        .orElse(null);
  }

  private CompiledRule.Content content(CompiledRule.Common common, RuleSpec.Content content) {
    final RedactionMethod[] methods = new RedactionMethod[typeCount];
    for (int i = 0; i < content.types().length; i++) {
      methods[content.types()[i]] = content.methods()[i];
    }
    final List<RuleSpec.Topic> topics = content.topics();
    final long[][] topicBits = new long[topics.size()][];
    final int[] topicHits = new int[topics.size()];
    for (int i = 0; i < topicBits.length; i++) {
      topicBits[i] = bits(topics.get(i).words());
      topicHits[i] = topics.get(i).hits();
    }
    return new CompiledRule.Content(
        common,
        methods,
        content.block() ? RedactionMethod.BLOCK : RedactionMethod.MASK,
        bits(content.patterns()),
        topicBits,
        topicHits,
        content.minScoreMicros(),
        content.request(),
        content.response());
  }

  private long[] bits(List<PolicyPattern> patterns) {
    final long[] bits = new long[Bits.words(patternIndex.size())];
    for (final PolicyPattern pattern : patterns) {
      Bits.set(bits, patternIndex.get(pattern));
    }
    return bits;
  }

  private static RateLimit limit(String key, RuleSpec.Quota quota, boolean enforced) {
    // A bucket counts at most AMOUNT_MAX units, so larger amounts are counted in larger units.
    final long grain =
        Math.max(1, Math.ceilDiv(Math.max(quota.amount(), quota.burst()), RateLimit.AMOUNT_MAX));
    return new RateLimit(
        String.join(
            "/",
            key,
            quota.unit().name(),
            Long.toString(quota.amount()),
            Long.toString(quota.windowMillis()),
            Long.toString(quota.burst()),
            quota.per().name()),
        quota.unit(),
        Math.max(1, quota.amount() / grain),
        quota.windowMillis(),
        Math.max(1, quota.burst() / grain),
        grain,
        quota.per(),
        enforced);
  }

  /** Tells the rules whose limits are replaced in narrower scopes by which. */
  void link(List<Placed> placed, List<CompiledRule> rules, Map<String, List<Placed>> overrides) {
    final Map<Placed, CompiledRule> compiled = new HashMap<>();
    for (int i = 0; i < rules.size() && !overrides.isEmpty(); i++) {
      compiled.put(placed.get(i), rules.get(i));
    }
    for (int i = 0; i < rules.size(); i++) {
      final List<Placed> narrower = overrides.getOrDefault(placed.get(i).name(), List.of());
      if (!narrower.isEmpty() && rules.get(i) instanceof CompiledRule.Limit limit) {
        final List<CompiledRule> by = new ArrayList<>(narrower.size());
        narrower.forEach(rule -> by.add(compiled.get(rule)));
        limit.replacedBy(by);
      }
    }
  }
}
