package io.sealgate.classify;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Built-in recognisers and one tenant's patterns, compiled. Immutable and safe for any thread;
 * every thread takes its own {@link Scanner}. Closing while scanners are open is safe: they go on
 * working, and the last one to close frees the native memory.
 */
public final class Classifier implements AutoCloseable {
  /** Changes whenever the built-in recognisers could find something else in the same text. */
  static final String BUILT_IN_RULES = "sealgate-rules-1";

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
   * Compiles; takes milliseconds for a few and up to seconds for thousands of patterns.
   *
   * @param patterns in the order in which {@link Findings#rule} counts them
   * @throws ClassifierException when a pattern is refused, which the message names, or Hyperscan
   *     cannot be used on this machine
   */
  public static Classifier compile(final List<TenantPattern> patterns) throws ClassifierException {
    final List<TenantPattern> copy = List.copyOf(patterns);
    final var set = new PatternSet(copy);
    final HyperscanDatabase literals = HyperscanDatabase.compile(set.literals());
    boolean complete = false;
    try {
      final HyperscanDatabase expressions =
          set.expressions().isEmpty() ? null : HyperscanDatabase.compile(set.expressions());
      complete = true;
      return new Classifier(set, literals, expressions, digest(copy));
    } finally {
      if (!complete) {
        literals.release();
      }
    }
  }

  /**
   * SHA-256 in lower-case hex over the engine's version, the version of the built-in rules and the
   * patterns in order. The same digest means the same findings in the same text.
   */
  public String digest() {
    return digest;
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

  private static String digest(final List<TenantPattern> patterns) {
    final MessageDigest sha;
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (final NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    update(sha, engineVersion());
    update(sha, BUILT_IN_RULES);
    for (final TenantPattern pattern : patterns) {
      update(sha, pattern.name());
      update(sha, pattern.expression());
      sha.update((byte) (pattern.regex() ? 1 : 0));
      sha.update((byte) (pattern.caseSensitive() ? 1 : 0));
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
