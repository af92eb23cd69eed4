package io.sealgate.classify;

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

  private final PatternSet patterns;
  private final HyperscanDatabase literals;
  private final HyperscanDatabase expressions;
  private final HyperscanScan hyperscan;
  private final RunFinders runFinders = new RunFinders();
  private final Secrets secrets = new Secrets();
  private final TenantMatches tenantMatches;
  private final Hits hits = new Hits();

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
    tenantMatches = new TenantMatches(patterns.evidence());
    final int idsMax = Math.max(patterns.literals().size(), patterns.expressions().size());
    hyperscan =
        expressions == null
            ? new HyperscanScan(idsMax, literals)
            : new HyperscanScan(idsMax, literals, expressions);
  }

  /**
   * Replaces {@code out} by what is found in {@code in}. The same text gives the same findings.
   *
   * @throws ClassifierException when the text was not read to its end: too many matches (65,536 of
   *     the literals, of the expressions, or candidates together) or a failure of the engine; then
   *     {@code out} is empty and the text must not be taken for clean
   * @throws IllegalStateException when closed, or in use by another thread
   */
  public void scan(final Segments in, final Findings out) throws ClassifierException {
    enter(BUSY);
    try {
      out.clear();
      hits.clear();
      tenantMatches.clear();
      find(in);
      out.resolve(hits, in);
    } catch (final HitsOverflow e) {
      out.clear();
      throw new ClassifierException(e.getMessage(), e);
    } catch (final RuntimeException e) {
      out.clear();
      throw ClassifierException.internal(e);
    } finally {
      state.set(IDLE);
    }
  }

  private void find(final Segments in) throws ClassifierException {
    final byte[] text = in.text();
    final int length = in.textLength();
    if (length == 0) {
      return;
    }
    runFinders.scan(text, length, hits);
    hyperscan.load(text, length);
    findLiterals(text, length);
    if (expressions != null) {
      findExpressions(in, text, length);
    }
    tenantMatches.flush(hits);
  }

  private void findLiterals(final byte[] text, final int length) throws ClassifierException {
    hyperscan.scan(literals, 0, length, false);
    for (int i = 0; i < hyperscan.count(); i++) {
      final int literal = hyperscan.id(i);
      if (PatternSet.isSecret(literal)) {
        secrets.confirm(literal, hyperscan.end(i), text, length, hits);
      } else {
        patterns.literal(literal, hyperscan.end(i), text, length, tenantMatches);
      }
    }
  }

  /**
   * Segment by segment: over the whole text a match that began in one segment could hide the one
   * that lies in the next.
   */
  private void findExpressions(final Segments in, final byte[] text, final int length)
      throws ClassifierException {
    hyperscan.clear();
    for (int segment = 0; segment < in.count(); segment++) {
      if (in.start(segment) < in.end(segment)) {
        hyperscan.scan(expressions, in.start(segment), in.end(segment), true);
      }
    }
    for (int i = 0; i < hyperscan.count(); i++) {
      patterns.expression(
          hyperscan.id(i), hyperscan.start(i), hyperscan.end(i), text, length, tenantMatches);
    }
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
      hyperscan.close();
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
