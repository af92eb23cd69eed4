package io.sealgate.policy.index;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What a set of rules asks of a call's scope. An entry belongs to one rule and constrains some
 * dimensions, each to a set of ids; it matches a call that has, in every constrained dimension, at
 * least one of those ids. A rule matches if one of its entries does. Immutable.
 *
 * <p>Entries are kept as one stream of ints, ordered by rule: for each constraint its dimension,
 * its number of ids, and the ids ascending; constraints in ascending order of dimension.
 */
public final class ScopeEntries {
  /** The most dimensions: a set of them is the bits of an int. */
  public static final int DIMENSIONS_MAX = 24;

  /** Ids and rule ids are below this: they index tables. */
  public static final int IDS_MAX = 1 << 20;

  /** The most ids in all constraints together: 8 MB of them. */
  public static final int CONSTRAINT_IDS_MAX = 1 << 21;

  private final int dimensions;
  private final int[] rules;
  private final int[] starts;
  private final int[] stream;

  private ScopeEntries(int dimensions, int[] rules, int[] starts, int[] stream) {
    this.dimensions = dimensions;
    this.rules = rules;
    this.starts = starts;
    this.stream = stream;
  }

  /** Takes what one entry asks for, constraint by constraint. */
  interface ConstraintReader {
    /** The ids are {@code stream[from]} to {@code stream[to - 1]}, ascending; not to be written. */
    void constraint(int dimension, int[] stream, int from, int to);
  }

  /**
   * Starts collecting.
   *
   * @param dimensions how many there are; they are numbered from 0
   * @throws IllegalArgumentException if there are fewer than 1 or more than {@link #DIMENSIONS_MAX}
   */
  public static Builder builder(int dimensions) {
    return new Builder(dimensions);
  }

  /** How many dimensions a query has. */
  public int dimensions() {
    return dimensions;
  }

  /** How many entries there are. */
  public int count() {
    return rules.length;
  }

  /** One more than the greatest rule id, or 0 if there are no entries. */
  public int ruleLimit() {
    return rules.length == 0 ? 0 : rules[rules.length - 1] + 1;
  }

  /** The rule of an entry; ascends with the entry. */
  int rule(int entry) {
    return rules[entry];
  }

  void read(int entry, ConstraintReader reader) {
    final int end = starts[entry + 1];
    int at = starts[entry];
    while (at < end) {
      final int from = at + 2;
      final int to = from + stream[at + 1];
      reader.constraint(stream[at], stream, from, to);
      at = to;
    }
  }

  /** Whether the entry matches; allocates nothing. */
  boolean matches(int entry, ScopeQuery query) {
    final int end = starts[entry + 1];
    int at = starts[entry];
    while (at < end) {
      final int from = at + 2;
      final int to = from + stream[at + 1];
      if (!query.hasAny(stream[at], stream, from, to)) {
        return false;
      }
      at = to;
    }
    return true;
  }

  /** Some of the entries, in the same order. */
  ScopeEntries those(IntPredicate wanted) {
    final int[] entries = IntStream.range(0, rules.length).filter(wanted).toArray();
    final int[] someStarts = new int[entries.length + 1];
    for (int i = 0; i < entries.length; i++) {
      someStarts[i + 1] = someStarts[i] + starts[entries[i] + 1] - starts[entries[i]];
    }
    final int[] someStream = new int[someStarts[entries.length]];
    for (int i = 0; i < entries.length; i++) {
      final int length = someStarts[i + 1] - someStarts[i];
      System.arraycopy(stream, starts[entries[i]], someStream, someStarts[i], length);
    }
    final int[] someRules = Arrays.stream(entries).map(this::rule).toArray();
    return new ScopeEntries(dimensions, someRules, someStarts, someStream);
  }

  long heapBytes() {
    return Integer.BYTES * ((long) rules.length + starts.length + stream.length);
  }

  /** Collects entries in any order. One thread at a time. */
  public static final class Builder {
    private final int dimensions;
    private final int[][] pending;
    private int[] rules = new int[16];
    private int[] starts = new int[16];
    private int[] stream = new int[64];
    private int entries;
    private int streamed;
    private int constraintIds;
    private boolean open;

