package io.sealgate.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.policy.limit.BudgetLimit.Period;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tokens, calls in progress and money: what is reserved, settled and given back. */
final class BudgetTest {
  private static final long NOW = Instant.parse("2026-11-21T12:00:00Z").toEpochMilli();
  private static final long DAY = 86_400_000L;
  private static final long SEED = 5L;

  private final LimitState limits = new LimitState(1_000);
  private final Verdict verdict = new Verdict();

  private static Snapshot limited(String rule) throws PolicyException {
    return TestTypes.snapshot(
        "policy_name: p\nrules:\n  - {type: model_access, models: ['*']}\n  - {" + rule + "}\n");
  }

  private static Facts call(long tokens, long microDollars) {
    return TestTypes.facts("a").tokenEstimate(tokens).costEstimateMicroDollars(microDollars);
  }

  private boolean start(Snapshot snapshot, Facts facts, long now, Reservation out) {
    snapshot.evaluate(facts, limits, now, verdict);
    return verdict.done() == Decision.ALLOW && limits.reserve(verdict, facts, now, out);
  }

  @Test
  void shouldCountTokensWhenTheyAreLimited() throws PolicyException {
    final Snapshot snapshot =
        limited("type: rate_limit, tokens: 1000, window_seconds: 10, per: team");
    final Reservation first = new Reservation();
    assertTrue(start(snapshot, call(800, 0), NOW, first));
    assertFalse(start(snapshot, call(300, 0), NOW, new Reservation()));
    assertEquals(1_000, verdict.retryAfterMillis(), "100 tokens are missing");
    limits.settle(first, 500, 0);
    assertTrue(start(snapshot, call(300, 0), NOW, new Reservation()), "300 came back");
    final Reservation last = new Reservation();
    assertTrue(start(snapshot, call(200, 0), NOW, last));
    assertFalse(start(snapshot, call(1, 0), NOW, new Reservation()));
    limits.cancel(last);
    assertTrue(start(snapshot, call(200, 0), NOW, new Reservation()));
    assertTrue(
        start(snapshot, call(5_000, 0), NOW + 10_000, new Reservation()),
        "a call larger than the bucket takes all of it");
    assertFalse(start(snapshot, call(1, 0), NOW + 10_000, new Reservation()));
  }

  @Test
  void shouldCountInLargerUnitsWhenTheLimitIsHuge() throws PolicyException {
    final Snapshot snapshot =
        limited("type: rate_limit, tokens: 3000000000, window_seconds: 60, burst: 6000000");
    assertTrue(start(snapshot, call(5_999_999, 0), NOW, new Reservation()));
    assertFalse(start(snapshot, call(6_000_000, 0), NOW, new Reservation()));
    assertTrue(start(snapshot, call(6_000_000, 0), NOW + 121, new Reservation()));
  }

  @Test
  void shouldCountCallsInProgressWhenTheyAreLimited() throws PolicyException {
    final Snapshot snapshot = limited("type: rate_limit, concurrent: 2, per: agent");
    final Reservation first = new Reservation();
    final Reservation second = new Reservation();
    assertTrue(start(snapshot, call(0, 0).agent("g"), NOW, first));
    assertTrue(start(snapshot, call(0, 0).agent("g"), NOW, second));
    assertFalse(start(snapshot, call(0, 0).agent("g"), NOW, new Reservation()));
    assertEquals(1_000, verdict.retryAfterMillis());
    assertTrue(start(snapshot, call(0, 0).agent("h"), NOW, new Reservation()));
    for (int i = 0; i < 5; i++) {
      assertTrue(start(snapshot, call(0, 0), NOW, new Reservation()), "no agent, no limit");
    }
    limits.settle(first, 0, 0);
    assertTrue(first.isEmpty());
    limits.settle(first, 0, 0);
    assertTrue(start(snapshot, call(0, 0).agent("g"), NOW, first));
    limits.cancel(second);
    assertTrue(start(snapshot, call(0, 0).agent("g"), NOW, second));
    assertFalse(start(snapshot, call(0, 0).agent("g"), NOW, new Reservation()));
    assertThrows(
        IllegalStateException.class,
        () -> limits.reserve(verdict, call(0, 0).agent("g"), NOW, first));
  }

