package io.sealgate.policy.limit;

/**
 * A limit on how much may happen: {@code amount} units flow in evenly over each {@code
 * windowMillis} and at most {@code burst} are kept, or, for {@link Unit#CONCURRENT}, at most {@code
 * amount} calls are in progress at once.
 *
 * @param key names the counter across publishes; the same terms of the same rule keep their state
 * @param amount units a window grants, 1 to {@link #AMOUNT_MAX}
 * @param grain how many requests or tokens make one unit; a call's are rounded up
 * @param enforced false if the rule is in observe mode: it is counted but refuses nothing
 */
public record RateLimit(
    String key,
    Unit unit,
    long amount,
    long windowMillis,
    long burst,
    long grain,
    Per per,
    boolean enforced) {
  /** Upper bound of {@code amount} and {@code burst}; keeps bucket arithmetic inside a long. */
  public static final long AMOUNT_MAX = 1_000_000;

  /** Upper bound of {@code windowMillis}: one day. */
  public static final long WINDOW_MILLIS_MAX = 86_400_000;

  /** What is counted. */
  public enum Unit {
    REQUESTS,
    TOKENS,
    CONCURRENT
  }

  /** What a call takes: one, or its tokens in units, never more than the bucket holds. */
  public long weight(long tokens) {
    return unit == Unit.TOKENS ? Math.clamp(Math.ceilDiv(tokens, grain), 1, burst) : 1;
  }
}
