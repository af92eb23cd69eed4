package io.sealgate.classify;

import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.HitsOverflow;
import io.sealgate.classify.hyperscan.HyperscanDatabase;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads texts with one {@link Classifier}. For one thread at a time; it may move between threads
 * and outlive its classifier. Allocates nothing for a text without candidates once its buffers have
 * grown.
 */
public final class Scanner implements AutoCloseable {
  private static final int IDLE = 0;
  private static final int BUSY = 1;
  private static final int CLOSED = 2;

  /** A text up to this long is read in one go; longer ones in pieces. */
  private static final int WHOLE_BYTES_MAX = 256 * 1024;

  private static final int PIECE_BYTES = 256 * 1024;

  private final PatternSet patterns;
  private final HyperscanDatabase literals;
  private final HyperscanDatabase expressions;
  private final TextScan textScan;
  private final Hits hits = new Hits();
  private final Overlaps overlaps = new Overlaps();

  /** For long texts; made when first needed. */
  private TextWindows windows;

  /** Two threads in one scanner would corrupt native memory, so that is caught. */
  private final AtomicInteger state = new AtomicInteger(IDLE);

  /** Takes over the caller's references to the databases once it returns. */
  Scanner(
      final PatternSet patterns,
      final HyperscanDatabase literals,
      final HyperscanDatabase expressions)
      throws ClassifierException {
    this.patterns = patterns;
    this.literals = literals;
    this.expressions = expressions;
    textScan = new TextScan(patterns, literals, expressions);
  }

  /**
   * Replaces {@code out} by what is found in {@code in}. The same text gives the same findings.
   *
   * @throws ClassifierException when the text was not read to its end: too many findings, or too
   *     many matches in one place (1,048,576), or a failure of the engine; then {@code out} is
   *     empty and the text must not be taken for clean
   * @throws IllegalStateException when closed, or in use by another thread
   */
  public void scan(final Segments in, final Findings out) throws ClassifierException {
    enter(BUSY);
    try {
      out.clear();
      if (in.textLength() <= WHOLE_BYTES_MAX || textScan.needsWholeSegments()) {
        scanWhole(in, out);
      } else {
        scanPieces(in, out);
      }
    } catch (final HitsOverflow e) {
      out.clear();
      throw new ClassifierException(e.getMessage(), e);
    } catch (final ClassifierException e) {
      out.clear();
      throw e;
    } catch (final RuntimeException e) {
      out.clear();
      throw ClassifierException.internal(e);
    } finally {
      state.set(IDLE);
    }
  }

  private void scanWhole(final Segments in, final Findings out) throws ClassifierException {
    final byte[] text = in.text();
    final int length = in.textLength();
    if (length == 0) {
      return;
    }
    hits.clear();
    textScan.scanBoth(text, length, hits);
    if (textScan.needsWholeSegments()) {
      textScan.scanExpressions(in, hits);
    }
    overlaps.begin();
    overlaps.resolve(hits, 0, length, in, out);
  }

  private void scanPieces(final Segments in, final Findings out) throws ClassifierException {
    if (windows == null) {
      windows = new TextWindows(patterns.automaton());
    }
    windows.clear();
    final byte[] text = in.text();
    final int length = in.textLength();
    int from = 0;
    while (from < length) {
      int to = Math.min(length, from + PIECE_BYTES);
      while (to < length && (text[to] & 0xC0) == 0x80) {
        to--;
      }
      windows.append(text, from, to);
      windows.advance(textScan, to == length, hits, overlaps, in, out);
      from = to;
    }
  }

  /** Looks for findings in what was appended to {@code stream}, and appends them to {@code out}. */
  void advance(final TextWindows stream, final boolean last, final Findings out)
      throws ClassifierException {
    enter(BUSY);
    try {
      stream.advance(textScan, last, hits, overlaps, null, out);
    } catch (final HitsOverflow e) {
      throw new ClassifierException(e.getMessage(), e);
    } catch (final RuntimeException e) {
      throw ClassifierException.internal(e);
    } finally {
      state.set(IDLE);
    }
  }

  /** Windows for a text that comes in pieces. */
  TextWindows windows() {
    return new TextWindows(patterns.automaton());
  }

  /** Whether some pattern can only be matched against whole texts. */
  boolean needsWholeSegments() {
    return textScan.needsWholeSegments();
  }

  /**
   * Idempotent.
   *
   * @throws IllegalStateException while a scan runs
   */
  @Override
  public void close() {
    if (state.get() == CLOSED) {
      return;
    }
    enter(CLOSED);
    try {
      textScan.close();
    } finally {
      Classifier.releaseDatabases(literals, expressions);
    }
  }

  private void enter(final int next) {
    final int seen = state.compareAndExchange(IDLE, next);
    if (seen != IDLE) {
      throw new IllegalStateException(
          seen == CLOSED ? "the scanner is closed" : "the scanner is in use by another thread");
    }
  }
}
