package io.sealgate.log.witness;

import io.sealgate.log.store.LogReader;
import io.sealgate.log.store.RecordTime;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * How far witnesses cosigned a log.
 *
 * @param shard the newest shard, or null in a log that is not begun
 * @param covered its records under a head that a quorum cosigned
 * @param size its records
 * @param uncoveredSince the time of the oldest record that no cosigned head covers, in any shard;
 *     null where all are covered. A record that tells no time counts as old
 */
public record WitnessCoverage(String shard, long covered, long size, Instant uncoveredSince) {
  /**
   * Looks at a log.
   *
   * @param log a reader that knows the cosigned heads
   */
  public static WitnessCoverage of(LogReader log) throws IOException {
    List<String> shards = log.shards();
    if (shards.isEmpty()) {
      return new WitnessCoverage(null, 0, 0, null);
    }
    Instant since = null;
    long covered = 0;
    // A shard begins with the head of the one before, so a cosigned head covers all before it.
    for (int i = shards.size() - 1; i >= 0 && covered == 0; i--) {
      covered = log.covered(shards.get(i));
      if (covered < log.size(shards.get(i))) {
        Instant time = RecordTime.of(log.record(shards.get(i), covered));
        since = time == null ? Instant.EPOCH : time;
      }
    }
    String newest = shards.getLast();
    return new WitnessCoverage(newest, log.covered(newest), log.size(newest), since);
  }
}
