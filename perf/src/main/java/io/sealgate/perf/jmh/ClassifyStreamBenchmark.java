package io.sealgate.perf.jmh;

import io.sealgate.classify.Classifier;
import io.sealgate.classify.Findings;
import io.sealgate.classify.Scanner;
import io.sealgate.classify.StreamClassifier;
import io.sealgate.classify.finding.ClassifierException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One delta of a streamed answer, of eight bytes; every 16 KiB an answer ends and another begins.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ClassifyStreamBenchmark {
  private static final int DELTA_BYTES = 8;

  /** What the answers say. */
  @Param({"PROSE_16_KIB", "CODE_16_KIB"})
  public ClassifyBenchmark.Text text;

  private final Findings findings = new Findings();
  private Classifier classifier;
  private Scanner scanner;
  private StreamClassifier stream;
  private byte[] utf8;
  private int at;

  /** Compiles the built-in rules. */
  @Setup
  public void compile() throws ClassifierException {
    classifier = Classifier.compile(List.of());
    scanner = classifier.scanner();
    stream = new StreamClassifier(scanner);
    utf8 = text.utf8();
  }

  /** Frees the native parts. */
  @TearDown
  public void close() {
    scanner.close();
    classifier.close();
  }

  /** Pushes the next delta; returns how much may be released. */
  @Benchmark
  public int push() throws ClassifierException {
    if (at == utf8.length) {
      stream.finish(findings);
      findings.clear();
      stream = new StreamClassifier(scanner);
      at = 0;
    }
    stream.push(utf8, at, DELTA_BYTES, findings);
    at += DELTA_BYTES;
    return stream.releasable();
  }
}
