package io.sealgate.policy;

import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.CostLimit;
import io.sealgate.policy.limit.RateLimit;
import io.sealgate.policy.limit.ToolBreaker;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * What must be done with a call that goes through, merged from every enforced rule that matched:
 * the strictest redaction of each type, all limits, the strictest sandbox, every approval, the
 * smallest result bound. Part of its {@link Verdict}, as mutable and as bound to one thread.
 */
public final class Obligations {
  private RedactionMethod[] requestMethods = {};
  private RedactionMethod[] responseMethods = {};
  private int[] requestScores = {};
  private int[] responseScores = {};
  private long[] requestPatterns = {};
  private long[] responsePatterns = {};
  private long[] responseBlockedPatterns = {};
  private boolean answerChecked;
  private RateLimit[] charges = new RateLimit[8];
  private int chargeCount;
  private RuleEffect.Access[] spenders = new RuleEffect.Access[8];
  private int[] spendingRules = new int[8];
  private int spenderCount;
  private BudgetLimit[] budgets = new BudgetLimit[8];
  private int budgetCount;
  private BudgetLimit[] warnings = new BudgetLimit[8];
  private int warningCount;
  private Approval[] approvals = new Approval[8];
  private int approvalCount;
  private RuleEffect.Access[] breakers = new RuleEffect.Access[4];
  private int[] watchedRules = new int[4];
  private int breakerCount;
  private SandboxProfile sandbox = SandboxProfile.NONE;
  private long resultBytesMax = -1;
  private Route route;

  Obligations() {}

  /** Whether findings of this type in the call must be redacted. */
  public boolean redactsType(int typeId) {
    return requestMethod(typeId) != RedactionMethod.NONE;
  }

  /** How findings of this type in the call must be redacted. */
  public RedactionMethod requestMethod(int typeId) {
    return methodOf(requestMethods, typeId);
  }

  /** Findings in the call with a lower score than this, in millionths, stay as they are. */
  public int requestScoreMicros(int typeId) {
    return typeId >= 0 && typeId < requestScores.length ? requestScores[typeId] : 0;
  }

  /** Whether findings of this tenant pattern in the call must be masked. */
  public boolean redactsPattern(int patternIndex) {
    return Bits.get(requestPatterns, patternIndex);
  }

  /** Whether some rule is about the answer, so that it must be classified. */
  public boolean checksAnswer() {
    return answerChecked;
  }

  /** What must be done about findings of this type in the answer. */
  public RedactionMethod responseMethod(int typeId) {
    return methodOf(responseMethods, typeId);
  }

  /** Findings in the answer with a lower score than this, in millionths, stay as they are. */
  public int responseScoreMicros(int typeId) {
    return typeId >= 0 && typeId < responseScores.length ? responseScores[typeId] : 0;
  }

  /** What must be done about findings of this tenant pattern in the answer. */
  public RedactionMethod responsePatternMethod(int patternIndex) {
    return Bits.get(responseBlockedPatterns, patternIndex)
        ? RedactionMethod.BLOCK
        : Bits.get(responsePatterns, patternIndex) ? RedactionMethod.MASK : RedactionMethod.NONE;
  }

  private static RedactionMethod methodOf(RedactionMethod[] methods, int typeId) {
    return typeId >= 0 && typeId < methods.length ? methods[typeId] : RedactionMethod.NONE;
  }

  /** How many rate limits the call takes from. */
  public int chargeCount() {
    return chargeCount;
  }

  public RateLimit charge(int i) {
    return charges[i];
  }

  /** How many daily spending caps the cost of the call counts against. */
  public int costLimitCount() {
    return spenderCount;
  }

  public CostLimit costLimit(int i) {
    return spenders[i].cap();
  }

  /** How many budgets the cost of the call counts against. */
  public int budgetCount() {
    return budgetCount;
  }

  public BudgetLimit budget(int i) {
    return budgets[i];
  }

  /** How many budgets are above their soft bound with this call; their owners should be told. */
  public int budgetWarningCount() {
    return warningCount;
  }

  public BudgetLimit budgetWarning(int i) {
    return warnings[i];
  }

  /** How many approvals the call needs; each of them must be given. */
  public int approvalCount() {
    return approvalCount;
  }

  public Approval approval(int i) {
    return approvals[i];
  }

  /** All who may be asked for approval; allocates. */
  public Set<String> approvers() {
    final Set<String> approvers = new TreeSet<>();
    for (int i = 0; i < approvalCount; i++) {
      approvers.addAll(approvals[i].approvers());
    }
    return approvers;
  }

  /** How long the call waits for its approvals: the shortest wait of any; 0 if it needs none. */
  public long approvalExpiryMillis() {
    long expiry = approvalCount == 0 ? 0 : Long.MAX_VALUE;
    for (int i = 0; i < approvalCount; i++) {
      expiry = Math.min(expiry, approvals[i].expiryMillis());
    }
    return expiry;
  }

  /** The breakers that must hear how the tool fared. */
  public int breakerCount() {
    return breakerCount;
  }

  public ToolBreaker breaker(int i) {
    return breakers[i].breaker();
  }

