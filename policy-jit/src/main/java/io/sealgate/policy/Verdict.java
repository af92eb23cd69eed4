package io.sealgate.policy;

import java.util.Arrays;

/**
 * The outcome of one evaluation: what policy decides, what must be done, and why.
 *
 * <p>{@link #decision()} counts every policy; {@link #done()} counts only enforced ones, so the two
 * differ exactly where policies in observe mode would have changed the outcome. Everything under
 * obligations belongs to {@link #done()}.
 *
 * <p>Mutable and reused: one instance belongs to one thread, {@link Snapshot#evaluate} overwrites
 * it. Reading allocates nothing. It keeps the snapshot of its last evaluation alive.
 */
public final class Verdict {
  /** How many matching rules are named; the rest are only counted. */
  public static final int MATCHES_NAMED_MAX = 1_024;

  private static final int NO_RULE = Integer.MAX_VALUE;

  /** The best outcome so far among some of the rules. */
  private static final class Lane {
    private Decision decision = Decision.BLOCK;
    private int rule = NO_RULE;
    private Reason reason = Reason.DEFAULT_DENY;
    private boolean admitted;

    private void clear() {
      decision = Decision.ALLOW;
      rule = NO_RULE;
      reason = Reason.ADMITTED;
      admitted = false;
    }

    private void offer(Decision offered, int offeredRule, Reason offeredReason) {
      final int order = offered.compareTo(decision);
      if (order > 0 || order == 0 && offeredRule < rule) {
        decision = offered;
        rule = offeredRule;
        reason = offeredReason;
      }
    }
  }

  private final Lane all = new Lane();
  private final Lane enforced = new Lane();
  private Snapshot snapshot;
  private int[] visited = {};
  private int visit;
  private int[] matched = {};
  private int matchedTotal;
  private int[] errors = {};
  private int errorTotal;
  private long[] redactTypes = {};
  private long[] redactPatterns = {};
  private RateLimit[] charges = new RateLimit[8];
  private int chargeCount;
  private CompiledRule.Access[] spenders = new CompiledRule.Access[8];
  private int spenderCount;
  private long retryAfterMillis;

  /** What all policies together decide, whether in observe mode or not. */
  public Decision decision() {
    return all.decision;
  }

  /** What must be done. */
  public Decision done() {
    return enforced.decision;
  }

  /** The rule behind {@link #decision()}. */
  public RuleRef decidingRule() {
    return ref(all.rule);
  }

  /** The rule behind {@link #done()}. */
  public RuleRef doneRule() {
    return ref(enforced.rule);
  }

  /** Why {@link #decision()} came out. */
  public Reason reason() {
    return all.reason;
  }

  /** Why {@link #done()} came out. */
  public Reason doneReason() {
    return enforced.reason;
  }

  /** The id of the snapshot that decided; null before the first evaluation. */
  public String snapshotId() {
    return snapshot == null ? null : snapshot.id();
  }

  /** How many rules matched, those beyond {@link #MATCHES_NAMED_MAX} included. */
  public int matchedTotal() {
    return matchedTotal;
  }

  /** How many matching rules are named. */
  public int matchedCount() {
    return Math.min(matchedTotal, matched.length);
  }

  /** A matching rule, in the snapshot's order. */
  public RuleRef matched(int i) {
    return ref(matched[i]);
  }

  /** How many conditions ended in an error, those beyond {@link #MATCHES_NAMED_MAX} included. */
  public int errorTotal() {
    return errorTotal;
  }

  /** How many rules with such a condition are named. */
  public int errorCount() {
    return Math.min(errorTotal, errors.length);
  }

  /** A rule whose condition ended in an error, in the snapshot's order. */
  public RuleRef error(int i) {
    return ref(errors[i]);
  }

  /** Whether findings of this type must be redacted. */
  public boolean redactsType(int typeId) {
    return Bits.get(redactTypes, typeId);
  }

  /** Whether findings of this tenant pattern must be redacted. */
  public boolean redactsPattern(int patternIndex) {
    return Bits.get(redactPatterns, patternIndex);
  }

  /** How many buckets a call that goes through takes a token from. */
  public int chargeCount() {
    return chargeCount;
  }

  public RateLimit charge(int i) {
    return charges[i];
  }

  /** How many spending caps the cost of a call that goes through counts against. */
  public int costLimitCount() {
    return spenderCount;
  }

  public CostLimit costLimit(int i) {
    return spenders[i].cap;
  }

  /** When to try again if {@link #done()} is throttle, else 0. */
  public long retryAfterMillis() {
    return retryAfterMillis;
  }

