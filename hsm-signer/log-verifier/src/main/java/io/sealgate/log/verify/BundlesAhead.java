package io.sealgate.log.verify;

import io.sealgate.log.TilePath;
import java.io.IOException;

/**
 * A shard's bundles in their order, each read while the one before is judged. What is wrong with
 * one shows at its turn.
 */
final class BundlesAhead {
  private final ShardSource source;
  private final long size;
  private long aheadN = -1;
  private ReadRecords ahead;
  private Exception failure;

  /**
   * Begins before the first bundle.
   *
   * @param size records of the shard
   */
  BundlesAhead(ShardSource source, long size) {
    this.source = source;
    this.size = size;
  }

  /** Records of bundle {@code n}, as many as {@link #width} says. */
  static int width(long n, long size) {
    return (int) Math.min(TilePath.FULL, size - n * TilePath.FULL);
  }

  /** The records of a bundle; fewer than its width where one is missing or cut off. */
  ReadRecords bundle(long n) throws IOException, VerifyFailure {
    if (n != aheadN) {
      begin(n);
    }
    throwFailure();
    ReadRecords here = ahead;
    if ((n + 1) * TilePath.FULL < size) {
      begin(n + 1);
    }
    here.await();
    return here;
  }

  private void begin(long n) {
    aheadN = n;
    try {
      ahead = ReadRecords.begin(source.records(n, width(n, size)));
    } catch (IOException | VerifyFailure e) {
      failure = e;
    }
  }

  private void throwFailure() throws IOException, VerifyFailure {
    if (failure instanceof IOException unreadable) {
      throw unreadable;
    }
    if (failure instanceof VerifyFailure wrong) {
      throw wrong;
    }
  }
}