  /** The sandbox that the call must run in. */
  public SandboxProfile sandbox() {
    return sandbox;
  }

  /** The most bytes that a tool's result may have; -1 for no bound. */
  public long resultBytesMax() {
    return resultBytesMax;
  }

  /** Where the call must go; null if no rule chooses. */
  public Route route() {
    return route;
  }

  void fit(int typeCount, int patternWords) {
    requestMethods = new RedactionMethod[typeCount];
    responseMethods = new RedactionMethod[typeCount];
    requestScores = new int[typeCount];
    responseScores = new int[typeCount];
    requestPatterns = new long[patternWords];
    responsePatterns = new long[patternWords];
    responseBlockedPatterns = new long[patternWords];
    // Limits of a snapshot that is gone must not be kept alive from here.
    Arrays.fill(charges, null);
    Arrays.fill(spenders, null);
    Arrays.fill(budgets, null);
    Arrays.fill(warnings, null);
    Arrays.fill(approvals, null);
    Arrays.fill(breakers, null);
  }

  void clear() {
    Arrays.fill(requestMethods, RedactionMethod.NONE);
    Arrays.fill(responseMethods, RedactionMethod.NONE);
    Arrays.fill(requestPatterns, 0);
    Arrays.fill(responsePatterns, 0);
    Arrays.fill(responseBlockedPatterns, 0);
    answerChecked = false;
    chargeCount = spenderCount = budgetCount = warningCount = approvalCount = breakerCount = 0;
    sandbox = SandboxProfile.NONE;
    resultBytesMax = -1;
    route = null;
  }

  void redactRequest(RuleEffect.Content rule, Facts facts) {
    merge(rule, requestMethods, requestScores);
    Bits.union(requestPatterns, rule.patternBits);
    for (int i = 0; i < rule.topicBits.length; i++) {
      if (RuleEffect.Content.hits(rule.topicBits[i], facts) >= rule.topicHits[i]) {
        Bits.union(requestPatterns, rule.topicBits[i]);
      }
    }
  }

  void checkResponse(RuleEffect.Content rule) {
    answerChecked = true;
    merge(rule, responseMethods, responseScores);
    final long[] patterns =
        rule.patternMethod == RedactionMethod.BLOCK ? responseBlockedPatterns : responsePatterns;
    Bits.union(patterns, rule.patternBits);
    // An answer is seen in pieces, so one word of a topic is enough there.
    for (final long[] topic : rule.topicBits) {
      Bits.union(patterns, topic);
    }
  }

  /** The stricter method of each type, from the lowest score on that any rule names. */
  private static void merge(RuleEffect.Content rule, RedactionMethod[] methods, int[] scores) {
    for (int type = 0; type < rule.methods.length; type++) {
      if (rule.methods[type] != null) {
        scores[type] =
            methods[type] == RedactionMethod.NONE
                ? rule.minScoreMicros
                : Math.min(scores[type], rule.minScoreMicros);
        methods[type] = RuleEffect.Content.stricter(methods[type], rule.methods[type]);
      }
    }
  }

  void charge(RateLimit limit) {
    if (chargeCount == charges.length) {
      charges = Arrays.copyOf(charges, charges.length * 2);
    }
    charges[chargeCount++] = limit;
  }

  void spend(int rule, RuleEffect.Access access) {
    if (spenderCount == spenders.length) {
      spenders = Arrays.copyOf(spenders, spenders.length * 2);
      spendingRules = Arrays.copyOf(spendingRules, spenders.length);
    }
    spendingRules[spenderCount] = rule;
    spenders[spenderCount++] = access;
  }

  /** The rule behind {@link #costLimit}. */
  int spendingRule(int i) {
    return spendingRules[i];
  }

  void reserve(BudgetLimit budget) {
    if (budgetCount == budgets.length) {
      budgets = Arrays.copyOf(budgets, budgets.length * 2);
    }
    budgets[budgetCount++] = budget;
  }

  void warn(BudgetLimit budget) {
    if (warningCount == warnings.length) {
      warnings = Arrays.copyOf(warnings, warnings.length * 2);
    }
    warnings[warningCount++] = budget;
  }

  void approve(Approval approval) {
    if (approvalCount == approvals.length) {
      approvals = Arrays.copyOf(approvals, approvals.length * 2);
    }
    approvals[approvalCount++] = approval;
  }

  void watch(int rule, RuleEffect.Access access) {
    if (breakerCount == breakers.length) {
      breakers = Arrays.copyOf(breakers, breakers.length * 2);
      watchedRules = Arrays.copyOf(watchedRules, breakers.length);
    }
    watchedRules[breakerCount] = rule;
    breakers[breakerCount++] = access;
  }

  /** The rule behind {@link #breaker}. */
  int watchedRule(int i) {
    return watchedRules[i];
  }

  void isolate(SandboxProfile profile) {
    sandbox = profile.compareTo(sandbox) > 0 ? profile : sandbox;
  }

  void boundResult(long bytes) {
    if (bytes >= 0) {
      resultBytesMax = resultBytesMax < 0 ? bytes : Math.min(resultBytesMax, bytes);
    }
  }

  void route(Route chosen) {
    route = chosen;
  }
}