    private Builder(int dimensions) {
      if (dimensions < 1 || dimensions > DIMENSIONS_MAX) {
        throw new IllegalArgumentException(
            dimensions + " dimensions; there can be 1 to " + DIMENSIONS_MAX);
      }
      this.dimensions = dimensions;
      this.pending = new int[dimensions][];
    }

    /**
     * Begins the next entry, which matches every call until it is constrained.
     *
     * @param rule the caller's rule id; answers are in ascending order of it
     * @throws IllegalArgumentException if it is negative or not below {@link #IDS_MAX}
     */
    public Builder entry(int rule) {
      close();
      checkId(rule, "rule id");
      if (entries == rules.length) {
        rules = Arrays.copyOf(rules, 2 * entries);
        starts = Arrays.copyOf(starts, 2 * entries);
      }
      rules[entries] = rule;
      starts[entries] = streamed;
      open = true;
      return this;
    }

    /**
     * Constrains the entry begun last.
     *
     * @param ids at least one of them must be the call's; in any order, copied
     * @throws IllegalArgumentException if there are no ids, one is out of range, the dimension does
     *     not exist or is constrained already, or all ids together are too many
     */
    public Builder only(int dimension, int... ids) {
      if (!open) {
        throw new IllegalStateException("a constraint without an entry; call entry() first");
      }
      if (dimension < 0 || dimension >= dimensions || pending[dimension] != null) {
        throw new IllegalArgumentException(
            "dimension " + dimension + " does not exist or is constrained already");
      }
      if (ids.length == 0) {
        throw new IllegalArgumentException(
            "no ids in dimension " + dimension + " can never match; leave the entry out");
      }
      if (ids.length > CONSTRAINT_IDS_MAX - constraintIds) {
        throw new IllegalArgumentException(
            "the rules' scopes list more than "
                + CONSTRAINT_IDS_MAX
                + " values in all; name groups or use globs in place of long lists");
      }
      constraintIds += ids.length;
      final int[] sorted = ids.clone();
      Arrays.sort(sorted);
      int distinct = 0;
      for (final int id : sorted) {
        checkId(id, "id");
        if (distinct == 0 || sorted[distinct - 1] != id) {
          sorted[distinct++] = id;
        }
      }
      pending[dimension] = distinct == sorted.length ? sorted : Arrays.copyOf(sorted, distinct);
      return this;
    }

    private static void checkId(int id, String what) {
      if (id < 0 || id >= IDS_MAX) {
        throw new IllegalArgumentException(
            what + " " + id + " is not within 0 and " + (IDS_MAX - 1));
      }
    }

    private void close() {
      if (!open) {
        return;
      }
      for (int dimension = 0; dimension < dimensions; dimension++) {
        final int[] ids = pending[dimension];
        if (ids != null) {
          append(dimension, ids);
          pending[dimension] = null;
        }
      }
      entries++;
      open = false;
    }

    private void append(int dimension, int[] ids) {
      final int end = streamed + 2 + ids.length;
      if (end > stream.length) {
        stream = Arrays.copyOf(stream, Math.max(end, 2 * stream.length));
      }
      stream[streamed] = dimension;
      stream[streamed + 1] = ids.length;
      System.arraycopy(ids, 0, stream, streamed + 2, ids.length);
      streamed = end;
    }

    /** The entries collected so far, by rule. The builder can be used on. */
    public ScopeEntries build() {
      close();
      final int[] order = byRule();
      final int[] sortedRules = new int[entries];
      final int[] sortedStarts = new int[entries + 1];
      final int[] sortedStream = new int[streamed];
      int at = 0;
      for (int i = 0; i < entries; i++) {
        final int entry = order[i];
        final int from = starts[entry];
        final int length = (entry + 1 < entries ? starts[entry + 1] : streamed) - from;
        System.arraycopy(stream, from, sortedStream, at, length);
        sortedRules[i] = rules[entry];
        at += length;
        sortedStarts[i + 1] = at;
      }
      return new ScopeEntries(dimensions, sortedRules, sortedStarts, sortedStream);
    }

    /** Entry numbers, sorted by rule. */
    private int[] byRule() {
      final long[] keys = new long[entries];
      for (int i = 0; i < entries; i++) {
        keys[i] = (long) rules[i] << Integer.SIZE | i;
      }
      Arrays.sort(keys);
      final int[] order = new int[entries];
      for (int i = 0; i < entries; i++) {
        order[i] = (int) keys[i];
      }
      return order;
    }
  }
}
