package io.sealgate.gateway.call;

import io.sealgate.classify.Classifier;
import io.sealgate.classify.Scanner;
import io.sealgate.classify.TenantPattern;
import io.sealgate.classify.TenantRules;
import io.sealgate.classify.find.PhoneRegions;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.policy.PolicyPattern;
import io.sealgate.policy.Snapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One organisation's rules as they are in force: a snapshot, and the classifier that knows its
 * patterns, with one scanner for each event loop. Built off the path of calls and swapped whole.
 */
public final class ActiveRules {
  private final Snapshot snapshot;
  private final Classifier classifier;
  private final Scanner[] scanners;

  private ActiveRules(
      final Snapshot snapshot, final Classifier classifier, final Scanner[] scanners) {
    this.snapshot = snapshot;
    this.classifier = classifier;
    this.scanners = scanners;
  }

  /**
   * Compiles the classifier for a snapshot.
   *
   * @param loops the number of event loops that will scan
   * @param phoneRegions whose national phone numbers are found
   * @param cacheFolder where compiled patterns are kept for the next start
   */
  public static ActiveRules of(
      final Snapshot snapshot,
      final int loops,
      final PhoneRegions phoneRegions,
      final Path cacheFolder)
      throws ClassifierException {
    final List<TenantPattern> patterns =
        snapshot.patterns().stream().map(ActiveRules::tenantPattern).toList();
    final Classifier classifier =
        Classifier.compile(
            new TenantRules(patterns, List.of()).withPhoneRegions(phoneRegions),
            Optional.of(cacheFolder));
    final Scanner[] scanners = new Scanner[loops];
    try {
      for (int loop = 0; loop < loops; loop++) {
        scanners[loop] = classifier.scanner();
      }
    } catch (final ClassifierException e) {
      for (final Scanner scanner : scanners) {
        if (scanner != null) {
          scanner.close();
        }
      }
      classifier.close();
      throw e;
    }
    return new ActiveRules(snapshot, classifier, scanners);
  }

  private static TenantPattern tenantPattern(final PolicyPattern pattern) {
    return new TenantPattern(pattern.name(), pattern.expression(), pattern.regex(), false);
  }

  /** The rules. */
  public Snapshot snapshot() {
    return snapshot;
  }

  Classifier classifier() {
    return classifier;
  }

  Scanner scanner(final int loop) {
    return scanners[loop];
  }

  /** Called on the loop itself, once it has seen the rules that replace these. */
  void retire(final int loop) {
    scanners[loop].close();
  }

  /** Frees the classifier, once every loop has retired its scanner. */
  public void close() {
    classifier.close();
  }

  /** Frees everything of rules that no loop scans with (any more). */
  public void discard() {
    for (final Scanner scanner : scanners) {
      scanner.close();
    }
    classifier.close();
  }
}
