package io.sealgate.policy;

import java.util.List;

/**
 * All policies of one organisation, compiled. Immutable; any number of threads evaluate at once,
 * each with its own {@link Facts} and {@link Verdict}.
 */
public final class Snapshot {
  /** Changes when the same documents would be decided differently; part of every snapshot id. */
  static final int ENGINE_VERSION = 1;

  private static final long DAY_MILLIS = 86_400_000L;

  private final String id;
  private final List<String> policyNames;
  private final List<PolicyPattern> patterns;
  private final int typeWords;
  private final RuleRef[] rules;
  private final RuleIndex index;

  Snapshot(
      String id,
      List<String> policyNames,
      List<PolicyPattern> patterns,
      int typeCount,
      RuleRef[] rules,
      RuleIndex index) {
    this.id = id;
    this.policyNames = policyNames;
    this.patterns = patterns;
    this.typeWords = Bits.words(typeCount);
    this.rules = rules;
    this.index = index;
  }

  /** {@code sha256:} and the hex digest of everything a decision depends on besides its inputs. */
  public String id() {
    return id;
  }

  /** What the classifier must look for; a pattern's place is its index in {@link Facts}. */
  public List<PolicyPattern> patterns() {
    return patterns;
  }

  public int ruleCount() {
    return rules.length;
  }

  /** The names of the policies in it, sorted. */
  public List<String> policyNames() {
    return policyNames;
  }

  RuleRef rule(int ruleIndex) {
    return rules[ruleIndex];
  }

  int typeWords() {
    return typeWords;
  }

  int patternWords() {
    return Bits.words(patterns.size());
  }

  /**
   * Decides a call. Depends on nothing but its arguments; allocates nothing once {@code out} has
   * seen this snapshot, except inside conditions that use {@code matches()}.
   *
   * <p>A condition that ends in an error counts against the call: a rule that admits does not, a
   * rule that restricts does.
   *
   * @param facts what is known of the call; its time attributes are set from the clock reading
   * @param epochMillis the one clock reading of this decision
   * @param out overwritten
   */
  public void evaluate(Facts facts, Counters counters, long epochMillis, Verdict out) {
    facts.at(epochMillis);
    out.begin(this);
    for (final CompiledRule.Access rule : index.accessByModel(facts.model)) {
      access(rule, facts, out);
    }
    for (final RuleIndex.Globbed entry : index.accessByGlob()) {
      if (Glob.matches(entry.glob(), facts.model)) {
        access(entry.rule(), facts, out);
      }
    }
    for (int i = 0; i < facts.findingTypeCount(); i++) {
      content(index.contentByType(facts.findingType(i)), facts, out);
    }
    for (int i = 0; i < facts.tenantPatternCount(); i++) {
      content(index.contentByPattern(facts.tenantPattern(i)), facts, out);
    }
    out.endOfBlocks();
    if (!out.blockedEitherWay()) {
      caps(facts, counters, epochMillis, out);
      rates(facts, counters, epochMillis, out);
    }
    out.end();
  }

  private static void access(CompiledRule.Access rule, Facts facts, Verdict out) {
    if (!out.firstVisit(rule) || !rule.admitsProvider(facts.provider)) {
      return;
    }
    final int applies = rule.applies(facts);
    if (applies == Condition.FALSE) {
      return;
    }
    if (applies == Condition.ERROR) {
      out.error(rule);
    } else {
      out.match(rule);
      out.admit(rule);
    }
    if (rule.cap != null) {
      out.willSpend(rule);
    }
  }

  private static void content(CompiledRule.Content[] rules, Facts facts, Verdict out) {
    for (final CompiledRule.Content rule : rules) {
      if (!out.firstVisit(rule) || !restricts(rule, facts, out)) {
        continue;
      }
      if (rule.block) {
        out.decide(rule, Decision.BLOCK, rule.reason);
      } else {
        out.decide(rule, Decision.MODIFY, rule.reason);
        out.redact(rule);
      }
    }
  }

  private static void caps(Facts facts, Counters counters, long epochMillis, Verdict out) {
    for (int i = 0; i < out.costLimitCount(); i++) {
      final CompiledRule.Access rule = out.spender(i);
      if (counters.spentMicroDollars(rule.cap, facts, epochMillis)
          >= rule.cap.microDollarsPerDay()) {
        out.throttle(
            rule, Reason.DAY_COST_REACHED, DAY_MILLIS - Math.floorMod(epochMillis, DAY_MILLIS));
      }
    }
  }

  private void rates(Facts facts, Counters counters, long epochMillis, Verdict out) {
    for (final CompiledRule.Rate rule : index.rates()) {
      if (!restricts(rule, facts, out)) {
        continue;
      }
      out.willCharge(rule.limit);
      if (!counters.tokenAvailable(rule.limit, facts, epochMillis)) {
        // At least one millisecond: a wait of none would invite the same refusal at once.
        out.throttle(
            rule,
            Reason.RATE_LIMITED,
            Math.max(1, counters.retryAfterMillis(rule.limit, facts, epochMillis)));
      }
    }
  }

  private static boolean restricts(CompiledRule rule, Facts facts, Verdict out) {
    final int applies = rule.applies(facts);
    if (applies == Condition.ERROR) {
      out.error(rule);
    }
    if (applies == Condition.FALSE) {
      return false;
    }
    out.match(rule);
    return true;
  }
}
