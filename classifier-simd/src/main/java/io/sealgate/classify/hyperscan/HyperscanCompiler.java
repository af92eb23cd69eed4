package io.sealgate.classify.hyperscan;

import io.sealgate.classify.finding.ClassifierException;
import java.util.List;
import java.util.Optional;

/**
 * Where databases come from: the cache, this process, or a process of their own for expressions
 * that could take long or much. Safe for any thread.
 */
public final class HyperscanCompiler {
  private final Optional<DatabaseCache> cache;
  private final CompilerLimits limits;

  /**
   * @param cache where compiled databases are looked up and kept
   */
  public HyperscanCompiler(final Optional<DatabaseCache> cache) {
    this(cache, CompilerLimits.DEFAULT);
  }

  /**
   * @param limits of a compilation in a process of its own
   */
  public HyperscanCompiler(final Optional<DatabaseCache> cache, final CompilerLimits limits) {
    this.cache = cache;
    this.limits = limits;
  }

  /**
   * The database of these expressions; the caller holds the first reference.
   *
   * @param isolate whether to compile in a process that is ended when it takes too long or too much
   * @throws ClassifierException naming the expression that is refused, and why
   */
  public HyperscanDatabase compile(
      final List<HyperscanDatabase.Expression> expressions, final boolean isolate)
      throws ClassifierException {
    if (cache.isPresent()) {
      final Optional<HyperscanDatabase> kept = cache.get().load(expressions);
      if (kept.isPresent()) {
        return kept.get();
      }
    }
    if (!isolate) {
      final HyperscanDatabase database = HyperscanDatabase.compile(expressions);
      if (cache.isPresent()) {
        cache.get().store(expressions, Hyperscan.serialize(database.address()));
      }
      return database;
    }
    final byte[] serialized = new CompilerProcess(limits).compile(expressions);
    final long database = Hyperscan.deserialize(serialized);
    if (database == 0) {
      throw new ClassifierException("the compiler's process answered for another processor");
    }
    if (cache.isPresent()) {
      cache.get().store(expressions, serialized);
    }
    return HyperscanDatabase.of(database);
  }
}
