package io.sealgate.policy.index;

import java.util.Arrays;

/**
 * What one call has: for each dimension any number of ids. Reused from call to call; allocates
 * nothing once it has grown. One thread at a time.
 */
public final class ScopeQuery {
  /** Up to so many ids a look at each is faster than a binary search. */
  private static final int SCAN_MAX = 8;

  private final int[][] own;
  private final int[][] ids;
  private final int[] counts;

  /**
   * A query without ids.
   *
   * @param dimensions as many as the entries have
   */
  public ScopeQuery(int dimensions) {
    own = new int[dimensions][4];
    ids = own.clone();
    counts = new int[dimensions];
  }

  /** Forgets all ids. */
  public void clear() {
    Arrays.fill(counts, 0);
  }

  /**
   * Adds one id.
   *
   * @param id ignored if negative: a dictionary's answer for a value that no rule names
   */
  public void add(int dimension, int id) {
    if (id < 0) {
      return;
    }
    final int count = counts[dimension];
    final int[] into = ownWithRoom(dimension, 1);
    int at = count;
    while (at > 0 && into[at - 1] > id) {
      into[at] = into[at - 1];
      at--;
    }
    into[at] = id;
    counts[dimension] = count + 1;
  }

  /**
   * Adds several ids.
   *
   * @param ascending kept until {@link #clear()} and never written; it must not change meanwhile
   */
  public void addAll(int dimension, int[] ascending) {
    final int count = counts[dimension];
    if (count == 0) {
      ids[dimension] = ascending;
    } else if (ascending.length > 0) {
      final int[] into = ownWithRoom(dimension, ascending.length);
      int from = count - 1;
      int other = ascending.length - 1;
      for (int at = count + ascending.length - 1; other >= 0; at--) {
        into[at] = from >= 0 && into[from] > ascending[other] ? into[from--] : ascending[other--];
      }
    }
    counts[dimension] = count + ascending.length;
  }

  /** Moves the ids of a dimension to an array of our own that has room for more. */
  private int[] ownWithRoom(int dimension, int more) {
    final int count = counts[dimension];
    if (own[dimension].length < count + more) {
      own[dimension] = Arrays.copyOf(own[dimension], 2 * (count + more));
      if (count == 0) {
        ids[dimension] = own[dimension];
      }
    }
    if (ids[dimension] != own[dimension]) {
      System.arraycopy(ids[dimension], 0, own[dimension], 0, count);
      ids[dimension] = own[dimension];
    }
    return own[dimension];
  }

  /** Refuses to be asked about other dimensions than it has. */
  void expectDimensions(int expected) {
    if (counts.length != expected) {
      throw new IllegalArgumentException(
          "the query has "
              + counts.length
              + " dimensions and the index "
              + expected
              + "; create the query with the dimensions of the entries");
    }
  }

  /** Ascending; an id may be there twice. Valid are the first {@link #count}. */
  int[] ids(int dimension) {
    return ids[dimension];
  }

  int count(int dimension) {
    return counts[dimension];
  }

  boolean has(int dimension, int id) {
    final int[] mine = ids[dimension];
    final int count = counts[dimension];
    if (count > SCAN_MAX) {
      return Arrays.binarySearch(mine, 0, count, id) >= 0;
    }
    for (int i = 0; i < count; i++) {
      if (mine[i] == id) {
        return true;
      }
    }
    return false;
  }

  /** Whether one of {@code others[from]} to {@code others[to - 1]}, ascending, is here too. */
  boolean hasAny(int dimension, int[] others, int from, int to) {
    if (to - from <= counts[dimension]) {
      for (int i = from; i < to; i++) {
        if (has(dimension, others[i])) {
          return true;
        }
      }
      return false;
    }
    final int[] mine = ids[dimension];
    final int count = counts[dimension];
    for (int i = 0; i < count; i++) {
      if (Arrays.binarySearch(others, from, to, mine[i]) >= 0) {
        return true;
      }
    }
    return false;
  }
}