  private RuleRef ref(int index) {
    return index == NO_RULE ? RuleRef.DEFAULT_DENY : snapshot.rule(index);
  }

  void begin(Snapshot by) {
    if (snapshot != by) {
      fit(by);
    }
    all.clear();
    enforced.clear();
    if (++visit == 0) {
      Arrays.fill(visited, 0);
      visit = 1;
    }
    matchedTotal = 0;
    errorTotal = 0;
    Arrays.fill(redactTypes, 0);
    Arrays.fill(redactPatterns, 0);
    chargeCount = 0;
    spenderCount = 0;
    retryAfterMillis = 0;
  }

  private void fit(Snapshot by) {
    snapshot = by;
    // A rule of the last snapshot may have had any index: no old mark may count for this one.
    visited = by.ruleCount() > visited.length ? new int[by.ruleCount()] : visited;
    Arrays.fill(visited, 0);
    visit = 0;
    final int named = Math.min(by.ruleCount(), MATCHES_NAMED_MAX);
    matched = named > matched.length ? new int[named] : matched;
    errors = named > errors.length ? new int[named] : errors;
    redactTypes = new long[by.typeWords()];
    redactPatterns = new long[by.patternWords()];
    // Limits of a snapshot that is gone must not be kept alive from here.
    Arrays.fill(charges, null);
    Arrays.fill(spenders, null);
  }

  /** Whether this rule comes up for the first time in this evaluation. */
  boolean firstVisit(CompiledRule rule) {
    final boolean first = visited[rule.index] != visit;
    visited[rule.index] = visit;
    return first;
  }

  void match(CompiledRule rule) {
    if (matchedTotal < matched.length) {
      matched[matchedTotal] = rule.index;
    }
    matchedTotal++;
  }

  void error(CompiledRule rule) {
    if (errorTotal < errors.length) {
      errors[errorTotal] = rule.index;
    }
    errorTotal++;
  }

  void admit(CompiledRule rule) {
    all.admitted = true;
    all.offer(Decision.ALLOW, rule.index, Reason.ADMITTED);
    if (rule.ref.enforced()) {
      enforced.admitted = true;
      enforced.offer(Decision.ALLOW, rule.index, Reason.ADMITTED);
    }
  }

  void decide(CompiledRule rule, Decision decision, Reason reason) {
    all.offer(decision, rule.index, reason);
    if (rule.ref.enforced()) {
      enforced.offer(decision, rule.index, reason);
    }
  }

  void redact(CompiledRule.Content rule) {
    if (rule.ref.enforced()) {
      Bits.union(redactTypes, rule.typeBits);
      Bits.union(redactPatterns, rule.patternBits);
    }
  }

  void throttle(CompiledRule rule, Reason reason, long waitMillis) {
    decide(rule, Decision.THROTTLE, reason);
    if (rule.ref.enforced()) {
      retryAfterMillis = Math.max(retryAfterMillis, waitMillis);
    }
  }

  void willCharge(RateLimit limit) {
    if (chargeCount == charges.length) {
      charges = Arrays.copyOf(charges, charges.length * 2);
    }
    charges[chargeCount++] = limit;
  }

  void willSpend(CompiledRule.Access rule) {
    if (spenderCount == spenders.length) {
      spenders = Arrays.copyOf(spenders, spenders.length * 2);
    }
    spenders[spenderCount++] = rule;
  }

  /** The rule behind {@link #costLimit}. */
  CompiledRule.Access spender(int i) {
    return spenders[i];
  }

  /** Closes the phases that block: whoever was not admitted is denied. */
  void endOfBlocks() {
    denyByDefault(all);
    denyByDefault(enforced);
  }

  private static void denyByDefault(Lane lane) {
    if (!lane.admitted) {
      lane.offer(Decision.BLOCK, NO_RULE, Reason.DEFAULT_DENY);
    }
  }

  boolean blockedEitherWay() {
    return all.decision == Decision.BLOCK && enforced.decision == Decision.BLOCK;
  }

  void end() {
    Arrays.sort(matched, 0, matchedCount());
    Arrays.sort(errors, 0, errorCount());
    if (enforced.decision != Decision.THROTTLE) {
      retryAfterMillis = 0;
    }
    if (enforced.decision.compareTo(Decision.THROTTLE) >= 0) {
      // A call that does not go through takes no token, costs nothing and is not rewritten.
      chargeCount = 0;
      spenderCount = 0;
      Arrays.fill(redactTypes, 0);
      Arrays.fill(redactPatterns, 0);
    }
  }
}
