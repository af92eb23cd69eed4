package io.sealgate.store;

/**
 * Sizes of one LMDB environment, fixed while it is open.
 *
 * @param mapBytes address space reserved for the data file; the file itself grows only as it is
 *     used. It cannot change while transactions run, so it is large from the start
 * @param readersMax read transactions that may run at once over all processes
 * @param tablesMax named tables the environment may hold
 * @param groupReads whether the file group may read the data (owner only otherwise)
 */
public record StoreOptions(long mapBytes, int readersMax, int tablesMax, boolean groupReads) {
  /** Smallest reservation LMDB can be opened with and still hold a few tables. */
  static final long MAP_BYTES_MIN = 1L << 20;

  public StoreOptions {
    if (mapBytes < MAP_BYTES_MIN) {
      throw new IllegalArgumentException("mapBytes " + mapBytes + " is below " + MAP_BYTES_MIN);
    }
    if (readersMax < 1 || tablesMax < 1) {
      throw new IllegalArgumentException("readersMax and tablesMax must be at least 1");
    }
  }
}
