package io.sealgate.classify;

import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.hyperscan.HyperscanDatabase;

/**
 * The database of {@link PatternSet#shortAnchors}, one for the whole process: it is the same for
 * every tenant, is compiled in a millisecond and never freed.
 */
final class ShortAnchors {
  private static HyperscanDatabase database;

  private ShortAnchors() {}

  /**
   * Compiles when called first; null when the built-in rules have no such anchors.
   *
   * @throws ClassifierException when Hyperscan cannot be used
   */
  static synchronized HyperscanDatabase database() throws ClassifierException {
    if (database == null && !PatternSet.shortAnchors().isEmpty()) {
      database = HyperscanDatabase.compile(PatternSet.shortAnchors());
    }
    return database;
  }
}
