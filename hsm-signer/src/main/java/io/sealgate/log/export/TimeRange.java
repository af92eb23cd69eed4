package io.sealgate.log.export;

import io.sealgate.log.store.LogReader;
import io.sealgate.log.store.RecordTime;
import java.io.IOException;
import java.time.Instant;

/**
 * The records whose own time lies in a range. Records are sealed nearly in the order of their
 * times, so from the first that is in the range to the last there may be some outside it.
 *
 * @param from the first moment, or null for the beginning
 * @param to the first moment after the range, or null for no end
 */
public record TimeRange(Instant from, Instant to) {
  /** All records. */
  public static final TimeRange ALL = new TimeRange(null, null);

  public TimeRange {
    if (from != null && to != null && !from.isBefore(to)) {
      throw new IllegalArgumentException("the range ends before it begins; swap --from and --to");
    }
  }

  /**
   * What a shard has of the range.
   *
   * @param firstIndex the first record in it
   * @param note the checkpoint to end at: the first that covers the last record in it, or the
   *     newest where the range has no end
   */
  record Part(long firstIndex, byte[] note) {}

  /** The shard's part, or null if it has none. */
  Part partOf(LogReader reader, String shard) throws IOException {
    byte[] newest = reader.latestCheckpoint(shard);
    if (newest == null || (from == null && to == null)) {
      return newest == null ? null : new Part(0, newest);
    }
    long[] found = {-1, -1};
    reader.forEachRecord(
        shard,
        0,
        reader.size(shard),
        (index, record) -> {
          if (contains(record)) {
            found[0] = found[0] < 0 ? index : found[0];
            found[1] = index;
          }
          return true;
        });
    if (found[0] < 0) {
      return null;
    }
    return new Part(
        from == null ? 0 : found[0],
        to == null ? newest : reader.checkpointCovering(shard, found[1]));
  }

  /** A record without a readable time is in no range of times; verify counts it. */
  private boolean contains(byte[] record) {
    Instant moment = RecordTime.of(record);
    return moment != null
        && (from == null || !moment.isBefore(from))
        && (to == null || moment.isBefore(to));
  }
}
