package io.sealgate.perf.jmh;

import io.sealgate.classify.Classifier;
import io.sealgate.classify.ClassifierException;
import io.sealgate.classify.Findings;
import io.sealgate.classify.Scanner;
import io.sealgate.classify.Segments;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * One text classified, from its bytes to its findings. Beside it the usual way, one alternation of
 * regular expressions over a String, and the least that any scan costs, one pass over the memory.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ClassifyBenchmark {
  private static final String PROSE =
      """
      The harbour office opens when the tide allows it, and the clerk who keeps the book writes \
      down every boat that passes the bar. Some days there are many, on others none. He knows most \
      of the captains by name and asks each of them about the weather, the catch and the family. \
      When the wind goes round to the west the smaller boats come back early and are moored along \
      the inner wall, where the carpenter looks at their planks. In the evening the lamps are lit, \
      the nets are hung up to dry, and somebody tells a story that everybody has heard before.
      """;

  /** What a first attempt at the same task looks like, one group a type. */
  private static final Pattern ALTERNATION =
      Pattern.compile(
          "([A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,})"
              + "|(\\b(?:\\d[ -]?){12,18}\\d\\b)"
              + "|(\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b)"
              + "|(\\b\\d{3}-\\d{2}-\\d{4}\\b)"
              + "|(\\b(?:\\d{1,3}\\.){3}\\d{1,3}\\b)"
              + "|((?:\\+\\d{1,3}[ -]?)?\\(?\\d{3}\\)?[ -]?\\d{3}[ -]?\\d{4}\\b)"
              + "|(\\bAKIA[A-Z0-9]{16}\\b)"
              + "|(\\bgh[pousr]_[A-Za-z0-9]{36}\\b)"
              + "|(-----BEGIN [A-Z ]*PRIVATE KEY-----)");

  /** Text that is classified. */
  public enum Text {
    /** 16 KiB of prose, nothing to be found. */
    PROSE_16_KIB(16_384, ""),
    /** 1 KiB of prose, nothing to be found. */
    PROMPT_1_KIB(1_024, ""),
    /** 1 KiB of prose with an address in it. */
    PROMPT_WITH_ADDRESS(1_024, " write to the.clerk@harbour-office.com today ");

    private final int bytes;
    private final String inserted;

    Text(final int bytes, final String inserted) {
      this.bytes = bytes;
      this.inserted = inserted;
    }

    byte[] utf8() {
      final String prose = PROSE.repeat(bytes / PROSE.length() + 1);
      final int half = bytes / 2;
      final String text = prose.substring(0, half) + inserted + prose.substring(half);
      return text.substring(0, bytes).getBytes(StandardCharsets.US_ASCII);
    }

    int findings() {
      return inserted.isEmpty() ? 0 : 1;
    }
  }

  /** The text. */
  @Param public Text text;

  private final Segments segments = new Segments();
  private final Findings findings = new Findings();
  private Classifier classifier;
  private Scanner scanner;
  private byte[] utf8;
  private MemorySegment memory;
  private MemorySegment copy;

  /** Compiles the built-in rules and checks that both ways find what there is. */
  @Setup
  public void compile() throws ClassifierException {
    classifier = Classifier.compile(List.of());
    scanner = classifier.scanner();
    utf8 = text.utf8();
    memory = MemorySegment.ofArray(utf8);
    copy = MemorySegment.ofArray(utf8.clone());
    final int found = classify();
    final int matched = regularExpressions();
    if (found != text.findings() || matched != text.findings()) {
      throw new IllegalStateException(
          text + ": " + found + " findings and " + matched + " matches, not " + text.findings());
    }
  }

  /** Frees the native parts. */
  @TearDown
  public void close() {
    scanner.close();
    classifier.close();
  }

  /** The product's way; returns the number of findings. */
  @Benchmark
  public int classify() throws ClassifierException {
    segments.clear();
    segments.addText(utf8, 0, utf8.length);
    scanner.scan(segments, findings);
    return findings.size();
  }

  /** java.util.regex, the decoding of the bytes included; returns the number of matches. */
  @Benchmark
  public int regularExpressions() {
    final Matcher matcher = ALTERNATION.matcher(new String(utf8, StandardCharsets.UTF_8));
    int matches = 0;
    while (matcher.find()) {
      matches++;
    }
    return matches;
  }

  /** A vectorised pass over the text and an equal copy of it. */
  @Benchmark
  public long memoryPass() {
    return memory.mismatch(copy);
  }
}
