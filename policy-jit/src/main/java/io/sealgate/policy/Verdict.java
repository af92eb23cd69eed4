package io.sealgate.policy;

import io.sealgate.policy.index.CandidateBuffer;
import io.sealgate.policy.index.ScopeQuery;
import java.util.Arrays;

/**
 * The outcome of one evaluation: what policy decides, what must be done, and why.
 *
 * <p>{@link #decision()} counts every policy, {@link #done()} only enforced ones, so the two differ
 * exactly where policies in observe mode would have changed the outcome. Decision, mode, what is
 * done and what would have been done are each kept by themselves. {@link #obligations()} come from
 * enforced rules only.
 *
 * <p>Mutable and reused: one instance belongs to one thread, {@link Snapshot#evaluate} overwrites
 * it. Reading allocates nothing unless said otherwise. It keeps the snapshot of its last evaluation
 * alive.
 */
public final class Verdict {
  /** How many matching rules are named; the rest are only counted. */
  public static final int MATCHES_NAMED_MAX = 1_024;

  private final Lane all = new Lane();
  private final Lane enforced = new Lane();
  private final Obligations obligations = new Obligations();
  private Decision decision = Decision.BLOCK;
  private Mode mode = Mode.ENFORCE;
  private Decision done = Decision.BLOCK;
  private Decision wouldHaveDone = Decision.BLOCK;
  private Snapshot snapshot;
  private final ScopeQuery query = new ScopeQuery(RuleIndex.DIMENSIONS);
  private final CandidateBuffer candidates = new CandidateBuffer();
  private final FusedBuckets.Outcomes fused = new FusedBuckets.Outcomes();
  private long[] heads = {};
  private int[] matched = {};
  private int matchedTotal;
  private int[] errors = {};
  private int errorTotal;
  private int[] exempted = new int[8];
  private Exemption[] exemptions = new Exemption[8];
  private int exemptedCount;
  private long retryAfterMillis;
  private Capture capture = Capture.COMMITMENTS;

  /** What all policies together decide, whether in observe mode or not. */
  public Decision decision() {
    return decision;
  }

  /** The mode of the rule behind {@link #decision()}. */
  public Mode mode() {
    return mode;
  }

  /** What must be done: the decision of the enforced policies alone. */
  public Decision done() {
    return done;
  }

  /** What would be done if every policy were enforced. */
  public Decision wouldHaveDone() {
    return wouldHaveDone;
  }

