package io.sealgate.log.store;

import io.sealgate.log.Frontier;
import io.sealgate.log.Merkle;
import io.sealgate.store.StoreEnv;
import io.sealgate.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The sealed tree of a shard as it is stored: size, root, frontier.
 *
 * @param root 32 bytes
 */
record TreeHead(Frontier frontier, byte[] root) {
  private static final int FIXED_BYTES = Long.BYTES + Merkle.HASH_BYTES;

  /** Bytes the longest head takes. */
  static final int BYTES_MAX = FIXED_BYTES + Long.SIZE * Merkle.HASH_BYTES;

  long size() {
    return frontier.size();
  }

  static void encode(Frontier frontier, byte[] root, ByteBuffer out) {
    out.putLong(frontier.size()).put(root, 0, Merkle.HASH_BYTES).put(frontier.hashes());
  }

  /** The head, or null in a shard that has none yet. */
  static TreeHead read(StoreEnv env) throws StoreException {
    byte[] head = env.get(LogTables.STATE, LogTables.STATE_HEAD);
    if (head == null) {
      return null;
    }
    try {
      return new TreeHead(
          Frontier.of(
              ByteBuffer.wrap(head).getLong(), Arrays.copyOfRange(head, FIXED_BYTES, head.length)),
          Arrays.copyOfRange(head, Long.BYTES, FIXED_BYTES));
    } catch (RuntimeException e) {
      throw new StoreException("the tree head in " + env.dir() + " is damaged", e);
    }
  }
}
