package io.sealgate.classify;

import java.util.Arrays;
import java.util.Objects;

/**
 * What was found in a text, sorted by start, then type. Offsets are absolute byte offsets in {@link
 * Segments#text()}, whose bytes are UTF-8. Reused call after call by one thread, and allocates only
 * while it grows.
 *
 * <p>Built-in findings never overlap. Of overlapping hits the one with the stronger evidence is
 * kept: a checksum or a secret's prefix beats a format, a format beats a context word, that beats a
 * keyword, and a bare pattern (a phone number) loses to all. Within one class the longer span wins,
 * then the kind of evidence in the order of {@link Evidence}, then the higher score, the earlier
 * start and the lower type. Losing to a hit that itself lost does not count. Findings of tenant
 * patterns stand apart: they neither suppress others nor are suppressed.
 */
public final class Findings {
  private static final int FINDINGS_INITIAL = 64;

  // Layout of the two sort keys; indices need 16 bits because of Hits.HITS_MAX.
  private static final int INDEX_BITS = 16;
  private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
  private static final int TYPE_BITS = 8;
  private static final int SCORE_BITS = 20;
  private static final int EVIDENCE_BITS = 3;
  private static final int LENGTH_BITS = 20;
  private static final int LENGTH_MAX = (1 << LENGTH_BITS) - 1;

  private final Hits kept = new Hits();
  private int[] segments = new int[FINDINGS_INITIAL];
  private long[] byPosition = new long[FINDINGS_INITIAL];
  private long[] byPrecedence = new long[FINDINGS_INITIAL];
  private boolean[] keep = new boolean[FINDINGS_INITIAL];

  /** One bit per text byte that a kept built-in finding covers; all zero between calls. */
  private long[] covered = {};

  /** Forgets all findings. */
  public void clear() {
    kept.clear();
  }

  /** How many findings there are. */
  public int size() {
    return kept.size();
  }

  /** The type, one of {@link FindingTypes}. */
  public int type(final int finding) {
    return kept.type(finding);
  }

  /** The segment that holds the finding. */
  public int segment(final int finding) {
    return segments[Objects.checkIndex(finding, kept.size())];
  }

  /** First byte. */
  public int start(final int finding) {
    return kept.start(finding);
  }

  /** One past the last byte. */
  public int end(final int finding) {
    return kept.end(finding);
  }

  /** Confidence in millionths, 0 to 1,000,000. */
  public int scoreMicros(final int finding) {
    return kept.scoreMicros(finding);
  }

  /** Why it was reported. */
  public Evidence evidence(final int finding) {
    return kept.evidence(finding);
  }

  /** Index of the tenant's pattern, or -1 for a built-in type. */
  public int rule(final int finding) {
    return kept.rule(finding);
  }

  /** Replaces what is here by the hits that win; hits across the end of a segment are dropped. */
  void resolve(final Hits hits, final Segments in) {
    kept.clear();
    final int count = hits.size();
    if (count == 0) {
      return;
    }
    reserve(count, in.textLength());
    for (int hit = 0; hit < count; hit++) {
      byPosition[hit] =
          ((long) hits.start(hit) << (TYPE_BITS + INDEX_BITS))
              | ((long) hits.type(hit) << INDEX_BITS)
              | hit;
    }
    Arrays.sort(byPosition, 0, count);
    for (int place = 0; place < count; place++) {
      byPrecedence[place] = precedence(hits, hitAt(place)) | place;
    }
    Arrays.sort(byPrecedence, 0, count);
    for (int i = 0; i < count; i++) {
      final int place = (int) byPrecedence[i] & INDEX_MASK;
      keep[place] = claim(hits, hitAt(place), in);
    }
    for (int place = 0; place < count; place++) {
      if (keep[place]) {
        emit(hits, hitAt(place), in);
      }
    }
  }

  private int hitAt(final int place) {
    return (int) byPosition[place] & INDEX_MASK;
  }

  /** A number that sorts the stronger hit first and leaves room for the place. */
  private static long precedence(final Hits hits, final int hit) {
    final Evidence evidence = hits.evidence(hit);
    final int length = Math.min(hits.end(hit) - hits.start(hit), LENGTH_MAX);
    long key = weakness(evidence);
    key = key << LENGTH_BITS | (LENGTH_MAX - length);
    key = key << EVIDENCE_BITS | evidence.ordinal();
    key = key << SCORE_BITS | (Hits.SCORE_MICROS_MAX - hits.scoreMicros(hit));
    return key << INDEX_BITS;
  }

  private static int weakness(final Evidence evidence) {
    return switch (evidence) {
      case CHECKSUM, PREFIX, PREFIX_AND_CHECKSUM -> 0;
      case FORMAT -> 1;
      case CONTEXT -> 2;
      case KEYWORD -> 3;
      case PATTERN -> 4;
    };
  }

  private boolean claim(final Hits hits, final int hit, final Segments in) {
    final int start = hits.start(hit);
    final int end = hits.end(hit);
    if (start >= end || end > in.end(in.segmentAt(start))) {
      return false;
    }
    if (hits.type(hit) == FindingTypes.TENANT_PATTERN) {
      return true;
    }
    for (int word = start >> 6; word <= (end - 1) >> 6; word++) {
      if ((covered[word] & bits(word, start, end)) != 0) {
        return false;
      }
    }
    for (int word = start >> 6; word <= (end - 1) >> 6; word++) {
      covered[word] |= bits(word, start, end);
    }
    return true;
  }

  /** The bits of {@code [start, end)} that fall into a word it touches. */
  private static long bits(final int word, final int start, final int end) {
    final long from = word == start >> 6 ? -1L << start : -1L;
    final long to = word == (end - 1) >> 6 ? -1L >>> -end : -1L;
    return from & to;
  }

  private void emit(final Hits hits, final int hit, final Segments in) {
    final int start = hits.start(hit);
    final int end = hits.end(hit);
    segments[kept.size()] = in.segmentAt(start);
    kept.add(hits.type(hit), start, end, hits.scoreMicros(hit), hits.evidence(hit), hits.rule(hit));
    if (hits.type(hit) != FindingTypes.TENANT_PATTERN) {
      Arrays.fill(covered, start >> 6, ((end - 1) >> 6) + 1, 0);
    }
  }

  private void reserve(final int count, final int textLength) {
    if (segments.length < count) {
      final int capacity = Math.max(count, Math.min(segments.length * 2, Hits.HITS_MAX));
      segments = new int[capacity];
      byPosition = new long[capacity];
      byPrecedence = new long[capacity];
      keep = new boolean[capacity];
    }
    final int words = (textLength >> 6) + 1;
    if (covered.length < words) {
      covered = new long[words];
    }
  }
}
