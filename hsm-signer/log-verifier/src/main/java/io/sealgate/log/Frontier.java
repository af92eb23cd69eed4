package io.sealgate.log;

import java.util.Arrays;

/**
 * The append state of a tree: one perfect subtree hash for each bit set in the size. Appending
 * costs two hashes on average, the root at most 63. Nothing is allocated after construction. One
 * thread at a time.
 */
public final class Frontier {
  private static final int LEVELS = 63;

  private final TreeHasher hasher = new TreeHasher();
  private final byte[] subtrees = new byte[LEVELS * Merkle.HASH_BYTES];
  private final byte[] rising = new byte[Merkle.HASH_BYTES];
  private long size;

  /** Told of every perfect subtree in the order they are completed, leaves (level 0) included. */
  @FunctionalInterface
  public interface Sink {
    /** The array is only valid during the call. */
    void completed(int level, byte[] hash);
  }

  /** A tree without records. */
  public Frontier() {}

  /** Records in the tree. */
  public long size() {
    return size;
  }

  /** Appends a record's bytes. */
  public void append(byte[] record, int offset, int length) {
    append(record, offset, length, (_, _) -> {});
  }

  /** As {@link #append(byte[], int, int)}, and tells of the subtrees it completes. */
  public void append(byte[] record, int offset, int length, Sink sink) {
    hasher.leaf(record, offset, length, rising, 0);
    rise(sink);
  }

  /** Appends a leaf by its hash. */
  public void appendLeafHash(byte[] leafHash) {
    appendLeafHash(leafHash, 0, (_, _) -> {});
  }

  /** As {@link #appendLeafHash(byte[])}, and tells of the subtrees it completes. */
  public void appendLeafHash(byte[] hashes, int offset, Sink sink) {
    System.arraycopy(hashes, offset, rising, 0, Merkle.HASH_BYTES);
    rise(sink);
  }

  private void rise(Sink sink) {
    int level = 0;
    sink.completed(0, rising);
    while ((size >>> level & 1) == 1) {
      hasher.node(subtrees, level * Merkle.HASH_BYTES, rising, 0, rising, 0);
      level++;
      sink.completed(level, rising);
    }
    System.arraycopy(rising, 0, subtrees, level * Merkle.HASH_BYTES, Merkle.HASH_BYTES);
    size++;
  }

  /** The root of the tree as it stands. */
  public byte[] root() {
    byte[] root = new byte[Merkle.HASH_BYTES];
    root(root);
    return root;
  }

  /** Writes the root into the first 32 bytes of {@code out}. */
  public void root(byte[] out) {
    if (size == 0) {
      hasher.empty(out, 0);
      return;
    }
    int level = Long.numberOfTrailingZeros(size);
    System.arraycopy(subtrees, level * Merkle.HASH_BYTES, out, 0, Merkle.HASH_BYTES);
    for (level++; level < LEVELS; level++) {
      if ((size >>> level & 1) == 1) {
        hasher.node(subtrees, level * Merkle.HASH_BYTES, out, 0, out, 0);
      }
    }
  }

  /** Becomes a copy of another frontier. */
  public void copyFrom(Frontier other) {
    System.arraycopy(other.subtrees, 0, subtrees, 0, subtrees.length);
    size = other.size;
  }

  /** The subtree hashes from the highest level down, one for each bit set in {@link #size}. */
  public byte[] hashes() {
    byte[] out = new byte[Long.bitCount(size) * Merkle.HASH_BYTES];
    int at = 0;
    for (int level = LEVELS - 1; level >= 0; level--) {
      if ((size >>> level & 1) == 1) {
        System.arraycopy(subtrees, level * Merkle.HASH_BYTES, out, at, Merkle.HASH_BYTES);
        at += Merkle.HASH_BYTES;
      }
    }
    return out;
  }

  /**
   * The frontier that {@link #hashes} described.
   *
   * @throws IllegalArgumentException if the number of hashes does not fit the size
   */
  public static Frontier of(long size, byte[] hashes) {
    if (size < 0 || hashes.length != Long.bitCount(size) * Merkle.HASH_BYTES) {
      throw new IllegalArgumentException(
          hashes.length + " bytes of subtree hashes do not fit a tree of size " + size);
    }
    Frontier frontier = new Frontier();
    frontier.size = size;
    int at = 0;
    for (int level = LEVELS - 1; level >= 0; level--) {
      if ((size >>> level & 1) == 1) {
        System.arraycopy(
            hashes, at, frontier.subtrees, level * Merkle.HASH_BYTES, Merkle.HASH_BYTES);
        at += Merkle.HASH_BYTES;
      }
    }
    return frontier;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Frontier that
        && size == that.size
        && Arrays.equals(hashes(), that.hashes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hashes());
  }
}
