package io.sealgate.classify;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import java.util.Arrays;

/**
 * Decides which of the hits that overlap become findings, by the rules of {@link Findings}. Hits
 * that are tied by overlaps are decided together. A row of them that goes on for {@value
 * #TIED_BYTES_MAX} bytes is cut there and what begins anew gives way to what is already kept, so
 * that what is decided depends on a bounded part of the text. Scratch space; one thread at a time.
 */
final class Overlaps {
  /** From the first to the last start of hits that are decided together. */
  static final int TIED_BYTES_MAX = 4_096;

  private static final int HITS_INITIAL = 64;

  // Layout of the sort keys; indices need 20 bits because of Hits.HITS_MAX.
  private static final int INDEX_BITS = 20;
  private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
  private static final int TYPE_BITS = 8;
  private static final int SCORE_BITS = 20;
  private static final int EVIDENCE_BITS = 3;
  private static final int LENGTH_BITS = 16;
  private static final int LENGTH_MAX = (1 << LENGTH_BITS) - 1;

  /** Below it the evidence of a hit is no better than that of a bare pattern. */
  private static final int SURE_SCORE_MICROS = 600_000;

  /** The class of such hits: only length and score tell them apart. */
  private static final int UNSURE = 4;

  private final Hits kept = new Hits();
  private long[] byPosition = new long[HITS_INITIAL];
  private long[] byPrecedence = new long[HITS_INITIAL];
  private boolean[] keep = new boolean[HITS_INITIAL];

  /** One bit per byte, from {@link #base} on, that a kept built-in covers; zero between batches. */
  private long[] covered = {};

  private int base;
  private int coveredEnd;
  private int injectedEnd;

  /** Forgets what was kept of the text before. */
  void begin() {
    coveredEnd = 0;
    injectedEnd = 0;
  }

  /** Where the last built-in finding ends; what begins before it gives way. */
  int coveredEnd() {
    return coveredEnd;
  }

  /** The same for injections, which compete among themselves. */
  int injectedEnd() {
    return injectedEnd;
  }

  /** Goes on with a text of which some is decided. */
  void resume(final int coveredEnd, final int injectedEnd) {
    this.coveredEnd = coveredEnd;
    this.injectedEnd = injectedEnd;
  }

  /**
   * Appends to {@code out} what is kept of the hits that begin in {@code [from, floor)}.
   *
   * @param in null for one segment
   * @return {@code floor}, or the start of the first hit that is not decided because later hits may
   *     overlap with it
   */
  int resolve(
      final Hits hits, final int from, final int floor, final Segments in, final Findings out) {
    final int count = sort(hits, from, floor, in);
    int batch = 0;
    int first = 0;
    int start = 0;
    int end = 0;
    for (int place = 0; place < count; place++) {
      final int hit = hitAt(place);
      final boolean tied = hits.start(hit) < end;
      if (tied && hits.start(hit) - start < TIED_BYTES_MAX) {
        end = Math.max(end, hits.end(hit));
        continue;
      }
      if (tied) {
        settle(hits, batch, place, in, out);
        batch = place;
      }
      first = place;
      start = hits.start(hit);
      end = hits.end(hit);
    }
    final boolean open = end > floor;
    settle(hits, batch, open ? first : count, in, out);
    return open ? start : floor;
  }

  /** Fills {@link #byPosition}; hits across the end of a segment are left out. */
  private int sort(final Hits hits, final int from, final int floor, final Segments in) {
    if (byPosition.length < hits.size()) {
      final int capacity = Math.max(hits.size(), Math.min(byPosition.length * 2, Hits.HITS_MAX));
      byPosition = new long[capacity];
      byPrecedence = new long[capacity];
      keep = new boolean[capacity];
    }
    int count = 0;
    for (int hit = 0; hit < hits.size(); hit++) {
      final int start = hits.start(hit);
      final int end = hits.end(hit);
      if (start >= from
          && start < floor
          && start < end
          && (in == null || end <= in.end(in.segmentAt(start)))) {
        byPosition[count++] = ((long) start << TYPE_BITS | hits.type(hit)) << INDEX_BITS | hit;
      }
    }
    Arrays.sort(byPosition, 0, count);
    return count;
  }

