package io.sealgate.log;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Merkle tree hashes, proofs and their checks: RFC 6962 section 2.1, RFC 9162 section 2.1, with
 * SHA-256. Every function is pure and may be called from any thread.
 */
public final class Merkle {
  /** Bytes of one hash. */
  public static final int HASH_BYTES = 32;

  /** Most hashes in a proof about a tree of up to 2^63-1 records. */
  public static final int PROOF_HASHES_MAX = 64;

  private Merkle() {}

  /** The root of the tree without records, SHA-256 of nothing. */
  public static byte[] emptyRoot() {
    byte[] out = new byte[HASH_BYTES];
    new TreeHasher().empty(out, 0);
    return out;
  }

  /** SHA-256(0x00 || record). */
  public static byte[] leafHash(byte[] record) {
    byte[] out = new byte[HASH_BYTES];
    new TreeHasher().leaf(record, 0, record.length, out, 0);
    return out;
  }

  /** Writes the {@link #leafHash} of each record into {@code out}, one after the other. */
  public static void leafHashes(List<byte[]> records, byte[] out, int outOffset) {
    TreeHasher hasher = new TreeHasher();
    int at = outOffset;
    for (byte[] record : records) {
      hasher.leaf(record, 0, record.length, out, at);
      at += HASH_BYTES;
    }
  }

  /** SHA-256(0x01 || left || right). */
  public static byte[] nodeHash(byte[] left, byte[] right) {
    return node(new TreeHasher(), left, right);
  }

  private static byte[] node(TreeHasher hasher, byte[] left, byte[] right) {
    byte[] out = new byte[HASH_BYTES];
    hasher.node(left, 0, right, 0, out, 0);
    return out;
  }

  /** The root over the first {@code size} records. */
  public static byte[] root(long size, NodeSource nodes) throws IOException {
    checkSize(size);
    return size == 0 ? emptyRoot() : range(new TreeHasher(), 0, size, nodes);
  }

  /** The path from record {@code index} to the root at {@code size}, nearest sibling first. */
  public static List<byte[]> inclusionProof(long index, long size, NodeSource nodes)
      throws IOException {
    checkSize(size);
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("index " + index + " is not in a tree of size " + size);
    }
    TreeHasher hasher = new TreeHasher();
    List<byte[]> fromRoot = new ArrayList<>();
    long from = 0;
    long to = size;
    while (to - from > 1) {
      long middle = from + splitPoint(to - from);
      if (index < middle) {
        fromRoot.add(range(hasher, middle, to, nodes));
        to = middle;
      } else {
        fromRoot.add(range(hasher, from, middle, nodes));
        from = middle;
      }
    }
    return fromRoot.reversed();
  }

  /** The proof that the tree of {@code oldSize} records is a prefix of that of {@code newSize}. */
  public static List<byte[]> consistencyProof(long oldSize, long newSize, NodeSource nodes)
      throws IOException {
    checkSize(newSize);
    if (oldSize < 0 || oldSize > newSize) {
      throw new IllegalArgumentException("no proof from size " + oldSize + " to " + newSize);
    }
    if (oldSize == 0 || oldSize == newSize) {
      return List.of();
    }
    TreeHasher hasher = new TreeHasher();
    List<byte[]> fromRoot = new ArrayList<>();
    long from = 0;
    long to = newSize;
    while (to != oldSize) {
      long middle = from + splitPoint(to - from);
      if (oldSize <= middle) {
        fromRoot.add(range(hasher, middle, to, nodes));
        to = middle;
      } else {
        fromRoot.add(range(hasher, from, middle, nodes));
        from = middle;
      }
    }
    if (from != 0) {
      fromRoot.add(range(hasher, from, to, nodes));
    }
    return fromRoot.reversed();
  }

  /** Whether the path leads from the leaf hash at {@code index} to the root at {@code size}. */
  public static boolean inclusionHolds(
      byte[] leafHash, long index, long size, List<byte[]> path, byte[] root) {
    byte[] led = inclusionRoot(leafHash, index, size, path);
    return led != null && MessageDigest.isEqual(led, root);
  }

  /**
   * The root that a path leads to from the leaf hash at {@code index}, or null if no tree of that
   * size has such a path.
   */
  public static byte[] inclusionRoot(byte[] leafHash, long index, long size, List<byte[]> path) {
    if (index < 0 || index >= size || !areHashes(path)) {
      return null;
    }
    TreeHasher hasher = new TreeHasher();
    long fn = index;
    long sn = size - 1;
    byte[] hash = leafHash;
    for (byte[] sibling : path) {
      if (sn == 0) {
        return null;
      }
      if ((fn & 1) == 1 || fn == sn) {
        hash = node(hasher, sibling, hash);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        hash = node(hasher, hash, sibling);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 ? hash : null;
  }

  /** Whether the tree with the old root is a prefix of the tree with the new root. */
  public static boolean consistencyHolds(
      long oldSize, byte[] oldRoot, long newSize, byte[] newRoot, List<byte[]> path) {
    if (oldSize < 0 || oldSize > newSize || !areHashes(path)) {
      return false;
    }
    if (oldSize == newSize) {
      return path.isEmpty() && MessageDigest.isEqual(oldRoot, newRoot);
    }
    if (oldSize == 0) {
      return path.isEmpty() && MessageDigest.isEqual(oldRoot, emptyRoot());
    }
    boolean powerOfTwo = (oldSize & (oldSize - 1)) == 0;
    if (!powerOfTwo && path.isEmpty()) {
      return false;
    }
    TreeHasher hasher = new TreeHasher();
    long fn = oldSize - 1;
    long sn = newSize - 1;
    while ((fn & 1) == 1) {
      fn >>= 1;
      sn >>= 1;
    }
    byte[] oldHash = powerOfTwo ? oldRoot : path.getFirst();
    byte[] newHash = oldHash;
    for (byte[] hash : powerOfTwo ? path : path.subList(1, path.size())) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        oldHash = node(hasher, hash, oldHash);
        newHash = node(hasher, hash, newHash);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        newHash = node(hasher, newHash, hash);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0
        && MessageDigest.isEqual(oldHash, oldRoot)
        && MessageDigest.isEqual(newHash, newRoot);
  }

  private static boolean areHashes(List<byte[]> path) {
    return path.size() <= PROOF_HASHES_MAX
        && path.stream().allMatch(hash -> hash.length == HASH_BYTES);
  }

  /** The hash over a range that begins at a multiple of the largest power of two within it. */
  private static byte[] range(TreeHasher hasher, long from, long to, NodeSource nodes)
      throws IOException {
    byte[] root = null;
    long end = to;
    while (end > from) {
      int level = Long.numberOfTrailingZeros(end - from);
      byte[] subtree = nodes.node(level, (end >> level) - 1);
      root = root == null ? subtree : node(hasher, subtree, root);
      end -= 1L << level;
    }
    return root;
  }

  /** The largest power of two smaller than {@code n}, for n of at least 2. */
  private static long splitPoint(long n) {
    return Long.highestOneBit(n - 1);
  }

  private static void checkSize(long size) {
    if (size < 0) {
      throw new IllegalArgumentException("tree size " + size + " is negative");
    }
  }
}
