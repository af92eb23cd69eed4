package io.sealgate.policy;

/**
 * A token bucket's terms: {@code requests} tokens flow in evenly over each {@code windowMillis}, at
 * most {@code burst} tokens are kept, one call takes one.
 *
 * @param key names the bucket across publishes; the same terms of the same rule keep their state
 * @param enforced false if the rule is in observe mode: its bucket is kept but refuses nothing
 */
public record RateLimit(
    String key, long requests, long windowMillis, long burst, Per per, boolean enforced) {
  /** Upper bound of {@code requests} and {@code burst}; keeps bucket arithmetic inside a long. */
  public static final long REQUESTS_MAX = 1_000_000;

  /** Upper bound of {@code windowMillis}: one day. */
  public static final long WINDOW_MILLIS_MAX = 86_400_000;

  /** Whose calls share a bucket. */
  public enum Per {
    USER,
    TEAM,
    ORG
  }

  /** The value that tells this limit's buckets apart for the caller of these facts. */
  String holder(Facts facts) {
    return switch (per) {
      case USER -> facts.user;
      case TEAM -> facts.team;
      case ORG -> facts.org;
    };
  }
}
