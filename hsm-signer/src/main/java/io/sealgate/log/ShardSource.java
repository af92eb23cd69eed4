package io.sealgate.log;

import java.io.IOException;
import java.util.List;

/** One shard as a verifier reads it, from LMDB or from exported files. One thread at a time. */
interface ShardSource {
  /** The shard's directory name. */
  String shard();

  /**
   * Records {@code 256 n} onwards, up to {@code width} of them; fewer where one is missing or cut
   * off.
   */
  List<byte[]> records(long n, int width) throws IOException;

  /** The first {@code width} hashes of a tile as stored, or null where they are not. */
  byte[] tile(int level, long n, int width) throws IOException;

  /** The next stored checkpoint by ascending size, or null after the last. */
  StoredCheckpoint nextCheckpoint() throws IOException;

  /**
   * A signed note and the tree size it is filed under.
   *
   * @param note unverified bytes
   */
  record StoredCheckpoint(long size, byte[] note) {}
}
