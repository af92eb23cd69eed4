package io.sealgate.classify.finding;

import java.util.Arrays;
import java.util.Objects;

/**
 * Raw hits in absolute text offsets, in the order they were found, overlapping as they may. Reused
 * call after call by one thread; grows up to {@link #HITS_MAX} and keeps what it has grown.
 */
public final class Hits {
  /** Bounds memory and the sorting in overlaps. */
  public static final int HITS_MAX = 1 << 20;

  /** Scores are millionths. */
  public static final int SCORE_MICROS_MAX = 1_000_000;

  /** Nothing below it is reported unless a caller asks for it. */
  public static final int SCORE_MICROS_DEFAULT = 400_000;

  private static final Evidence[] EVIDENCE = Evidence.values();
  private static final int HITS_INITIAL = 64;
  private static final int FIELDS = 6;

  /** Beside the evidence. */
  private static final int ENCODED = 1 << 8;

  private int[] fields = new int[HITS_INITIAL * FIELDS];
  private int size;
  private int by = -1;

  public void clear() {
    size = 0;
  }

  /** Says which built-in rule finds what is added from here on, by its place among all. */
  public void by(final int builtInRule) {
    by = ~builtInRule;
  }

  /**
   * Appends a hit of the built-in rule that {@link #by} named last.
   *
   * @throws HitsOverflow when full
   */
  public void add(
      final int type,
      final int start,
      final int end,
      final int scoreMicros,
      final Evidence evidence) {
    add(type, start, end, scoreMicros, evidence, by);
  }

  /**
   * Appends a hit.
   *
   * @param rule index of the tenant's pattern or topic; of a built-in rule, the complement of its
   *     place, which is below 0
   * @throws HitsOverflow when full
   */
  public void add(
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

  /** Says of the last hit that it lies somewhere in the encoded run which it has for its span. */
  public void markEncoded() {
    fields[(size - 1) * FIELDS + 4] |= ENCODED;
  }

  /** Whether a hit lies somewhere in its span, which others may share. */
  public boolean encoded(final int hit) {
    return (field(hit, 4) & ENCODED) != 0;
  }

  /** Gives a hit another span. */
  public void move(final int hit, final int start, final int end) {
    final int at = Objects.checkIndex(hit, size) * FIELDS;
    fields[at + 1] = start;
    fields[at + 2] = end;
  }

  /** Puts a hit in the place of an earlier one. */
  public void copy(final int from, final int to) {
    Objects.checkIndex(from, size);
    Objects.checkIndex(to, size);
    System.arraycopy(fields, from * FIELDS, fields, to * FIELDS, FIELDS);
  }

  /** Forgets all but the first {@code count} hits. */
  public void cut(final int count) {
    size = Objects.checkIndex(count, size + 1);
  }

  public int size() {
    return size;
  }

  public int type(final int hit) {
    return field(hit, 0);
  }

  public int start(final int hit) {
    return field(hit, 1);
  }

  public int end(final int hit) {
    return field(hit, 2);
  }

  public int scoreMicros(final int hit) {
    return field(hit, 3);
  }

  public Evidence evidence(final int hit) {
    return EVIDENCE[field(hit, 4) & ~ENCODED];
  }

  public int rule(final int hit) {
    return field(hit, 5);
  }

  private int field(final int hit, final int field) {
    return fields[Objects.checkIndex(hit, size) * FIELDS + field];
  }
}
