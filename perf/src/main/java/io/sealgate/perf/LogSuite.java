package io.sealgate.perf;

import io.sealgate.log.SignatureChecker;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.store.DataVerifier;
import io.sealgate.log.verify.VerifyOptions;
import io.sealgate.log.verify.VerifyReport;
import io.sealgate.perf.seal.SealFailure;
import io.sealgate.perf.seal.SealLoad;
import io.sealgate.perf.seal.SealResult;
import io.sealgate.signer.HostSignatures;
import io.sealgate.signer.SignerConfig;
import io.sealgate.signer.SignerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs a signer in a process of its own on one volume, under loads of different rates. */
final class LogSuite {
  /** The JVM's compilers need about as long until the signer's loop is at its speed. */
  private static final Duration WARM_UP = Duration.ofSeconds(15);

  private static final int WARM_UP_PER_SECOND = 4_000;
  private static final int IN_FLIGHT_MAX = 16_384;
  private static final long STRACE_SECONDS = 3;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final Path STRACE = Path.of("/usr/bin/strace");

  /** What one volume gave. */
  record Volume(
      String title,
      Machine machine,
      SealResult single,
      SealResult rated,
      SealResult saturated,
      OptionalDouble flushesPerBatch,
      Verified verified,
      LogBaselines baselines) {}

  /**
   * What verifying the log took.
   *
   * @param perSecond records, as {@code sealgate verify} does it
   * @param perSecondJdk records, as the auditor's jar does it, with nothing but the JDK
   */
  record Verified(long records, long checkpoints, double perSecond, double perSecondJdk) {}

  /** How long and how fast. */
  record Options(Duration measured, int singlePerSecond, int ratedPerSecond) {}

  private final Options options;
  private final Consumer<String> progress;

