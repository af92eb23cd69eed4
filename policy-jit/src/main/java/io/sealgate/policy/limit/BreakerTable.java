package io.sealgate.policy.limit;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The state of tool breakers, by rule, server and tool. Any thread; reading does not allocate. */
public final class BreakerTable {
  /** Bound of tools that are watched; further ones are not rested. */
  public static final int TOOLS_MAX = 100_000;

  private static final class State {
    private long windowStart;
    private int failures;
    private long openUntil = Long.MIN_VALUE;

    private synchronized long openMillis(ToolBreaker breaker, long now) {
      // No longer than it says even if the clock stepped back since it opened.
      return openUntil == Long.MIN_VALUE ? 0 : Math.clamp(openUntil - now, 0, breaker.openMillis());
    }

    private synchronized void report(ToolBreaker breaker, boolean success, long now) {
      if (success) {
        failures = 0;
        openUntil = Long.MIN_VALUE;
        return;
      }
      final boolean halfOpen = openUntil != Long.MIN_VALUE && now >= openUntil;
      if (now < windowStart || now - windowStart >= breaker.windowMillis()) {
        windowStart = now;
        failures = 0;
      }
      failures++;
      if (halfOpen || failures >= breaker.failures()) {
        openUntil = now + breaker.openMillis();
        failures = 0;
      }
    }
  }

  private final ConcurrentHashMap<
          String, ConcurrentHashMap<String, ConcurrentHashMap<String, State>>>
      byRule = new ConcurrentHashMap<>();
  private final AtomicInteger tools = new AtomicInteger();

  /** How long the tool's breaker stays open; 0 if it is closed. */
  public long openMillis(ToolBreaker breaker, String server, String tool, long epochMillis) {
    final ConcurrentHashMap<String, ConcurrentHashMap<String, State>> byServer =
        byRule.get(breaker.key());
    final ConcurrentHashMap<String, State> byTool = byServer == null ? null : byServer.get(server);
    final State state = byTool == null ? null : byTool.get(tool);
    return state == null ? 0 : state.openMillis(breaker, epochMillis);
  }

  /** Notes how a call of the tool went. */
  public void report(
      ToolBreaker breaker, String server, String tool, boolean success, long epochMillis) {
    final ConcurrentHashMap<String, State> byTool =
        byRule
            .computeIfAbsent(breaker.key(), _ -> new ConcurrentHashMap<>())
            .computeIfAbsent(server, _ -> new ConcurrentHashMap<>());
    State state = byTool.get(tool);
    if (state == null) {
      if (success || tools.get() >= TOOLS_MAX) {
        return;
      }
      final State created = new State();
      final State before = byTool.putIfAbsent(tool, created);
      state = before == null ? created : before;
      tools.addAndGet(before == null ? 1 : 0);
    }
    state.report(breaker, success, epochMillis);
  }
}
