package io.sealgate.log.verify;

import java.io.IOException;
import java.util.List;

/**
 * One shard as a verifier reads it: from a data folder, exported files or a server. One thread at a
 * time. An {@link IOException} says that it cannot be read now, a {@link VerifyFailure} that what
 * is there is wrong.
 */
public interface ShardSource {
  /** The shard's name, for the report. */
  String shard();

  /** The origin line the shard should have, unverified. */
  String origin() throws IOException;

  /** Records to verify, unverified. */
  long size() throws IOException;

  /** Bundles that end at or before this index may have been left out (C2SP tlog-tiles, pruning). */
  default long minimumIndex() throws IOException {
    return 0;
  }

  /**
   * Records {@code 256 n} onwards, up to {@code width} of them; fewer where one is missing or cut
   * off.
   */
  List<byte[]> records(long n, int width) throws IOException, VerifyFailure;

  /** The first {@code width} hashes of a tile as stored, or null where they are not. */
  byte[] tile(int level, long n, int width) throws IOException, VerifyFailure;

  /** The next stored checkpoint by ascending size, or null after the last. */
  StoredCheckpoint nextCheckpoint() throws IOException, VerifyFailure;

  /** All was verified, and the records have this root: a last look at what else is stored. */
  default void finish(byte[] root) throws VerifyFailure {}

  /**
   * A signed note and the tree size it is filed under.
   *
   * @param note unverified bytes
   */
  record StoredCheckpoint(long size, byte[] note) {}
}
