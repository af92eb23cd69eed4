package io.sealgate.log;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * RFC 6962 section 2.1 hashing into arrays of the caller, without allocation. One thread at a time.
 */
final class TreeHasher {
  private static final byte LEAF_PREFIX = 0;
  private static final byte NODE_PREFIX = 1;

  private final MessageDigest sha256;
  private final byte[] node = new byte[1 + 2 * Merkle.HASH_BYTES];

  TreeHasher() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    node[0] = NODE_PREFIX;
  }

  void empty(byte[] out, int outOffset) {
    digest(out, outOffset);
  }

  void leaf(byte[] record, int offset, int length, byte[] out, int outOffset) {
    sha256.update(LEAF_PREFIX);
    sha256.update(record, offset, length);
    digest(out, outOffset);
  }

  /** The output may be the place of an input. */
  void node(byte[] left, int leftOffset, byte[] right, int rightOffset, byte[] out, int outOffset) {
    System.arraycopy(left, leftOffset, node, 1, Merkle.HASH_BYTES);
    System.arraycopy(right, rightOffset, node, 1 + Merkle.HASH_BYTES, Merkle.HASH_BYTES);
    sha256.update(node, 0, node.length);
    digest(out, outOffset);
  }

  private void digest(byte[] out, int outOffset) {
    try {
      sha256.digest(out, outOffset, Merkle.HASH_BYTES);
    } catch (DigestException e) {
      throw new IllegalArgumentException("no room for a hash at " + outOffset, e);
    }
  }
}
