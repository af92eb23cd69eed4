package io.sealgate.gateway.run;

import io.sealgate.policy.LimitState;
import io.sealgate.store.StateStore;
import io.sealgate.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the day's spend across restarts: written every few seconds and at a clean stop. A crash
 * forgets at most that much spend.
 */
final class SpendStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpendStore.class);
  private static final String TABLE = "spend";
  private static final long PERIOD_SECONDS = 5;
  private final StateStore store;
  private final LimitState limits;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("sealgate-spend").daemon().factory());

  private SpendStore(final StateStore store, final LimitState limits) {
    this.store = store;
    this.limits = limits;
  }

  static SpendStore open(final StateStore store, final LimitState limits) {
    store.scan(
        TABLE,
        new byte[0],
        (key, value) -> {
          final String[] names = new String(key, StandardCharsets.UTF_8).split("\0", -1);
          final ByteBuffer numbers = ByteBuffer.wrap(value);
          limits.restoreSpend(names[0], names[1], numbers.getLong(), numbers.getLong());
          return true;
        });
    final SpendStore spend = new SpendStore(store, limits);
    spend.clock.scheduleWithFixedDelay(
        spend::save, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    return spend;
  }

  private void save() {
    try {
      store.write(
          batch ->
              limits.forEachSpend(
                  (org, environment, epochDay, microDollars) ->
                      batch.put(
                          TABLE,
                          (org + '\0' + environment).getBytes(StandardCharsets.UTF_8),
                          ByteBuffer.allocate(2 * Long.BYTES)
                              .putLong(epochDay)
                              .putLong(microDollars)
                              .array())));
    } catch (final StoreException e) {
      LOG.error("the day's spend cannot be kept: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    clock.close();
    save();
  }
}
