package io.sealgate.signer;

/**
 * How long a log lives and how it shows that it does.
 *
 * @param heartbeatSeconds a leaf is written after this time without one, so that a stopped log or a
 *     cut tail is seen; 0 for never
 * @param retentionDays days a shard is kept after its quarter has ended
 * @param acceptBelowMinimum whether fewer than {@value #RETENTION_DAYS_MINIMUM} days are meant;
 *     every start of the signer then seals an event that says so
 */
public record LogLife(int heartbeatSeconds, int retentionDays, boolean acceptBelowMinimum) {
  /** Six months (Regulation (EU) 2024/1689, Art. 19(1) and 26(6)). */
  public static final int RETENTION_DAYS_MINIMUM = 184;

  /** A minute of silence is short for an auditor and cheap for a disk. */
  public static final int HEARTBEAT_SECONDS_DEFAULT = 60;

  public LogLife {
    if (heartbeatSeconds < 0 || retentionDays < 1) {
      throw new IllegalArgumentException(
          "heartbeatSeconds is not negative and retentionDays is at least 1");
    }
    if (retentionDays < RETENTION_DAYS_MINIMUM && !acceptBelowMinimum) {
      throw new IllegalArgumentException(
          "records are to be kept for "
              + retentionDays
              + " days, below the minimum of "
              + RETENTION_DAYS_MINIMUM
              + "; keep them longer, or set retention.accept-below-minimum, which is sealed");
    }
  }

  /** A heartbeat a minute, 184 days. */
  public static LogLife defaults() {
    return new LogLife(HEARTBEAT_SECONDS_DEFAULT, RETENTION_DAYS_MINIMUM, false);
  }
}
