package io.sealgate.policy;

import io.sealgate.policy.index.CandidateBuffer;
import io.sealgate.policy.index.ScopeIndex;
import io.sealgate.policy.index.ScopeQuery;
import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.CostLimit;
import io.sealgate.policy.limit.Per;
import io.sealgate.policy.limit.RateLimit;
import java.util.List;
import java.util.stream.IntStream;

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
  private final RuleTable rules;
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
      RuleTable rules,
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
    return rules.size();
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
    return IntStream.range(0, rules.size()).mapToObj(this::rule).toList();
  }

  RuleRef rule(int ruleIndex) {
    return rules.rule(ruleIndex).ref;
  }

  /** How rules are laid out. */
  RuleTable table() {
    return rules;
  }

  boolean isEnforced(int ruleIndex) {
    return RuleTable.isEnforced(rules.head(ruleIndex));
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
    final long levels = narrowing.levels(facts, false);
    out.require(levels, narrowing.hasObserved() ? narrowing.levels(facts, true) : levels);
    // All heads before any decision: the processor fetches them side by side, where a decision's
    // branches would make each wait for the one before.
    final long[] heads = out.heads(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      heads[i] = rules.head(candidates.rule(i));
    }
    for (int i = 0; i < candidates.size(); i++) {
      decide(candidates.rule(i), heads[i], facts, out);
    }
    out.endOfBlocks();
    if (!out.blockedEitherWay()) {
      limits(heads, facts, counters, epochMillis, out);
    }
    out.end();
  }

  /**
   * Runs calls through the snapshot, so that its conditions are loaded, and compiled if they are
   * many, before calls depend on it: calls that were decided lately, and some made up from the
   * rules. Not for threads that serve calls. Counters are not read, and the outcomes forgotten.
   *
   * @param recent facts of the last calls, if they are at hand; their time is overwritten
   * @param epochMillis the moment to decide them at
   * @param nanosMax about how long it may take
   * @return how many calls were decided
   */
  public int warmUp(List<Facts> recent, long epochMillis, long nanosMax) {
    return WarmUp.run(this, rules, recent, epochMillis, nanosMax);
  }

  /** Finds the rules that could match, by what the index knows of them. */
  void find(Facts facts, ScopeQuery query, CandidateBuffer out) {
    index.find(facts, query, out);
  }

  /** Whether the rule's document is bound otherwise in the call's environment. */
  boolean isElsewhere(int ruleIndex, Facts facts) {
    return rules.rule(ruleIndex).place.isElsewhere(facts);
  }

  ScopeIndex.Kind indexKind() {
    return index.kind();
  }

  private void decide(int rule, long head, Facts facts, Verdict out) {
    switch (RuleTable.kind(head)) {
      case RuleTable.ADMISSION -> admission(rule, head, facts, out);
      case RuleTable.DENIAL -> {
        if (restricts(rule, head, facts, out)) {
          out.decide(rule, head, Decision.BLOCK, Reason.ACCESS_DENIED);
        }
      }
      case RuleTable.SANDBOX -> {
        if (restricts(rule, head, facts, out)) {
          out.decide(rule, head, Decision.SANDBOX, Reason.SANDBOXED);
          if (RuleTable.isEnforced(head)) {
            out.obligations().isolate(rules.access(head).sandbox());
          }
        }
      }
      case RuleTable.CONTENT -> content(rule, head, facts, out);
      case RuleTable.FAILOVER -> {
        if (restricts(rule, head, facts, out)) {
          out.route(rule, head, rules.failover(head));
        }
      }
      case RuleTable.CONSENT -> consent(rule, head, facts, out);
      case RuleTable.RATE, RuleTable.BUDGET -> {
        // Read last, see limits.
      }
      default -> throw new IllegalStateException("a rule of no kind");
    }
  }

  private void admission(int rule, long head, Facts facts, Verdict out) {
    final int applies = rules.holds(rule, head, facts, out.fused());
    if (applies == Condition.FALSE) {
      return;
    }
    if (applies == Condition.ERROR) {
      out.fail(rule);
    } else {
      out.match(rule);
      out.admit(rule, head);
    }
    // What an admission asks for holds even if another rule is the one that admits.
    if (RuleTable.asks(head)) {
      final RuleEffect.Access effect = rules.access(head);
      if (effect.cap() != null) {
        out.obligations().spend(rule, effect);
      }
      if (effect.breaker() != null) {
        out.obligations().watch(rule, effect);
      }
      if (RuleTable.isEnforced(head)) {
        out.obligations().boundResult(effect.resultBytesMax());
      }
    }
  }

  private void content(int rule, long head, Facts facts, Verdict out) {
    final RuleEffect.Content effect = rules.content(head);
    final RedactionMethod strictest =
        effect.request ? effect.strictest(facts) : RedactionMethod.NONE;
    if ((effect.response || strictest != RedactionMethod.NONE)
        && restricts(rule, head, facts, out)) {
      if (effect.response && RuleTable.isEnforced(head)) {
        out.obligations().checkResponse(effect);
      }
      carried(rule, head, effect, strictest, facts, out);
    }
  }

  /** The call carries what a matching rule is about. */
  private static void carried(
      int rule,
      long head,
      RuleEffect.Content effect,
      RedactionMethod strictest,
      Facts facts,
      Verdict out) {
    if (strictest == RedactionMethod.BLOCK) {
      out.decide(
          rule, head, Decision.BLOCK, effect.filter ? Reason.CONTENT_BLOCKED : Reason.PII_BLOCKED);
    } else if (strictest != RedactionMethod.NONE) {
      out.decide(
          rule,
          head,
          Decision.MODIFY,
          effect.filter ? Reason.CONTENT_REDACTED : Reason.PII_REDACTED);
      if (RuleTable.isEnforced(head)) {
        out.obligations().redactRequest(effect, facts);
      }
    }
  }

  private void consent(int rule, long head, Facts facts, Verdict out) {
    if (restricts(rule, head, facts, out)) {
      out.decide(rule, head, Decision.ESCALATE, Reason.APPROVAL_NEEDED);
      if (RuleTable.isEnforced(head)) {
        out.obligations().approve(rules.approval(head));
      }
    }
  }

  private void limits(long[] heads, Facts facts, Counters counters, long epochMillis, Verdict out) {
    final Obligations obligations = out.obligations();
    for (int i = 0; i < obligations.costLimitCount(); i++) {
      final CostLimit cap = obligations.costLimit(i);
      if (counters.spentMicroDollars(cap, facts, epochMillis) >= cap.microDollarsPerDay()) {
        final int rule = obligations.spendingRule(i);
        out.throttle(
            rule,
            rules.head(rule),
            Reason.DAY_COST_REACHED,
            DAY_MILLIS - Math.floorMod(epochMillis, DAY_MILLIS));
      }
    }
    for (int i = 0; i < obligations.breakerCount(); i++) {
      final long openMillis = counters.openMillis(obligations.breaker(i), facts, epochMillis);
      if (openMillis > 0) {
        final int rule = obligations.watchedRule(i);
        out.throttle(rule, rules.head(rule), Reason.TOOL_UNAVAILABLE, openMillis);
      }
    }
    final CandidateBuffer candidates = out.candidates();
    for (int i = 0; i < candidates.size(); i++) {
      final int rule = candidates.rule(i);
      final long head = heads[i];
      switch (RuleTable.kind(head)) {
        case RuleTable.RATE -> {
          final RateLimit limit = rules.rate(head);
          if (counts(rule, head, limit.per(), facts, out)) {
            rate(rule, head, limit, facts, counters, out);
          }
        }
        case RuleTable.BUDGET -> {
          final BudgetLimit limit = rules.budget(head);
          if (counts(rule, head, limit.per(), facts, out)) {
            budget(rule, head, limit, facts, counters, out);
          }
        }
        default -> {
          // Decided already.
        }
      }
    }
  }

  private boolean counts(int rule, long head, Per per, Facts facts, Verdict out) {
    return isCounted(per, facts)
        && !rules.isReplaced(rule, head, facts)
        && restricts(rule, head, facts, out);
  }

  private static void rate(
      int rule, long head, RateLimit limit, Facts facts, Counters counters, Verdict out) {
    out.obligations().charge(limit);
    final long waitMillis = counters.retryAfterMillis(limit, facts, facts.epochMillis);
    if (waitMillis > 0) {
      out.throttle(rule, head, Reason.RATE_LIMITED, waitMillis);
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
      int rule, long head, BudgetLimit limit, Facts facts, Counters counters, Verdict out) {
    out.obligations().reserve(limit);
    final long committed = counters.committedMicroDollars(limit, facts, facts.epochMillis);
    final long hard = limit.hardMicroDollars();
    if (hard >= 0 && (committed >= hard || facts.costEstimateMicroDollars > hard - committed)) {
      if (limit.period() == BudgetLimit.Period.TOTAL) {
        out.decide(rule, head, Decision.BLOCK, Reason.BUDGET_REACHED);
      } else {
        out.throttle(
            rule, head, Reason.BUDGET_REACHED, limit.period().millisLeft(facts.epochMillis));
      }
    } else if (limit.softMicroDollars() >= 0
        && facts.costEstimateMicroDollars > limit.softMicroDollars() - committed
        && RuleTable.isEnforced(head)) {
      out.obligations().warn(limit);
    }
  }

  private boolean restricts(int rule, long head, Facts facts, Verdict out) {
    final int applies = rules.holds(rule, head, facts, out.fused());
    if (applies == Condition.ERROR) {
      out.fail(rule);
    }
    if (applies == Condition.FALSE) {
      return false;
    }
    final Exemption exemption = rules.exemption(rule, head, facts);
    if (exemption != null) {
      out.exempt(rule, exemption);
      return false;
    }
    out.match(rule);
    return true;
  }
}
