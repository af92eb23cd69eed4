package io.sealgate.log.store;

/**
 * Sizes of a log writer, in bytes where not said otherwise.
 *
 * @param mapBytes address space reserved for a shard
 * @param prefillBytes zeros kept ahead of use in the data file
 * @param reserveBytes free space on the volume below which no batch begins
 * @param batchRecordsMax most records in one batch
 * @param batchBytesMax most record bytes in one batch
 * @param tailRecords records rehashed when a shard is opened
 */
public record LogOptions(
    long mapBytes,
    long prefillBytes,
    long reserveBytes,
    int batchRecordsMax,
    int batchBytesMax,
    int tailRecords) {
  /**
   * What {@link LogWriter#maintain} writes at most in one call: a few milliseconds of disk time.
   */
  public static final int PREFILL_STEP_BYTES = 4 << 20;

  /** Largest batch that may be configured: one buffer holds it. */
  public static final int BATCH_BYTES_LIMIT = 1 << 30;

  private static final long MIB = 1L << 20;

  public LogOptions {
    if (prefillBytes < 0 || reserveBytes < 0 || tailRecords < 0) {
      throw new IllegalArgumentException("sizes are not negative");
    }
    if (batchBytesMax > BATCH_BYTES_LIMIT) {
      throw new IllegalArgumentException("batchBytesMax is above " + BATCH_BYTES_LIMIT);
    }
    if (batchRecordsMax < 1 || batchBytesMax < LogWriter.RECORD_BYTES_MAX) {
      throw new IllegalArgumentException("a batch must hold at least one record of full length");
    }
  }

  /**
   * 1 TiB map, 64 MiB ahead, 64 MiB reserve, batches of 16,384 records or 32 MiB, 1,024 records
   * rehashed.
   */
  public static LogOptions defaults() {
    return new LogOptions(
        LogTables.MAP_BYTES, 64 * MIB, 64 * MIB, 1 << 14, (int) (32 * MIB), 1_024);
  }

  /** With other zeros ahead of use. */
  public LogOptions withPrefillBytes(long bytes) {
    return new LogOptions(
        mapBytes, bytes, reserveBytes, batchRecordsMax, batchBytesMax, tailRecords);
  }

  /** With another reserve on the volume. */
  public LogOptions withReserveBytes(long bytes) {
    return new LogOptions(
        mapBytes, prefillBytes, bytes, batchRecordsMax, batchBytesMax, tailRecords);
  }

  /** With another reservation of address space. */
  public LogOptions withMapBytes(long bytes) {
    return new LogOptions(
        bytes, prefillBytes, reserveBytes, batchRecordsMax, batchBytesMax, tailRecords);
  }
}
