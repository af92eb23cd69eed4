package io.sealgate.classify;

import io.sealgate.classify.find.PhoneRegions;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.hyperscan.DatabaseCache;
import io.sealgate.classify.hyperscan.Hyperscan;
import io.sealgate.classify.hyperscan.HyperscanCompiler;
import io.sealgate.classify.hyperscan.HyperscanDatabase;
import io.sealgate.classify.hyperscan.HyperscanLibrary;
import io.sealgate.classify.pack.BuiltInPacks;
import io.sealgate.classify.pack.Pack;
import io.sealgate.classify.pack.PackCache;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Built-in recognisers and one tenant's patterns, compiled. Immutable and safe for any thread;
 * every thread takes its own {@link Scanner}. Closing while scanners are open is safe: they go on
 * working, and the last one to close frees the native memory.
 */
public final class Classifier implements AutoCloseable {
  /**
   * Changes whenever the code of the recognisers could find something else in the same text; what
   * the packs say has digests of its own.
   */
  static final String BUILT_IN_CODE = "sealgate-rules-4";

  private final PatternSet patterns;
  private final HyperscanDatabase literals;

  /** Null when no pattern needs it. */
  private final HyperscanDatabase expressions;

  private final String digest;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Classifier(
      final PatternSet patterns,
      final HyperscanDatabase literals,
      final HyperscanDatabase expressions,
      final String digest) {
    this.patterns = patterns;
    this.literals = literals;
    this.expressions = expressions;
    this.digest = digest;
  }

  /**
   * As {@link #compile(TenantRules, Optional)}, without topics and cache.
   *
   * @param patterns in the order in which {@link Findings#rule} counts them
   * @throws ClassifierException when a pattern is refused, which the message names, or Hyperscan
   *     cannot be used on this machine
   */
  public static Classifier compile(final List<TenantPattern> patterns) throws ClassifierException {
    return compile(new TenantRules(patterns, List.of()), Optional.empty());
  }

  /**
   * Compiles; takes milliseconds for a few and up to seconds for thousands of patterns. Patterns
   * whose compilation could take long are compiled in a second JVM, which is ended after 20 s and
   * 10 ms more for each, or at 1.5 GiB, so that no pattern can stop this process.
   *
   * @param rules patterns and topics in the order in which {@link Findings#rule} counts them
   * @param cacheFolder where compiled databases are kept for the next start; of this user alone,
   *     made when missing
   * @throws ClassifierException when a pattern is refused, which the message names, or Hyperscan
   *     cannot be used on this machine, or the folder cannot be used
   */
  public static Classifier compile(final TenantRules rules, final Optional<Path> cacheFolder)
      throws ClassifierException {
    HyperscanLibrary.startLinking();
    final Optional<DatabaseCache> cache =
        cacheFolder.isPresent()
            ? Optional.of(DatabaseCache.open(cacheFolder.get()))
            : Optional.empty();
    HyperscanLibrary.startLoading(cacheFolder);
    PackCache.keepIn(cacheFolder);
    final var set = new PatternSet(rules);
    // Found while the library loads; the first one takes milliseconds.
    final MessageDigest sha = sha256();
    final var compiler = new HyperscanCompiler(cache);
    final HyperscanDatabase literals = compiler.compile(set.literals(), set.literalsAreCostly());
    boolean complete = false;
    try {
      final HyperscanDatabase expressions =
          set.expressions().isEmpty()
              ? null
              : compiler.compile(set.expressions(), set.expressionsAreCostly());
      complete = true;
      return new Classifier(set, literals, expressions, digest(rules, sha));
    } finally {
      if (!complete) {
        literals.release();
      }
    }
  }

  /**
   * SHA-256 in lower-case hex over the engine's version, the version of the recognisers, the
   * digests of the built-in packs, the phone regions and the patterns in order. The same digest
   * means the same findings in the same text.
   */
  public String digest() {
    return digest;
  }

  /**
   * The name of a finding's rule: {@code pack/rule} of a built-in one, else the name that the
   * tenant gave.
   *
   * @param rule as {@link Findings#rule} has it
   */
  public String ruleName(final int rule) {
    return rule < 0 ? BuiltInPacks.ruleName(~rule) : patterns.ruleName(rule);
  }

  /** The matching engine and its version, for example {@code hyperscan 5.4.0 2021-03-31}. */
  public String engine() {
    return engineVersion();
  }

  /**
   * A scanner for one thread at a time, to be closed by the caller.
   *
   * @throws ClassifierException when native memory is short
   * @throws IllegalStateException when this classifier is closed
   */
  public Scanner scanner() throws ClassifierException {
    if (closed.get() || !literals.retain()) {
      throw closedException();
    }
    if (expressions != null && !expressions.retain()) {
      literals.release();
      throw closedException();
    }
    boolean complete = false;
    try {
      final var scanner = new Scanner(patterns, literals, expressions);
      complete = true;
      return scanner;
    } finally {
      if (!complete) {
        releaseDatabases(literals, expressions);
      }
    }
  }

  /** Idempotent. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      releaseDatabases(literals, expressions);
    }
  }

  /** Open scanners, plus one while this classifier is open. */
  int references() {
    return literals.references();
  }

  static void releaseDatabases(
      final HyperscanDatabase literals, final HyperscanDatabase expressions) {
    literals.release();
    if (expressions != null) {
      expressions.release();
    }
  }

  private static IllegalStateException closedException() {
    return new IllegalStateException("the classifier is closed");
  }

  private static String engineVersion() {
    return "hyperscan " + Hyperscan.version();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (final NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String digest(final TenantRules rules, final MessageDigest sha) {
    update(sha, engineVersion());
    update(sha, BUILT_IN_CODE);
    for (final Pack pack : BuiltInPacks.all()) {
      update(sha, pack.digest());
    }
    final PhoneRegions regions = rules.nationalPhones();
    update(sha, Integer.toString(regions.codes().size()));
    for (final String code : regions.codes()) {
      update(sha, code);
    }
    for (final TenantPattern pattern : rules.patterns()) {
      update(sha, pattern.name());
      update(sha, pattern.expression());
      sha.update((byte) (pattern.regex() ? 1 : 0));
      sha.update((byte) (pattern.caseSensitive() ? 1 : 0));
    }
    for (final TenantTopic topic : rules.topics()) {
      update(sha, topic.name());
      update(sha, Integer.toString(topic.threshold()));
      for (final TenantTopic.Word word : topic.words()) {
        update(sha, word.text());
        update(sha, Integer.toString(word.weight()));
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /** Length first, so that no two lists of strings give the same bytes. */
  private static void update(final MessageDigest sha, final String text) {
    final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int shift = 24; shift >= 0; shift -= 8) {
      sha.update((byte) (bytes.length >> shift));
    }
    sha.update(bytes);
  }
}
