package io.sealgate.policy;

import io.sealgate.policy.Placement.Placed;
import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.CostLimit;
import io.sealgate.policy.limit.RateLimit;
import io.sealgate.policy.limit.ToolBreaker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns placed rules into compiled ones. */
final class RuleBuilder {
  private final String org;
  private final int typeCount;
  private final Map<PolicyPattern, Integer> patternIndex;
  private final Map<String, List<Exemption>> exemptions;

  /** Many content rules do the same. */
  private final Map<List<Object>, RuleEffect.Content> contents = new HashMap<>();

  private int count;

  RuleBuilder(
      String org,
      int typeCount,
      Map<PolicyPattern, Integer> patternIndex,
      Map<String, List<Exemption>> exemptions) {
    this.org = org;
    this.typeCount = typeCount;
    this.patternIndex = patternIndex;
    this.exemptions = exemptions;
  }

  /** Compiles the next rule, all but its condition. */
  CompiledRule add(Placed placed) {
    return new CompiledRule(
        count++,
        placed.ref(),
        placed.place(),
        placed.audience(),
        exemptions.isEmpty() ? List.of() : exemptions.getOrDefault(placed.name(), List.of()),
        effect(placed));
  }

  private RuleEffect effect(Placed placed) {
    if (placed.spec().effect() instanceof RuleSpec.Content content) {
      // Not for all snapshots alike: it names patterns by their numbers.
      return shared(content, placed.spec().type());
    }
    if (placed.kept() == null) {
      placed.keep(made(placed));
    }
    return placed.kept();
  }

  private RuleEffect made(Placed placed) {
    final RuleSpec spec = placed.spec();
    final boolean enforced = placed.place().enforced();
    return switch (spec.effect()) {
      case RuleSpec.ModelAccess access -> {
        final CostLimit cap =
            access.microDollarsPerDay() < 0
                ? null
                : new CostLimit(key(placed), access.microDollarsPerDay(), enforced);
        yield new RuleEffect.Access(access.action(), access.sandbox(), cap, -1, null);
      }
      case RuleSpec.ToolAccess access ->
          new RuleEffect.Access(
              access.action(),
              access.sandbox(),
              null,
              access.resultBytesMax(),
              breaker(key(placed), access.breaker(), enforced));
      case RuleSpec.Content _ -> throw new IllegalStateException("made for each snapshot");
      case RuleSpec.Quota quota -> new RuleEffect.Rate(limit(key(placed), quota, enforced));
      case RuleSpec.Budget budget ->
          new RuleEffect.Budget(
              new BudgetLimit(
                  key(placed) + "/" + budget.period() + "/" + budget.per(),
                  budget.softMicroDollars(),
                  budget.hardMicroDollars(),
                  budget.period(),
                  budget.per(),
                  enforced));
      case RuleSpec.Consent consent -> new RuleEffect.Consent(consent.approval());
      case RuleSpec.Failover failover -> new RuleEffect.Failover(failover.route(), spec.priority());
    };
  }

  /** Arrays have no equality of their own: the terms of a content rule as lists. */
  private RuleEffect.Content shared(RuleSpec.Content content, String type) {
    final List<Object> terms =
        List.of(
            type,
            Arrays.stream(content.types()).boxed().toList(),
            List.of(content.methods()),
            content.block(),
            content.patterns(),
            content.topics(),
            content.minScoreMicros(),
            content.request(),
            content.response());
    return contents.computeIfAbsent(terms, _ -> content(content, type));
  }

  /** Names the rule's counters. */
  private String key(Placed placed) {
    // What is only observed must not use up what is enforced elsewhere.
    return org + "/" + placed.name() + (placed.place().enforced() ? "" : "/observe");
  }

  private static ToolBreaker breaker(
      String key, Optional<RuleSpec.Breaker> breaker, boolean enforced) {
    return breaker
        .map(b -> new ToolBreaker(key, b.failures(), b.windowMillis(), b.openMillis(), enforced))
        .orElse(null);
  }

  private RuleEffect.Content content(RuleSpec.Content content, String type) {
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
    return new RuleEffect.Content(
        methods,
        content.block() ? RedactionMethod.BLOCK : RedactionMethod.MASK,
        bits(content.patterns()),
        topicBits,
        topicHits,
        content.minScoreMicros(),
        content.request(),
        content.response(),
        type.equals(RuleKind.CONTENT_FILTER.text()));
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
    for (int i = 0; i < compiled.size(); i++) {
      final List<Placed> narrower = overrides.getOrDefault(placed.get(i).name(), List.of());
      if (!narrower.isEmpty() && rules.get(i).effect instanceof RuleEffect.Limit) {
        final List<CompiledRule> by = new ArrayList<>(narrower.size());
        narrower.forEach(rule -> by.add(compiled.get(rule)));
        rules.get(i).replacedBy(by);
      }
    }
  }
}
