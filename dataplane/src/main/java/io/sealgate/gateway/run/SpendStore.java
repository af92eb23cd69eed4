package io.sealgate.gateway.run;

import io.sealgate.policy.LimitState;
import io.sealgate.store.StateStore;
import io.sealgate.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the day's spend and the budgets across restarts: written every few seconds and at a clean
 * stop. A crash forgets at most that much spend.
 */
final class SpendStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpendStore.class);
  private static final String TABLE = "spend";
  private static final String BUDGETS = "budgets";
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
    store.scan(
        BUDGETS,
        new byte[0],
        (_, value) -> {
          final ByteBuffer numbers = ByteBuffer.wrap(value);
          final long period = numbers.getLong();
          final long microDollars = numbers.getLong();
          final String[] names = StandardCharsets.UTF_8.decode(numbers).toString().split("\0", -1);
          limits.restoreBudget(names[0], names[1], period, microDollars);
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
          batch -> {
            limits.forEachSpend(
                (org, environment, epochDay, microDollars) ->
                    batch.put(
                        TABLE,
                        (org + '\0' + environment).getBytes(StandardCharsets.UTF_8),
                        ByteBuffer.allocate(2 * Long.BYTES)
                            .putLong(epochDay)
                            .putLong(microDollars)
                            .array()));
            limits.forEachBudget(
                (key, holder, period, microDollars) -> {
                  final byte[] names = (key + '\0' + holder).getBytes(StandardCharsets.UTF_8);
                  batch.put(
                      BUDGETS,
                      sha256(names),
                      ByteBuffer.allocate(2 * Long.BYTES + names.length)
                          .putLong(period)
                          .putLong(microDollars)
                          .put(names)
                          .array());
                });
          });
    } catch (final StoreException e) {
      LOG.error("the day's spend cannot be kept: {}", e.getMessage());
    }
  }

  /** Names of rules may be longer than the store's keys. */
  private static byte[] sha256(final byte[] names) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(names);
    } catch (final NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() {
    clock.close();
    save();
  }
}
