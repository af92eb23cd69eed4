package io.sealgate.log.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealgate.store.StoreException;
import io.sealgate.store.StoreOptions;
import java.nio.ByteBuffer;

/** How a shard lies in its LMDB environment. Writer and readers share nothing else. */
final class LogTables {
  /** Record index to the record's bytes. */
  static final String RECORDS = "rec";

  /** Tile level and number to as many hashes as the tile has. */
  static final String TILES = "tile";

  /** Tree size to the signed note. */
  static final String CHECKPOINTS = "cp";

  /** Names below to values. */
  static final String STATE = "state";

  /** One byte, the version of this layout. */
  static final byte[] STATE_FORMAT = "format".getBytes(US_ASCII);

  static final byte FORMAT = 1;

  /** The shard's origin line in UTF-8. */
  static final byte[] STATE_ORIGIN = "origin".getBytes(US_ASCII);

  /** Size, root and frontier of the sealed tree. */
  static final byte[] STATE_HEAD = "head".getBytes(US_ASCII);

  /** File in the log directory that names the keys of the log, one verifier key a line. */
  static final String TRUST_FILE = "trust";

  static final int TABLES_MAX = 8;

  /** Read transactions over all processes that serve or verify the log. */
  static final int READERS_MAX = 512;

  /**
   * Address space, not disk: a quarter at full speed must fit, and a few dozen shards at once into
   * 47 bits.
   */
  static final long MAP_BYTES = 1L << 40;

  private LogTables() {}

  static StoreOptions options(long mapBytes) {
    return new StoreOptions(mapBytes, READERS_MAX, TABLES_MAX, true);
  }

  static byte[] indexKey(long index) {
    return ByteBuffer.allocate(Long.BYTES).putLong(index).array();
  }

  static byte[] tileKey(int level, long n) {
    return ByteBuffer.allocate(1 + Long.BYTES).put((byte) level).putLong(n).array();
  }

  static long index(byte[] key) throws StoreException {
    long index = key.length == Long.BYTES ? ByteBuffer.wrap(key).getLong() : -1;
    if (index < 0) {
      throw new StoreException("a stored key is not a record index; restore the shard from a copy");
    }
    return index;
  }
}
