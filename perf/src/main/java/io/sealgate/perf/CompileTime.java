package io.sealgate.perf;

import io.sealgate.classify.Classifier;
import io.sealgate.classify.TenantRules;
import io.sealgate.classify.finding.ClassifierException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How long a new JVM takes until the built-in packs are read and compiled.
 *
 * @param coldNanos without a cache
 * @param cachedNanos with the databases cached on disk
 */
record CompileTime(double coldNanos, double cachedNanos) {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int RUNS = 3;

  static CompileTime measure() throws BenchException {
    try (WorkDirectory work = WorkDirectory.in(Path.of(System.getProperty("java.io.tmpdir")))) {
      final Path cache = work.path().resolve("cache");
      double cold = Double.MAX_VALUE;
      double cached = Double.MAX_VALUE;
      one(work.path().resolve("fill"), List.of(cache.toString()));
      for (int run = 0; run < RUNS; run++) {
        cold = Math.min(cold, one(work.path().resolve("cold" + run), List.of()));
        cached =
            Math.min(cached, one(work.path().resolve("cached" + run), List.of(cache.toString())));
      }
      return new CompileTime(cold, cached);
    } catch (final IOException failed) {
      throw new BenchException("cannot use temporary files: " + failed.getMessage(), failed);
    }
  }

  private static double one(final Path answer, final List<String> cache) throws BenchException {
    final List<String> arguments = new ArrayList<>(List.of(answer.toString()));
    arguments.addAll(cache);
    try (ChildProcess child =
        ChildProcess.java(
            "the compiler",
            List.of(),
            CompileTime.class,
            arguments,
            answer.resolveSibling(answer.getFileName() + ".log"))) {
      return Double.parseDouble(child.awaitFile(answer, LIMIT));
    }
  }

  /** Arguments: file that gets the nanoseconds, then the cache's folder if there is to be one. */
  public static void main(final String[] args) throws ClassifierException, IOException {
    final Optional<Path> cache = args.length > 1 ? Optional.of(Path.of(args[1])) : Optional.empty();
    final long start = System.nanoTime();
    Classifier.compile(new TenantRules(List.of(), List.of()), cache).close();
    ReadyFile.write(Path.of(args[0]), Long.toString(System.nanoTime() - start));
    ReadyFile.awaitEndOfInput();
  }
}
