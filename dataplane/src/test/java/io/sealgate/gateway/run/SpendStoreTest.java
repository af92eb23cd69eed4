package io.sealgate.gateway.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealgate.policy.LimitState;
import io.sealgate.store.StateStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpendStoreTest {
  private static final long DAY = 20_778;

  @TempDir Path dir;

  private static Map<String, Long> all(final LimitState limits) {
    final Map<String, Long> all = new TreeMap<>();
    limits.forEachSpend((org, environment, day, spent) -> all.put(org + environment + day, spent));
    limits.forEachBudget((key, holder, period, spent) -> all.put(key + holder + period, spent));
    return all;
  }

  @Test
  void shouldBringSpendAndBudgetsBackWhenOpenedAgain() throws Exception {
    final LimitState before = new LimitState(10);
    try (StateStore store = StateStore.open(dir)) {
      try (SpendStore _ = SpendStore.open(store, before)) {
        before.restoreSpend("acme", "production", DAY, 7);
        before.restoreBudget("acme/policy/" + "long".repeat(200), "ada", 24_322, 9);
        before.restoreBudget("acme/policy/b", "", 0, 11);
        assertEquals(3, all(before).size());
      }
    }
    final LimitState after = new LimitState(10);
    try (StateStore store = StateStore.open(dir)) {
      SpendStore.open(store, after).close();
    }
    assertEquals(all(before), all(after));
  }
}