  @Test
  void shouldNeverExceedWhenCallsComeAndGoAtRandom() throws PolicyException {
    final Snapshot snapshot = limited("type: rate_limit, concurrent: 3, per: org");
    final Random random = new Random(SEED);
    final Deque<Reservation> inProgress = new ArrayDeque<>();
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      final Reservation call = new Reservation();
      if (random.nextBoolean()) {
        final boolean started = start(snapshot, call(0, 0), NOW, call);
        assertEquals(inProgress.size() < 3, started, () -> "seed " + SEED);
        refused += started ? 0 : 1;
        if (started) {
          inProgress.add(call);
        }
      } else if (!inProgress.isEmpty()) {
        limits.settle(inProgress.poll(), 0, 0);
      }
    }
    assertTrue(refused > 0);
  }

  @Test
  void shouldReserveAndSettleWhenMoneyIsLimited() throws PolicyException {
    final Snapshot snapshot =
        limited("type: cost_budget, id: b, period: day, per: team, soft: 0.000006, hard: 0.000010");
    final Obligations owed = verdict.obligations();
    final Reservation first = new Reservation();
    assertTrue(start(snapshot, call(0, 6), NOW, first));
    assertEquals(0, owed.budgetWarningCount());
    assertFalse(start(snapshot, call(0, 5), NOW, new Reservation()), "6 are reserved");
    assertEquals(Reason.BUDGET_REACHED, verdict.doneReason());
    assertEquals(DAY / 2, verdict.retryAfterMillis());
    final Reservation second = new Reservation();
    assertTrue(start(snapshot, call(0, 4), NOW, second));
    assertEquals(1, owed.budgetWarningCount());
    limits.settle(first, 0, 2);
    limits.cancel(second);
    assertTrue(start(snapshot, call(0, 8), NOW, second), "2 are spent, nothing is reserved");
    limits.settle(second, 0, 20);
    assertFalse(start(snapshot, call(0, 0), NOW, new Reservation()), "it may overshoot once");
    assertTrue(start(snapshot, call(0, 0).team("hr"), NOW, new Reservation()));
    assertTrue(start(snapshot, call(0, 10), NOW + DAY / 2, new Reservation()), "a new day");
  }

  @Test
  void shouldLoseTheRaceWhenABudgetIsReservedInBetween() throws PolicyException {
    final Snapshot snapshot = limited("type: cost_budget, period: week, hard: 0.00001");
    final Verdict other = new Verdict();
    snapshot.evaluate(call(0, 7), limits, NOW, verdict);
    snapshot.evaluate(call(0, 7), limits, NOW, other);
    assertTrue(limits.reserve(verdict, call(0, 7), NOW, new Reservation()));
    assertFalse(limits.reserve(other, call(0, 7), NOW, new Reservation()));
  }

  @Test
  void shouldBlockForGoodWhenATotalBudgetIsUsedUp() throws PolicyException {
    final Snapshot snapshot =
        limited("type: cost_budget, period: total, per: use_case, hard: 0.00001");
    final Reservation call = new Reservation();
    assertTrue(start(snapshot, call(0, 10).useCase("u"), NOW, call));
    limits.settle(call, 0, 10);
    assertFalse(start(snapshot, call(0, 0).useCase("u"), NOW + 900 * DAY, new Reservation()));
    assertEquals(Decision.BLOCK, verdict.done());
    assertTrue(start(snapshot, call(0, 0).useCase("v"), NOW, new Reservation()));
  }

  @Test
  void shouldBringBudgetsBackWhenRestored() throws PolicyException {
    final Snapshot snapshot = limited("type: cost_budget, period: month, hard: 0.00001");
    final Reservation call = new Reservation();
    assertTrue(start(snapshot, call(0, 9), NOW, call));
    limits.settle(call, 0, 9);
    final LimitState fresh = new LimitState(10);
    limits.forEachBudget(
        (key, holder, period, spent) -> fresh.restoreBudget(key, holder, period, spent));
    snapshot.evaluate(call(0, 2), fresh, NOW, verdict);
    assertEquals(Decision.THROTTLE, verdict.done());
    snapshot.evaluate(call(0, 1), fresh, NOW, verdict);
    assertEquals(Decision.ALLOW, verdict.done());
  }

  @Test
  void shouldAgreeWithTheCalendarWhenPeriodsAreCounted() {
    final Random random = new Random(SEED);
    for (int i = 0; i < 5_000; i++) {
      final long millis = random.nextLong(0, 7_258_118_400_000L);
      final LocalDate date = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate();
      final LocalDate month = date.with(TemporalAdjusters.firstDayOfNextMonth());
      final LocalDate week = date.with(TemporalAdjusters.next(DayOfWeek.MONDAY));
      check(Period.MONTH, millis, month);
      check(Period.WEEK, millis, week);
      check(Period.DAY, millis, date.plusDays(1));
      assertEquals(date.getYear() * 12L + date.getMonthValue() - 1, Period.MONTH.index(millis));
    }
  }

  private static void check(Period period, long millis, LocalDate next) {
    final long end = next.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    assertEquals(end - millis, period.millisLeft(millis), () -> period + " at " + millis);
    assertEquals(period.index(millis), period.index(end - 1));
    assertEquals(period.index(millis) + 1, period.index(end));
  }
}
