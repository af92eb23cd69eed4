package io.sealgate.classify;

import java.util.Arrays;
import java.util.Objects;

/**
 * Raw hits in absolute text offsets, in the order they were found, overlapping as they may. Reused
 * call after call by one thread; grows up to {@link #HITS_MAX} and keeps what it has grown.
 */
final class Hits {
  /** Bounds memory and the sorting in {@link Findings#resolve}. */
  static final int HITS_MAX = 65_536;

  /** Scores are millionths. */
  static final int SCORE_MICROS_MAX = 1_000_000;

  private static final Evidence[] EVIDENCE = Evidence.values();
  private static final int HITS_INITIAL = 64;
  private static final int FIELDS = 6;

  private int[] fields = new int[HITS_INITIAL * FIELDS];
  private int size;

  void clear() {
    size = 0;
  }

  /**
   * Appends a hit.
   *
   * @param rule index of the tenant's pattern, or -1 for a built-in
   * @throws HitsOverflow when full
   */
  void add(
      final int type,
      final int start,
      final int end,
      final int scoreMicros,
      final Evidence evidence,
      final int rule) {
    if (size == HITS_MAX) {
      throw new HitsOverflow();
    }
    if (size * FIELDS == fields.length) {
      fields = Arrays.copyOf(fields, Math.min(fields.length * 2, HITS_MAX * FIELDS));
    }
    final int at = size * FIELDS;
    fields[at] = type;
    fields[at + 1] = start;
    fields[at + 2] = end;
    fields[at + 3] = scoreMicros;
    fields[at + 4] = evidence.ordinal();
    fields[at + 5] = rule;
    size++;
  }

  int size() {
    return size;
  }

  int type(final int hit) {
    return field(hit, 0);
  }

  int start(final int hit) {
    return field(hit, 1);
  }

  int end(final int hit) {
    return field(hit, 2);
  }

  int scoreMicros(final int hit) {
    return field(hit, 3);
  }

  Evidence evidence(final int hit) {
    return EVIDENCE[field(hit, 4)];
  }

  int rule(final int hit) {
    return field(hit, 5);
  }

  private int field(final int hit, final int field) {
    return fields[Objects.checkIndex(hit, size) * FIELDS + field];
  }
}
