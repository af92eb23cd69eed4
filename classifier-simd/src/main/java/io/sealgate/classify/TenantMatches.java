package io.sealgate.classify;

import java.util.Arrays;

/**
 * Matches of tenant patterns in one text, merged per pattern into findings that do not overlap.
 * Reused for many texts; not thread-safe.
 */
final class TenantMatches {
  private static final int INITIAL = 256;

  /** A tenant's own words are taken at face value. */
  private static final int SCORE_MICROS = 1_000_000;

  /** Where the matches of each pattern begin once sorted; one more than there are patterns. */
  private final int[] bounds;

  private final Evidence[] evidence;
  private int[] rules = new int[INITIAL];
  private int[] starts = new int[INITIAL];
  private int[] ends = new int[INITIAL];
  private long[] sorted = new long[INITIAL];
  private int count;

  /**
   * @param evidence of each pattern
   */
  TenantMatches(final Evidence[] evidence) {
    this.evidence = evidence;
    bounds = new int[evidence.length + 1];
  }

  void clear() {
    count = 0;
  }

  void add(final int rule, final int start, final int end) {
    if (count == rules.length) {
      rules = Arrays.copyOf(rules, count * 2);
      starts = Arrays.copyOf(starts, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
    }
    rules[count] = rule;
    starts[count] = start;
    ends[count] = end;
    count++;
  }

  /** Merges and moves everything to {@code out}. */
  void flush(final Hits out) {
    if (count == 0) {
      return;
    }
    sort();
    for (int rule = 0; rule < evidence.length; rule++) {
      final int from = rule == 0 ? 0 : bounds[rule - 1];
      if (from < bounds[rule]) {
        Arrays.sort(sorted, from, bounds[rule]);
        merge(rule, from, bounds[rule], out);
      }
    }
    count = 0;
  }

  /** Groups by pattern; afterwards {@code bounds[rule]} is where the pattern's matches end. */
  private void sort() {
    if (sorted.length < count) {
      sorted = new long[rules.length];
    }
    Arrays.fill(bounds, 0);
    for (int i = 0; i < count; i++) {
      bounds[rules[i] + 1]++;
    }
    for (int rule = 1; rule < bounds.length; rule++) {
      bounds[rule] += bounds[rule - 1];
    }
    for (int i = 0; i < count; i++) {
      // Of the matches with one start, the longest sorts first.
      sorted[bounds[rules[i]]++] = (long) starts[i] << 32 | Integer.MAX_VALUE - ends[i];
    }
  }

  /**
   * Leftmost, then longest. Hyperscan reports for every end only its leftmost start, so a match
   * that loses to its overlap may hide one behind it: what such a match holds beyond the winner and
   * before the next winner is added to the winner.
   */
  private void merge(final int rule, final int from, final int to, final Hits out) {
    int start = start(sorted[from]);
    int end = end(sorted[from]);
    int reach = end;
    for (int i = from + 1; i < to; i++) {
      final int nextStart = start(sorted[i]);
      final int nextEnd = end(sorted[i]);
      if (nextStart >= end) {
        emit(rule, start, Math.max(end, Math.min(reach, nextStart)), out);
        start = nextStart;
        end = nextEnd;
      }
      reach = Math.max(reach, nextEnd);
    }
    emit(rule, start, Math.max(end, reach), out);
  }

  private void emit(final int rule, final int start, final int end, final Hits out) {
    out.add(FindingTypes.TENANT_PATTERN, start, end, SCORE_MICROS, evidence[rule], rule);
  }

  private static int start(final long match) {
    return (int) (match >> 32);
  }

  private static int end(final long match) {
    return Integer.MAX_VALUE - (int) match;
  }
}
