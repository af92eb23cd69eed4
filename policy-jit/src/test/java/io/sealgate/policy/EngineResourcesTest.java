package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What evaluating and publishing cost in memory: counts, never times. */
final class EngineResourcesTest {
  private static final long NOW = 1_795_219_199_999L;
  private static final LimitState LIMITS = new LimitState(100);
  private static final CounterReadings READINGS = new CounterReadings(LIMITS);
  private static final Reservation RESERVATION = new Reservation();

  @Test
  void shouldAllocateNothingWhenEvaluatingInSteadyState() throws PolicyException {
    final Snapshot snapshot = allKinds();
    final Facts facts = new Facts();
    final Verdict verdict = new Verdict();
    for (int i = 0; i < 20_000; i++) {
      call(snapshot, facts, verdict, i);
    }
    final com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    final long self = Thread.currentThread().threadId();
    threads.getThreadAllocatedBytes(self);
    final long before = threads.getThreadAllocatedBytes(self);
    for (int i = 0; i < 10_000; i++) {
      call(snapshot, facts, verdict, i);
    }
    final long allocated = threads.getThreadAllocatedBytes(self) - before;
    // Reading the counter itself allocates a little; one object a call would be 160,000 bytes.
    assertTrue(allocated < 4_096, () -> allocated + " bytes in 10,000 evaluations");
  }

  private static Snapshot allKinds() throws PolicyException {
    return TestTypes.snapshot(
        "{policy_name: child, team: ml, rules: [{type: rate_limit, tokens: 4, window_seconds: 1,"
            + " per: team, overrides: p/tokens}, {type: model_access, models: ['*']}]}",
        "{policy_name: watch, mode: observe, user: ada, rules: [{type: model_access, models:"
            + " [o4]}]}",
        """
        policy_name: p
        rules:
          - {type: model_access, models: ['gpt-*', o3], max_cost_per_day: 5, when: 'call.max_tokens * 2 < 9000 || 1 / call.tools > 1'}
          - {type: model_access, models: [gpt-4], teams: [ml], when: 'caller.team in ["ml", "x"] && size(call.model) > 2'}
          - {type: content_filter, types: [ssn], when: '!caller.user.startsWith("svc-")'}
          - {type: content_filter, keywords: [bluebird], action: redact}
          - {type: pii_redaction, types: [PII], when: 'findings.EMAIL > 0 && "EMAIL" in labels'}
          - {type: rate_limit, requests: 1000, window_seconds: 1, when: 'call.model.contains("4")'}
          - {type: rate_limit, id: tokens, tokens: 100000000, window_seconds: 1, per: team, overridable: {min: 1, max: 5}}
          - {type: rate_limit, concurrent: 50}
          - {type: cost_budget, period: month, soft: 0.000001, hard: 9000}
          - {type: model_access, action: deny, models: ['x*'], roles: [intern]}
          - {type: model_access, action: sandbox, models: [o3], when: 'call.tools > 5'}
          - {type: approval_required, approvers: [a, b], when: 'call.max_tokens % 7 == 3'}
          - {type: provider_failover, targets: [a, b]}
          - {type: content_filter, action: redact, topics: [{name: t, keywords: [bluebird, redbird]}], direction: both}
          - {type: pii_redaction, methods: {EMAIL: hash}, min_score: 0.5, direction: both}
          - {type: tool_access, tools: ['*'], max_result_bytes: 5, breaker: {failures: 3}}
        """);
  }

  private static void call(Snapshot snapshot, Facts facts, Verdict verdict, int i) {
    facts.clear();
    facts.org("acme").team("ml").user("ada").environment("production");
    facts.model((i & 1) == 0 ? "gpt-4" : "o3").maxTokens(i).toolCount(i & 7);
    facts.addRole("dev").addRole("ops").tokenEstimate(i & 255).costEstimateMicroDollars(i & 7);
    if ((i & 5) == 5) {
      facts.tool("files", "read");
    }
    if ((i & 2) == 0) {
      facts.addFinding(TestTypes.EMAIL, 900_000);
      facts.addTenantPattern(0);
    }
    if ((i & 12) == 0) {
      facts.addFinding(TestTypes.US_SSN, 900_000);
    }
    READINGS.clear();
    snapshot.evaluate(facts, READINGS, NOW + i, verdict);
    if (LIMITS.reserve(verdict, facts, NOW + i, RESERVATION)) {
      LIMITS.settle(RESERVATION, i & 1_023, i & 15);
    }
  }

