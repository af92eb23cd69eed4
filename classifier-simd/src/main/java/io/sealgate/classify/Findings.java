package io.sealgate.classify;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import java.util.Arrays;
import java.util.Objects;

/**
 * What was found in a text, sorted by start, then type. Offsets are absolute byte offsets in {@link
 * Segments#text()}, or in the text of a stream, whose bytes are UTF-8. Reused call after call by
 * one thread, and allocates only while it grows.
 *
 * <p>Of overlapping built-in hits the one with the stronger evidence is kept: a checksum or a
 * secret's prefix beats a format, a format beats a context word, that beats a keyword, and a bare
 * pattern (a phone number) loses to all. A hit with a score below 0.6 counts as a bare pattern
 * whatever its evidence, a URL loses to whatever it holds, and a hit below the default score loses
 * to all others. Within one class the longer span wins, then the kind of evidence in the order of
 * {@link Evidence}, then the higher score, the earlier start and the lower type. Losing to a hit
 * that itself lost does not count, except to one that began more than 4,096 bytes before in an
 * unbroken row of overlaps. Where types claim the same bytes with the same evidence and score, or
 * each by its checksum, nothing tells them apart and all are kept; a word that names one of them
 * near the bytes decides for it before that. Of what an encoded run holds, each type is kept, over
 * the whole run. Injections say something about the words and not about a value in them: they
 * compete among themselves only. Findings of tenant patterns stand apart: they neither suppress
 * others nor are suppressed.
 */
public final class Findings {
  private static final int FINDINGS_INITIAL = 64;

  private final Hits kept = new Hits();
  private int[] segments = new int[FINDINGS_INITIAL];

  /** Forgets all findings. */
  public void clear() {
    kept.clear();
  }

  /** Forgets the findings with a score below {@code scoreMicros}. */
  public void keepFrom(final int scoreMicros) {
    int kept = 0;
    for (int finding = 0; finding < this.kept.size(); finding++) {
      if (this.kept.scoreMicros(finding) >= scoreMicros) {
        segments[kept] = segments[finding];
        this.kept.copy(finding, kept++);
      }
    }
    this.kept.cut(kept);
  }

  /** How many findings there are. */
  public int size() {
    return kept.size();
  }

  /** The type, one of {@link FindingTypes}. */
  public int type(final int finding) {
    return kept.type(finding);
  }

  /** The segment that holds the finding; 0 in a stream. */
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

  /**
   * Index of the tenant's pattern or topic; below 0 for a built-in rule. {@link
   * Classifier#ruleName} has its name.
   */
  public int rule(final int finding) {
    return kept.rule(finding);
  }

  /** Appends a hit that won. */
  void add(final int segment, final Hits hits, final int hit) {
    if (kept.size() == segments.length) {
      segments = Arrays.copyOf(segments, Math.min(segments.length * 2, Hits.HITS_MAX));
    }
    final int at = kept.size();
    kept.add(
        hits.type(hit),
        hits.start(hit),
        hits.end(hit),
        hits.scoreMicros(hit),
        hits.evidence(hit),
        hits.rule(hit));
    segments[at] = segment;
  }

  /** Appends the findings of a text that is one segment. */
  void addAll(final Findings others) {
    for (int finding = 0; finding < others.size(); finding++) {
      add(0, others.kept, finding);
    }
  }
}