  private int hitAt(final int place) {
    return (int) byPosition[place] & INDEX_MASK;
  }

  /** Decides the hits at {@code [from, to)}, which no later hit bears on. */
  private void settle(
      final Hits hits, final int from, final int to, final Segments in, final Findings out) {
    if (from == to) {
      return;
    }
    kept.clear();
    coveredEnd = keepStrongest(hits, from, to, false, coveredEnd);
    injectedEnd = keepStrongest(hits, from, to, true, injectedEnd);
    mergeTenants(hits, from, to);
    emit(in, out);
  }

  /** Returns where the last that is kept ends. */
  private int keepStrongest(
      final Hits hits,
      final int from,
      final int to,
      final boolean injections,
      final int coveredBefore) {
    base = hits.start(hitAt(from)) & -Long.SIZE;
    int end = base;
    int count = 0;
    for (int place = from; place < to; place++) {
      final int hit = hitAt(place);
      keep[place] = false;
      if (hits.type(hit) != FindingTypes.TENANT_PATTERN
          && FindingTypes.isInjection(hits.type(hit)) == injections
          && hits.start(hit) >= coveredBefore) {
        byPrecedence[count++] = precedence(hits, hit) | place;
        end = Math.max(end, hits.end(hit));
      }
    }
    final int words = (end - base >> 6) + 1;
    if (covered.length < words) {
      covered = new long[Math.max(words, covered.length * 2)];
    }
    Arrays.sort(byPrecedence, 0, count);
    for (int i = 0; i < count; i++) {
      final int place = (int) byPrecedence[i] & INDEX_MASK;
      final int hit = hitAt(place);
      keep[place] =
          claim(hits.start(hit) - base, hits.end(hit) - base) || sharing(hits, place, from, to);
    }
    int keptEnd = coveredBefore;
    for (int place = from; place < to; place++) {
      if (keep[place]) {
        final int hit = hitAt(place);
        keep(hits, hit, hits.start(hit), hits.end(hit));
        keptEnd = Math.max(keptEnd, hits.end(hit));
        Arrays.fill(covered, hits.start(hit) - base >> 6, (hits.end(hit) - base - 1 >> 6) + 1, 0);
      }
    }
    return keptEnd;
  }

  /** A number that sorts the stronger hit first and leaves room for the place. */
  private static long precedence(final Hits hits, final int hit) {
    final Evidence evidence = hits.evidence(hit);
    final int length = Math.min(hits.end(hit) - hits.start(hit), LENGTH_MAX);
    final int weakness = weakness(hits.type(hit), evidence, hits.scoreMicros(hit));
    long key = weakness;
    key = key << LENGTH_BITS | (LENGTH_MAX - length);
    key = key << EVIDENCE_BITS | (weakness < UNSURE ? evidence.ordinal() : 0);
    key = key << SCORE_BITS | (Hits.SCORE_MICROS_MAX - hits.scoreMicros(hit));
    return key << INDEX_BITS;
  }

  private static int weakness(final int type, final Evidence evidence, final int scoreMicros) {
    if (scoreMicros < Hits.SCORE_MICROS_DEFAULT) {
      return UNSURE + 2;
    }
    if (type == FindingTypes.URL) {
      return UNSURE + 1;
    }
    if (scoreMicros < SURE_SCORE_MICROS) {
      return UNSURE;
    }
    return switch (evidence) {
      case CHECKSUM, PREFIX, PREFIX_AND_CHECKSUM -> 0;
      case FORMAT -> 1;
      case CONTEXT -> 2;
      case KEYWORD -> 3;
      case PATTERN -> UNSURE;
    };
  }

