package io.sealgate.signer.ipc;

import io.sealgate.log.LogOrigin;
import java.util.Locale;

/**
 * A shard's name in 32 bits, as receipts carry it: {@code year * 1000 + quarter * 100 + part}, with
 * part 1 for the first, whose name has no number. 0 is no shard.
 */
public final class ShardCode {
  private static final int YEAR = 1_000;
  private static final int QUARTER = 100;
  private static final int YEAR_CHARS = 4;
  private static final int QUARTER_CHARS = 6;

  private ShardCode() {}

  /**
   * The code of a name such as {@code 2026q4} or {@code 2026q4-02}.
   *
   * @throws IllegalArgumentException if it names no shard
   */
  public static int of(String shard) {
    if (!LogOrigin.isShard(shard)) {
      throw new IllegalArgumentException("not a shard: " + shard);
    }
    int year = Integer.parseInt(shard.substring(0, YEAR_CHARS));
    int quarter = shard.charAt(YEAR_CHARS + 1) - '0';
    int part =
        shard.length() == QUARTER_CHARS ? 1 : Integer.parseInt(shard.substring(QUARTER_CHARS + 1));
    return year * YEAR + quarter * QUARTER + part;
  }

  /** The name behind a code. */
  public static String name(int code) {
    String quarter = String.format(Locale.ROOT, "%04dq%d", code / YEAR, code % YEAR / QUARTER);
    int part = code % QUARTER;
    return part == 1 ? quarter : String.format(Locale.ROOT, "%s-%02d", quarter, part);
  }
}