  @Test
  void shouldUnloadClassesWhenPoliciesAreReplaced() throws PolicyException {
    publishManyTimes(200);
  }

  @Test
  @Tag("long")
  void shouldUnloadClassesWhenPoliciesAreReplacedForLong() throws PolicyException {
    publishManyTimes(5_000);
  }

  private static void publishManyTimes(int publishes) throws PolicyException {
    final ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
    final Verdict verdict = new Verdict();
    final WeakReference<Snapshot> first = new WeakReference<>(publish(0, verdict));
    final long unloadedBefore = classes.getUnloadedClassCount();
    for (int i = 1; i <= publishes; i++) {
      publish(i, verdict);
    }
    eventually(
        () ->
            first.refersTo(null)
                && classes.getUnloadedClassCount() - unloadedBefore >= publishes - 1
                && PolicyCompiler.loadedShapes() <= 2);
  }

  /** Publishes and evaluates a policy whose condition has a shape that no other one has. */
  private static Snapshot publish(int i, Verdict verdict) throws PolicyException {
    final StringBuilder condition = new StringBuilder("call.stream");
    for (int bit = 1; bit < 1 << 13; bit <<= 1) {
      condition.append((i & bit) == 0 ? " || call.tools > 3" : " || call.messages > 3");
    }
    final Snapshot snapshot =
        TestTypes.snapshot(
            "policy_name: p\nrules: [{type: model_access, models: [a], when: '"
                + condition
                + "'}]");
    snapshot.evaluate(TestTypes.facts("a").stream(true), new LimitState(1), NOW, verdict);
    assertEquals(Decision.ALLOW, verdict.done());
    return snapshot;
  }

  @Test
  void shouldFindTheOneRuleWhenThereAreVeryMany() throws PolicyException {
    final StringBuilder text = new StringBuilder("policy_name: p\nrules:\n");
    for (int i = 0; i < 5_000; i++) {
      text.append("- {type: model_access, id: r").append(i);
      text.append(", models: [m").append(i).append("], teams: [t").append(i % 7).append("]}\n");
    }
    final Snapshot snapshot = TestTypes.snapshot(text.toString());
    assertEquals(5_000, snapshot.ruleCount());
    final Verdict verdict = new Verdict();
    snapshot.evaluate(TestTypes.facts("m4999").team("t1"), new LimitState(1), NOW, verdict);
    assertEquals(Decision.ALLOW, verdict.done());
    assertEquals("p/r4999", verdict.doneRule().toString());
    snapshot.evaluate(TestTypes.facts("m4999").team("t2"), new LimitState(1), NOW, verdict);
    assertEquals(Decision.BLOCK, verdict.done());
  }

  @Test
  void shouldDefineNoClassWhenOnlyLiteralsChange() throws PolicyException {
    final String text =
        "policy_name: p\nrules: [{type: model_access, models: [a], when: 'call.tools - %d == 3'}]";
    final Snapshot kept = TestTypes.snapshot(text.formatted(0));
    final int shapes = PolicyCompiler.loadedShapes();
    final Verdict verdict = new Verdict();
    for (int i = 1; i < 20; i++) {
      TestTypes.snapshot(text.formatted(i))
          .evaluate(TestTypes.facts("a").toolCount(i + 3), new LimitState(1), NOW, verdict);
      assertEquals(Decision.ALLOW, verdict.done());
    }
    assertTrue(PolicyCompiler.loadedShapes() <= shapes);
    assertEquals(1, kept.ruleCount());
  }

  private static void eventually(BooleanSupplier holds) {
    final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "it did not come about within 20 s");
      System.gc();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }
}
