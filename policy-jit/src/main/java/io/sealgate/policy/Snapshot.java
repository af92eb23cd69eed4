package io.sealgate.policy;

import io.sealgate.policy.index.CandidateBuffer;
import io.sealgate.policy.index.ScopeIndex;
import io.sealgate.policy.index.ScopeQuery;
import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.Per;
import java.util.Arrays;
import java.util.List;

/**
 * All policies of one organisation, compiled. Immutable; any number of threads evaluate at once,
 * each with its own {@link Facts} and {@link Verdict}.
 */
public final class Snapshot {
  /** Changes when the same documents would be decided differently; part of every snapshot id. */
  static final int ENGINE_VERSION = 2;

  private static final long DAY_MILLIS = 86_400_000L;

  private final String id;
  private final List<String> policyNames;
  private final List<PolicyPattern> patterns;
  private final List<String> typeNames;
  private final CompiledRule[] rules;
  private final RuleIndex index;
  private final Narrowing modelNarrowing;
  private final Narrowing toolNarrowing;
  private final CaptureLevels captures;
  private final List<String> notices;

  Snapshot(
      String id,
      List<String> policyNames,
      List<PolicyPattern> patterns,
      List<String> typeNames,
      CompiledRule[] rules,
      RuleIndex index,
      Narrowing modelNarrowing,
      Narrowing toolNarrowing,
      CaptureLevels captures,
      List<String> notices) {
    this.id = id;
    this.policyNames = policyNames;
    this.patterns = patterns;
    this.typeNames = typeNames;
    this.rules = rules;
    this.index = index;
    this.modelNarrowing = modelNarrowing;
    this.toolNarrowing = toolNarrowing;
    this.captures = captures;
    this.notices = notices;
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

  /** What the authors of the policies should know though nothing was refused for it. */
  public List<String> notices() {
    return notices;
  }

  /** Whether some call is decided with {@link Capture#CONTENT}. */
  public boolean capturesContent() {
    return captures.anyContent();
  }

  /** The names of the finding types, by their ids. */
  List<String> typeNames() {
    return typeNames;
  }

  /** All rules, in the order that decides ties; allocates. */
  public List<RuleRef> rules() {
    return Arrays.stream(rules).map(rule -> rule.ref).toList();
  }

  RuleRef rule(int ruleIndex) {
    return rules[ruleIndex].ref;
  }

  int typeCount() {
    return typeNames.size();
  }

  int patternWords() {
    return Bits.words(patterns.size());
  }

  /**
   * Decides a call. Depends on nothing but its arguments; allocates nothing once {@code out} has
   * seen this snapshot, except inside conditions that use {@code matches()}.
   *
   * <p>A condition that ends in an error counts against the call: a rule that admits does not, a
   * rule that restricts does. Every matching rule of a phase is looked at; limits are read last,
   * and only if nothing blocks the call, so that each is read at most once.
   *
   * @param facts what is known of the call; its time attributes are set from the clock reading
   * @param epochMillis the one clock reading of this decision
   * @param out overwritten
   */
  public void evaluate(Facts facts, Counters counters, long epochMillis, Verdict out) {
    facts.at(epochMillis);
    out.begin(this);
    out.capture(captures.of(facts));
    final CandidateBuffer candidates = out.candidates();
    find(facts, out.query(), candidates);
    final Narrowing narrowing = facts.toolName.isEmpty() ? modelNarrowing : toolNarrowing;
    out.require(narrowing.levels(facts, false), narrowing.levels(facts, true));
    for (int i = 0; i < candidates.size(); i++) {
      decide(rules[candidates.rule(i)], facts, out);
    }
    out.endOfBlocks();
    if (!out.blockedEitherWay()) {
      limits(facts, counters, epochMillis, out);
    }
    out.end();
  }

  /**
   * Runs calls through the snapshot, so that its conditions are loaded, and compiled if they are
   * many, before calls depend on it: calls that were recorded, and some made up from the rules.
   * Takes at most about 200 ms; not for threads that serve calls. Counters are not read, and the
   * outcomes forgotten.
   *
   * @param recent facts of the last calls, if they are at hand; their time is overwritten
   * @param epochMillis the moment to decide them at
   * @return how many calls were decided
   */
  public int warmUp(List<Facts> recent, long epochMillis) {
    return WarmUp.run(this, rules, recent, epochMillis);
  }

  /** Finds the rules that could match, by what the index knows of them. */
  void find(Facts facts, ScopeQuery query, CandidateBuffer out) {
    index.find(facts, query, out);
  }

  /** Whether the rule's document is bound otherwise in the call's environment. */
  boolean isElsewhere(int ruleIndex, Facts facts) {
    return rules[ruleIndex].place.isElsewhere(facts);
  }

  ScopeIndex.Kind indexKind() {
    return index.kind();
  }

  private static void decide(CompiledRule candidate, Facts facts, Verdict out) {
    switch (candidate) {
      case CompiledRule.Access rule -> access(rule, facts, out);
      case CompiledRule.Content rule -> content(rule, facts, out);
      case CompiledRule.Failover rule -> {
        if (restricts(rule, facts, out)) {
          out.route(rule);
        }
      }
      case CompiledRule.Consent rule -> consent(rule, facts, out);
      case CompiledRule.Limit _ -> {
        // Read last, see limits.
      }
    }
  }

  private static void access(CompiledRule.Access rule, Facts facts, Verdict out) {
    switch (rule.action) {
      case ALLOW -> admission(rule, facts, out);
      case DENY -> {
        if (restricts(rule, facts, out)) {
          out.decide(rule, Decision.BLOCK, Reason.ACCESS_DENIED);
        }
      }
      case SANDBOX -> {
        if (restricts(rule, facts, out)) {
          out.decide(rule, Decision.SANDBOX, Reason.SANDBOXED);
          if (rule.enforced) {
            out.obligations().isolate(rule.sandbox);
          }
        }
      }
    }
  }

  private static void admission(CompiledRule.Access rule, Facts facts, Verdict out) {
    final int applies = rule.holds(facts);
    if (applies == Condition.FALSE) {
      return;
    }
    if (applies == Condition.ERROR) {
      out.error(rule);
    } else {
      out.match(rule);
      out.admit(rule);
    }
    // What an admission asks for holds even if another rule is the one that admits.
    if (rule.cap != null) {
      out.obligations().spend(rule);
    }
    if (rule.breaker != null) {
      out.obligations().watch(rule);
    }
    if (rule.enforced) {
      out.obligations().boundResult(rule.resultBytesMax);
    }
  }

  private static void content(CompiledRule.Content rule, Facts facts, Verdict out) {
    final RedactionMethod strictest = rule.request ? rule.strictest(facts) : RedactionMethod.NONE;
    if ((rule.response || strictest != RedactionMethod.NONE) && restricts(rule, facts, out)) {
      if (rule.response && rule.enforced) {
        out.obligations().checkResponse(rule);
      }
      carried(rule, strictest, facts, out);
    }
  }

  /** The call carries what a matching rule is about. */
  private static void carried(
      CompiledRule.Content rule, RedactionMethod strictest, Facts facts, Verdict out) {
    if (strictest == RedactionMethod.BLOCK) {
      out.decide(rule, Decision.BLOCK, rule.filter ? Reason.CONTENT_BLOCKED : Reason.PII_BLOCKED);
    } else if (strictest != RedactionMethod.NONE) {
      out.decide(
          rule, Decision.MODIFY, rule.filter ? Reason.CONTENT_REDACTED : Reason.PII_REDACTED);
      if (rule.enforced) {
        out.obligations().redactRequest(rule, facts);
      }
    }
  }

  private static void consent(CompiledRule.Consent rule, Facts facts, Verdict out) {
    if (restricts(rule, facts, out)) {
      out.decide(rule, Decision.ESCALATE, Reason.APPROVAL_NEEDED);
      if (rule.enforced) {
        out.obligations().approve(rule.approval);
      }
    }
  }

  private void limits(Facts facts, Counters counters, long epochMillis, Verdict out) {
    final Obligations obligations = out.obligations();
    for (int i = 0; i < obligations.costLimitCount(); i++) {
      final CompiledRule.Access rule = obligations.spender(i);
      if (counters.spentMicroDollars(rule.cap, facts, epochMillis)
          >= rule.cap.microDollarsPerDay()) {
        out.throttle(
            rule, Reason.DAY_COST_REACHED, DAY_MILLIS - Math.floorMod(epochMillis, DAY_MILLIS));
      }
    }
    for (int i = 0; i < obligations.breakerCount(); i++) {
      final CompiledRule.Access rule = obligations.watched(i);
      final long openMillis = counters.openMillis(rule.breaker, facts, epochMillis);
      if (openMillis > 0) {
        out.throttle(rule, Reason.TOOL_UNAVAILABLE, openMillis);
      }
    }
    final CandidateBuffer candidates = out.candidates();
    for (int i = 0; i < candidates.size(); i++) {
      if (rules[candidates.rule(i)] instanceof CompiledRule.Limit rule
          && isCounted(rule.per(), facts)
          && !rule.isReplaced(facts)
          && restricts(rule, facts, out)) {
        switch (rule) {
          case CompiledRule.Rate rate -> rate(rate, facts, counters, out);
          case CompiledRule.Budget budget -> budget(budget, facts, counters, out);
        }
      }
    }
  }

  private static void rate(CompiledRule.Rate rule, Facts facts, Counters counters, Verdict out) {
    out.obligations().charge(rule.limit);
    final long waitMillis = counters.retryAfterMillis(rule.limit, facts, facts.epochMillis);
    if (waitMillis > 0) {
      out.throttle(rule, Reason.RATE_LIMITED, waitMillis);
    }
  }

  /** A limit per agent or tool is not about calls without one. */
  private static boolean isCounted(Per per, Facts facts) {
    return switch (per) {
      case USER, TEAM, ORG -> true;
      case AGENT, TOOL, USE_CASE -> !facts.holder(per).isEmpty();
    };
  }

  private static void budget(
      CompiledRule.Budget rule, Facts facts, Counters counters, Verdict out) {
    final BudgetLimit limit = rule.limit;
    out.obligations().reserve(limit);
    final long committed = counters.committedMicroDollars(limit, facts, facts.epochMillis);
    final long hard = limit.hardMicroDollars();
    if (hard >= 0 && (committed >= hard || facts.costEstimateMicroDollars > hard - committed)) {
      if (limit.period() == BudgetLimit.Period.TOTAL) {
        out.decide(rule, Decision.BLOCK, Reason.BUDGET_REACHED);
      } else {
        out.throttle(rule, Reason.BUDGET_REACHED, limit.period().millisLeft(facts.epochMillis));
      }
    } else if (limit.softMicroDollars() >= 0
        && facts.costEstimateMicroDollars > limit.softMicroDollars() - committed
        && rule.enforced) {
      out.obligations().warn(limit);
    }
  }

  private static boolean restricts(CompiledRule rule, Facts facts, Verdict out) {
    final int applies = rule.holds(facts);
    if (applies == Condition.ERROR) {
      out.error(rule);
    }
    if (applies == Condition.FALSE) {
      return false;
    }
    final Exemption exemption = rule.exemption(facts);
    if (exemption != null) {
      out.exempt(rule, exemption);
      return false;
    }
    out.match(rule);
    return true;
  }
}
