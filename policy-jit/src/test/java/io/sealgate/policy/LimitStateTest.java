package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.policy.limit.CostLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LimitStateTest {
  private static final long NOW = 1_795_219_199_999L;
  private static final long DAY = 86_400_000L;

  private final LimitState limits = new LimitState(100);
  private final Verdict verdict = new Verdict();

  /** Evaluates and charges as a gateway does; true if the call goes through. */
  private boolean call(Snapshot snapshot, Facts facts, long now) {
    snapshot.evaluate(facts, limits, now, verdict);
    return verdict.done() == Decision.ALLOW
        && limits.reserve(verdict, facts, now, new Reservation());
  }

  private static Snapshot limited(String... terms) throws PolicyException {
    final StringBuilder rules = new StringBuilder("policy_name: p\nrules:\n");
    rules.append("  - {type: model_access, models: ['*']}\n");
    for (final String t : terms) {
      rules.append("  - {type: rate_limit, ").append(t).append("}\n");
    }
    return TestTypes.snapshot(rules.toString());
  }

  private static Facts user(String user) {
    return TestTypes.facts("gpt-4").user(user);
  }

  @Test
  void shouldGrantTheBurstAndThenTheRateWhenCallsCome() throws PolicyException {
    final Snapshot snapshot = limited("requests: 3, window_seconds: 10, burst: 2");
    assertTrue(call(snapshot, user("ada"), NOW));
    assertTrue(call(snapshot, user("ada"), NOW));
    assertFalse(call(snapshot, user("ada"), NOW));
    assertEquals(Decision.THROTTLE, verdict.done());
    assertEquals(Reason.RATE_LIMITED, verdict.reason());
    assertEquals(3_334, verdict.retryAfterMillis(), "a third of 10 s, rounded up");
    assertEquals(0, verdict.obligations().chargeCount());
    assertFalse(call(snapshot, user("ada"), NOW + 3_333));
    assertEquals(1, verdict.retryAfterMillis());
    assertTrue(call(snapshot, user("ada"), NOW + 3_334), "the wait it named was enough");
    assertTrue(call(snapshot, user("bob"), NOW + 3_334), "buckets are per user");
    assertEquals(2, limits.bucketCount());
  }

  @Test
  void shouldGrantExactlyTheRateWhenRunForLong() throws PolicyException {
    final Snapshot snapshot = limited("requests: 7, window_seconds: 1, burst: 1");
    int granted = 0;
    for (long now = NOW; now < NOW + 60_000; now++) {
      granted += call(snapshot, user("ada"), now) ? 1 : 0;
    }
    assertEquals(420, granted, 7, "7 a second for a minute, each at most 1 ms late");
    assertTrue(granted <= 420);
  }

  @Test
  void shouldWaitNoLongerThanTheBucketFillsWhenTheClockStepsBack() throws PolicyException {
    final Snapshot snapshot = limited("requests: 2, window_seconds: 10");
    assertTrue(call(snapshot, user("ada"), NOW));
    assertTrue(call(snapshot, user("ada"), NOW));
    final long past = NOW - 30 * DAY;
    assertFalse(call(snapshot, user("ada"), past), "a step back grants nothing");
    assertEquals(5_000, verdict.retryAfterMillis());
    assertFalse(call(snapshot, user("ada"), past + 4_999));
    assertTrue(call(snapshot, user("ada"), past + 5_000));
    assertFalse(call(snapshot, user("ada"), past + 5_000));
  }

  @Test
  void shouldGrantNothingWhenThreadsReadTheClockOutOfOrder() throws PolicyException {
    final Snapshot snapshot = limited("requests: 1000, window_seconds: 1, burst: 1");
    assertTrue(call(snapshot, user("ada"), NOW));
    assertFalse(call(snapshot, user("ada"), NOW - 10));
    assertFalse(call(snapshot, user("ada"), NOW));
    assertTrue(call(snapshot, user("ada"), NOW + 1));
  }

  @Test
  void shouldShareABucketWhenTheLimitIsPerTeamOrOrg() throws PolicyException {
    final Snapshot team = limited("requests: 1, window_seconds: 10, per: team");
    assertTrue(call(team, user("ada"), NOW));
    assertFalse(call(team, user("bob"), NOW));
    assertTrue(call(team, user("bob").team("ops"), NOW));
    final Snapshot org = limited("requests: 1, window_seconds: 10, per: org");
    assertTrue(call(org, user("ada"), NOW));
    assertFalse(call(org, user("bob").team("ops"), NOW));
  }

  @Test
  void shouldKeepStateWhenThePolicyIsPublishedAgain() throws PolicyException {
    final String terms = "requests: 1, window_seconds: 10";
    assertTrue(call(limited(terms), user("ada"), NOW));
    assertFalse(call(limited(terms), user("ada"), NOW));
    assertTrue(call(limited("requests: 2, window_seconds: 10"), user("ada"), NOW));
  }

  @Test
  void shouldTakeFromAllOrNoneWhenOneBucketRanEmpty() throws PolicyException {
    final Snapshot snapshot =
        limited(
            "id: wide, requests: 5, window_seconds: 10",
            "id: wide2, requests: 5, window_seconds: 10, per: org",
            "id: tight, requests: 1, window_seconds: 10, per: team");
    final Facts ada = user("ada");
    final Facts bob = user("bob");
    final Verdict second = new Verdict();
    snapshot.evaluate(ada, limits, NOW, verdict);
    snapshot.evaluate(bob, limits, NOW, second);
    assertTrue(limits.reserve(verdict, ada, NOW, new Reservation()));
    assertFalse(
        limits.reserve(second, bob, NOW, new Reservation()),
        "the race for the team's token is lost");
    final Snapshot wide = limited("id: wide, requests: 5, window_seconds: 10");
    for (int i = 0; i < 5; i++) {
      assertTrue(call(wide, bob, NOW), "bob's own tokens were given back");
    }
    assertFalse(call(wide, bob, NOW));
  }

  @Test
  void shouldDropOnlyFullBucketsWhenTheTableIsFull() throws PolicyException {
    final Snapshot snapshot = limited("requests: 1, window_seconds: 10");
    for (int i = 0; i < 100; i++) {
      assertTrue(call(snapshot, user("u" + i), NOW + (i < 50 ? 0 : 5_000)));
    }
    assertFalse(call(snapshot, user("new"), NOW + 5_000), "all are in use: fail closed");
    assertEquals(100, limits.bucketCount());
    assertTrue(call(snapshot, user("new"), NOW + 10_000));
    assertEquals(51, limits.bucketCount());
    assertFalse(call(snapshot, user("u99"), NOW + 10_000), "this one was not full again");
    assertTrue(call(snapshot, user("u0"), NOW + 10_000));
  }

  @Test
  void shouldGrantNoMoreThanTheBurstWhenThreadsRace() throws Exception {
    final Snapshot snapshot = limited("requests: 1000, window_seconds: 86400, burst: 500");
    final AtomicInteger granted = new AtomicInteger();
    final CountDownLatch start = new CountDownLatch(1);
    final List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    final Verdict own = new Verdict();
                    final Facts facts = user("ada");
                    try {
                      start.await();
                    } catch (InterruptedException e) {
                      return;
                    }
                    for (int i = 0; i < 500; i++) {
                      snapshot.evaluate(facts, limits, NOW, own);
                      if (own.done() == Decision.ALLOW
                          && limits.reserve(own, facts, NOW, new Reservation())) {
                        granted.incrementAndGet();
                      }
                    }
                  }));
    }
    start.countDown();
    for (final Thread thread : threads) {
      thread.join();
    }
    assertEquals(500, granted.get());
  }

  @Test
  void shouldKeepTwoDaysOfSpendWhenCallsEndLate() {
    final CostLimit any = new CostLimit("k", 1, true);
    final Facts facts = TestTypes.facts("m");
    final long midnight = NOW + 1;
    assertTrue(limits.addSpend("acme", "production", NOW, 5));
    assertTrue(limits.addSpend("acme", "production", midnight, 7));
    assertTrue(limits.addSpend("acme", "production", NOW, 1));
    assertTrue(limits.addSpend("acme", "production", NOW - DAY, 100));
    assertEquals(6, limits.spentMicroDollars(any, facts, NOW));
    assertEquals(7, limits.spentMicroDollars(any, facts, midnight));
    assertEquals(0, limits.spentMicroDollars(any, facts, NOW - DAY));
    assertEquals(0, limits.spentMicroDollars(any, facts, midnight + DAY));
    limits.addSpend("acme", "production", midnight, Long.MAX_VALUE);
    assertEquals(Long.MAX_VALUE, limits.spentMicroDollars(any, facts, midnight), "never wraps");
  }

  @Test
  void shouldBringSpendBackWhenRestored() {
    limits.addSpend("acme", "production", NOW, 5);
    limits.addSpend("acme", "staging", NOW, 6);
    final LimitState fresh = new LimitState(1);
    fresh.addSpend("acme", "staging", NOW, 9);
    limits.forEachSpend(fresh::restoreSpend);
    limits.forEachSpend(fresh::restoreSpend);
    final CostLimit any = new CostLimit("k", 1, true);
    assertEquals(5, fresh.spentMicroDollars(any, TestTypes.facts("m"), NOW));
    assertEquals(9, fresh.spentMicroDollars(any, TestTypes.facts("m").environment("staging"), NOW));
  }
}