  private LogSuite(final Options options, final Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  /** Runs the suite on a volume; leaves no process and no file behind. */
  static Volume run(
      final String title,
      final Path directory,
      final Options options,
      final Consumer<String> progress)
      throws BenchException, InterruptedException {
    try (WorkDirectory work = WorkDirectory.in(directory);
        WorkDirectory shared = WorkDirectory.in(Path.of("/dev/shm"))) {
      return new LogSuite(options, progress).measure(title, work, shared);
    } catch (final IOException failed) {
      throw new BenchException("the suite cannot use its files: " + failed.getMessage(), failed);
    }
  }

  private Volume measure(final String title, final WorkDirectory work, final WorkDirectory shared)
      throws BenchException, IOException, InterruptedException {
    progress.accept(title + ": measuring what is sealed by other means");
    final LogBaselines baselines = LogBaselines.measure(work.make("baselines"));
    final Path data = work.path().resolve("data");
    final Path aeron = shared.path().resolve("aeron");
    final SealResult single;
    final SealResult rated;
    final SealResult saturated;
    final OptionalDouble flushes;
    try (ChildProcess signer = signer(work.path(), aeron, SignerConfig.MODULE_AUTO);
        SealLoad load = SealLoad.connect(aeron)) {
      progress.accept(title + ": warming up");
      load.atRate(WARM_UP_PER_SECOND, WARM_UP);
      progress.accept(title + ": " + options.singlePerSecond() + " records a second");
      single = load.atRate(options.singlePerSecond(), options.measured());
      progress.accept(title + ": " + options.ratedPerSecond() + " records a second");
      rated = load.atRate(options.ratedPerSecond(), options.measured());
      progress.accept(title + ": as fast as it can");
      saturated = load.saturate(IN_FLIGHT_MAX, options.measured());
      progress.accept(title + ": counting flushes");
      flushes = flushesPerBatch(signer, load, work.path().resolve("strace.out"));
    } catch (final SealFailure failed) {
      throw new BenchException(title + ": " + failed.getMessage(), failed);
    }
    progress.accept(title + ": verifying the log");
    return new Volume(
        title,
        Machine.of(work.path()),
        single,
        rated,
        saturated,
        flushes,
        verified(data),
        baselines);
  }

  private static ChildProcess signer(final Path work, final Path aeron, final String module)
      throws BenchException {
    final Path data = work.resolve("data");
    return ChildProcess.java(
        "the signer",
        List.of(),
        SignerProcess.environment(BenchSigner.config(data, aeron, module)),
        BenchSigner.class,
        List.of(data.toString(), aeron.toString(), module),
        work.resolve("signer.log"));
  }

  /** The rated load with a token that is as slow as a real one; empty without a C compiler. */
  static Optional<SealResult> runSlowToken(
      final Path directory, final Options options, final Consumer<String> progress)
      throws BenchException, InterruptedException {
    try (WorkDirectory work = WorkDirectory.in(directory);
        WorkDirectory shared = WorkDirectory.in(Path.of("/dev/shm"))) {
      final Optional<Path> module = SlowToken.in(work.path());
      if (module.isEmpty()) {
        return Optional.empty();
      }
      final Path aeron = shared.path().resolve("aeron");
      try (ChildProcess _ = signer(work.path(), aeron, module.get().toString());
          SealLoad load = SealLoad.connect(aeron)) {
        progress.accept("slow token: " + options.ratedPerSecond() + " records a second");
        load.atRate(WARM_UP_PER_SECOND, WARM_UP);
        return Optional.of(load.atRate(options.ratedPerSecond(), options.measured()));
      } catch (final SealFailure failed) {
        throw new BenchException("slow token: " + failed.getMessage(), failed);
      }
    } catch (final IOException failed) {
      throw new BenchException("the suite cannot use its files: " + failed.getMessage(), failed);
    }
  }

  /** Flushes of the signer during a load, by batch; empty without strace. */
  private OptionalDouble flushesPerBatch(
      final ChildProcess signer, final SealLoad load, final Path out)
      throws SealFailure, IOException, InterruptedException {
    if (!Files.isExecutable(STRACE)) {
      return OptionalDouble.empty();
    }
    final Process trace =
        new ProcessBuilder(
                STRACE.toString(),
                "-f",
                "-qq",
                "-e",
                "trace=fdatasync,fsync,msync",
                "-o",
                out.toString(),
                "-p",
                Long.toString(signer.pid()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      // Attached once it has something to say.
      load.atRate(options.singlePerSecond(), Duration.ofSeconds(1));
      final long before = flushes(out);
      final SealResult traced =
          load.atRate(options.singlePerSecond(), Duration.ofSeconds(STRACE_SECONDS));
      final long after = flushes(out);
      return before == 0
          ? OptionalDouble.empty()
          : OptionalDouble.of((double) (after - before) / traced.batches());
    } finally {
      trace.destroy();
      trace.waitFor(STRACE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static long flushes(final Path trace) throws IOException {
    return Files.exists(trace)
        ? Files.readAllLines(trace, StandardCharsets.UTF_8).stream()
            .filter(line -> line.contains("sync(") && !line.contains("resumed"))
            .count()
        : 0;
  }

  private static Verified verified(final Path data) throws BenchException {
    try (HostSignatures signatures = new HostSignatures()) {
      // Warms up; what is reported is a verifier's second log, or any that is long.
      verify(data, signatures);
      final long start = System.nanoTime();
      final VerifyReport report = verify(data, signatures);
      final long end = System.nanoTime();
      verify(data, SignatureChecker.JDK);
      final long endJdk = System.nanoTime();
      return new Verified(
          report.records(),
          report.checkpoints(),
          report.records() * NANOS_PER_SECOND / (end - start),
          report.records() * NANOS_PER_SECOND / (endJdk - end));
    } catch (final IOException failed) {
      throw new BenchException("the log cannot be verified: " + failed.getMessage(), failed);
    }
  }

  private static VerifyReport verify(final Path data, final SignatureChecker signatures)
      throws IOException, BenchException {
    final VerifyReport report =
        DataVerifier.verify(
            data,
            new VerifyOptions(
                TrustPolicy.read(DataVerifier.trustFile(data)),
                false,
                null,
                List.of(),
                signatures));
    if (!report.ok()) {
      throw new BenchException("the log does not verify: " + report);
    }
    return report;
  }
}