  /**
   * Whether the hit claims exactly the bytes of kept ones of other types, and nothing says which of
   * them it is: the same evidence and score, or a checksum of each; or whether both lie in one
   * encoded run. Hits with the same start stand side by side.
   */
  private boolean sharing(final Hits hits, final int place, final int from, final int to) {
    final int start = hits.start(hitAt(place));
    boolean shares = false;
    int other = place;
    while (other > from && hits.start(hitAt(other - 1)) == start) {
      other--;
    }
    for (; other < to && hits.start(hitAt(other)) == start; other++) {
      if (keep[other] && hits.end(hitAt(other)) == hits.end(hitAt(place))) {
        if (hits.type(hitAt(other)) == hits.type(hitAt(place))) {
          return false;
        }
        shares |= undecided(hits, hitAt(place), hitAt(other));
      }
    }
    return shares;
  }

  private static boolean undecided(final Hits hits, final int hit, final int other) {
    return precedence(hits, hit) == precedence(hits, other)
        || hits.evidence(hit) == Evidence.CHECKSUM && hits.evidence(other) == Evidence.CHECKSUM
        || hits.encoded(hit) && hits.encoded(other);
  }

  private boolean claim(final int start, final int end) {
    for (int word = start >> 6; word <= end - 1 >> 6; word++) {
      if ((covered[word] & bits(word, start, end)) != 0) {
        return false;
      }
    }
    for (int word = start >> 6; word <= end - 1 >> 6; word++) {
      covered[word] |= bits(word, start, end);
    }
    return true;
  }

  /** The bits of {@code [start, end)} that fall into a word it touches. */
  private static long bits(final int word, final int start, final int end) {
    final long from = word == start >> 6 ? -1L << start : -1L;
    final long to = word == end - 1 >> 6 ? -1L >>> -end : -1L;
    return from & to;
  }

  /** Groups by pattern: each key is the pattern, then the place. */
  private void mergeTenants(final Hits hits, final int from, final int to) {
    int count = 0;
    for (int place = from; place < to; place++) {
      final int hit = hitAt(place);
      if (hits.type(hit) == FindingTypes.TENANT_PATTERN) {
        byPrecedence[count++] = (long) hits.rule(hit) << INDEX_BITS | place;
      }
    }
    Arrays.sort(byPrecedence, 0, count);
    int i = 0;
    while (i < count) {
      final long rule = byPrecedence[i] >> INDEX_BITS;
      int next = i;
      while (next < count && byPrecedence[next] >> INDEX_BITS == rule) {
        next++;
      }
      mergeTenant(hits, i, next);
      i = next;
    }
  }

  /**
   * Leftmost, then longest. Hyperscan reports for every end only its leftmost start, so a match
   * that loses to its overlap may hide one behind it: what such a match holds beyond the winner and
   * before the next winner is added to the winner.
   */
  private void mergeTenant(final Hits hits, final int from, final int to) {
    final int first = hitAt((int) byPrecedence[from] & INDEX_MASK);
    int start = hits.start(first);
    int end = hits.end(first);
    int reach = end;
    for (int i = from + 1; i < to; i++) {
      final int hit = hitAt((int) byPrecedence[i] & INDEX_MASK);
      final int nextStart = hits.start(hit);
      final int nextEnd = hits.end(hit);
      if (nextStart == start) {
        end = Math.max(end, nextEnd);
      } else if (nextStart >= end) {
        keep(hits, first, start, Math.max(end, Math.min(reach, nextStart)));
        start = nextStart;
        end = nextEnd;
      }
      reach = Math.max(reach, nextEnd);
    }
    keep(hits, first, start, Math.max(end, reach));
  }

  private void keep(final Hits hits, final int hit, final int start, final int end) {
    kept.add(hits.type(hit), start, end, hits.scoreMicros(hit), hits.evidence(hit), hits.rule(hit));
  }

  private void emit(final Segments in, final Findings out) {
    final int count = kept.size();
    for (int i = 0; i < count; i++) {
      byPrecedence[i] = ((long) kept.start(i) << TYPE_BITS | kept.type(i)) << INDEX_BITS | i;
    }
    Arrays.sort(byPrecedence, 0, count);
    for (int i = 0; i < count; i++) {
      final int hit = (int) byPrecedence[i] & INDEX_MASK;
      out.add(in == null ? 0 : in.segmentAt(kept.start(hit)), kept, hit);
    }
  }
}