  /**
   * Whether an enforced limit is used up. A call that is to be sandboxed or approved must wait for
   * the limit all the same.
   */
  public boolean throttled() {
    return retryAfterMillis > 0;
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

  /** Why {@link #done()} came out, in a sentence that names rule and scope; allocates. */
  public String reasonText() {
    final RuleRef rule = doneRule();
    return enforced.reason.text()
        + " Rule: "
        + rule
        + (rule.scope().equals("*") ? "" : " (" + rule.scope() + ")")
        + "."
        + (rule.control().isEmpty() ? "" : " Control: " + rule.control() + ".");
  }

  /** What must be done with the call if it goes through. */
  public Obligations obligations() {
    return obligations;
  }

  /** How much of the call is kept, whatever is decided. */
  public Capture capture() {
    return capture;
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

  /** How many rules matched and were not applied because of an exemption. */
  public int exemptedCount() {
    return exemptedCount;
  }

  /** A rule that was not applied, in the order of evaluation. */
  public RuleRef exempted(int i) {
    return ref(exempted[i]);
  }

  /** Why it was not. */
  public Exemption exemption(int i) {
    return exemptions[i];
  }

  /** When to try again if a limit is {@linkplain #throttled() used up}, else 0. */
  public long retryAfterMillis() {
    return retryAfterMillis;
  }

  private RuleRef ref(int index) {
    return index == Lane.NO_RULE ? RuleRef.DEFAULT_DENY : snapshot.rule(index);
  }

  void begin(Snapshot by) {
    if (snapshot != by) {
      fit(by);
    }
    all.clear();
    enforced.clear();
    obligations.clear();
    fused.clear();
    matchedTotal = 0;
    errorTotal = 0;
    exemptedCount = 0;
    retryAfterMillis = 0;
  }

  private void fit(Snapshot by) {
    snapshot = by;
    final int named = Math.min(by.ruleCount(), MATCHES_NAMED_MAX);
    matched = named > matched.length ? new int[named] : matched;
    errors = named > errors.length ? new int[named] : errors;
    Arrays.fill(exemptions, null);
    obligations.fit(by.typeCount(), by.patternWords());
  }

  /** Scratch space of the evaluation. */
  ScopeQuery query() {
    return query;
  }

  /** The rules that could match. */
  CandidateBuffer candidates() {
    return candidates;
  }

  void capture(Capture level) {
    capture = level;
  }

  /** What is known of the conditions that are evaluated together. */
  FusedBuckets.Outcomes fused() {
    return fused;
  }

  /** Room for so many words, with any content. */
  long[] heads(int count) {
    if (heads.length < count) {
      heads = new long[2 * count];
    }
    return heads;
  }

  void match(int rule) {
    if (matchedTotal < matched.length) {
      matched[matchedTotal] = rule;
    }
    matchedTotal++;
  }

  void fail(int rule) {
    if (errorTotal < errors.length) {
      errors[errorTotal] = rule;
    }
    errorTotal++;
  }

  void exempt(int rule, Exemption exemption) {
    if (exemptedCount == exempted.length) {
      exempted = Arrays.copyOf(exempted, exemptedCount * 2);
      exemptions = Arrays.copyOf(exemptions, exemptedCount * 2);
    }
    exempted[exemptedCount] = rule;
    exemptions[exemptedCount++] = exemption;
  }

  void require(long levels, long enforcedLevels) {
    all.requiredLevels = levels;
    enforced.requiredLevels = enforcedLevels;
  }

  void admit(int rule, long head) {
    all.admit(rule, RuleTable.levelBit(head));
    if (RuleTable.isEnforced(head)) {
      enforced.admit(rule, RuleTable.levelBit(head));
    }
  }

  void decide(int rule, long head, Decision offered, Reason reason) {
    all.offer(offered, rule, reason);
    if (RuleTable.isEnforced(head)) {
      enforced.offer(offered, rule, reason);
    }
  }

  void throttle(int rule, long head, Reason reason, long waitMillis) {
    decide(rule, head, Decision.THROTTLE, reason);
    if (RuleTable.isEnforced(head)) {
      // At least one millisecond: a wait of none would invite the same refusal at once.
      retryAfterMillis = Math.max(retryAfterMillis, Math.max(1, waitMillis));
    }
  }

  void route(int rule, long head, RuleEffect.Failover effect) {
    all.route(rule, effect);
    if (RuleTable.isEnforced(head)) {
      enforced.route(rule, effect);
    }
  }

  /** Closes the phases that block: whoever was not admitted is denied. */
  void endOfBlocks() {
    all.closeRoutes();
    enforced.closeRoutes();
    all.denyByDefault();
    enforced.denyByDefault();
  }

  boolean blockedEitherWay() {
    return all.decision == Decision.BLOCK && enforced.decision == Decision.BLOCK;
  }

  void end() {
    Arrays.sort(matched, 0, matchedCount());
    Arrays.sort(errors, 0, errorCount());
    decision = all.decision;
    wouldHaveDone = all.decision;
    done = enforced.decision;
    final boolean deciderEnforced =
        all.rule == Lane.NO_RULE ? enforced.deniedByDefault : snapshot.isEnforced(all.rule);
    mode = deciderEnforced ? Mode.ENFORCE : Mode.OBSERVE;
    if (done == Decision.BLOCK) {
      retryAfterMillis = 0;
    }
    if (done == Decision.BLOCK || throttled()) {
      // A call that does not go through takes nothing, costs nothing and is not rewritten.
      obligations.clear();
    } else {
      obligations.route(enforced.chosen());
    }
  }
}
