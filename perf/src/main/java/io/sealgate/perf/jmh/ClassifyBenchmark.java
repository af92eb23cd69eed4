package io.sealgate.perf.jmh;

import io.sealgate.classify.Classifier;
import io.sealgate.classify.Findings;
import io.sealgate.classify.Scanner;
import io.sealgate.classify.Segments;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.hyperscan.HyperscanDatabase;
import io.sealgate.classify.hyperscan.HyperscanScan;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
 * One text classified, from its bytes to its findings. Beside it two usual ways, the same types as
 * regular expressions of the JDK and of Hyperscan without any validator, and the least that any
 * scan costs, one pass over the memory.
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

  private static final String CODE =
      """
      public static int checksum(final byte[] data, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i += 2) {
          final int word = (data[i] & 0xFF) << 8 | (data[i + 1] & 0xFF);
          sum += word;
          if (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + 1; // carry
          }
        }
        log.debug("summed {} bytes:\\t{}\\n", to - from, ~sum & 0xFFFF);
        return ~sum & 0xFFFF;
      }
      """;

  private static final String JSON =
      """
      {"id": 8121, "name": "harbour", "tags": ["tide", "west", "inner wall"], "open": true,
       "berths": [{"no": 1, "metres": 12.5, "free": false}, {"no": 2, "metres": 9.75, "free": true}],
       "note": "the clerk keeps the book\\nand writes \\"down\\" every boat"}
      """;

  /** Text that is classified. */
  public enum Text {
    /** 16 KiB of prose, nothing to be found. */
    PROSE_16_KIB(PROSE, 16_384, 0),
    /** 16 KiB of source code with escapes in its strings, nothing to be found. */
    CODE_16_KIB(CODE, 16_384, 0),
    /** 16 KiB of JSON as text, numbers and escapes in it, nothing to be found. */
    JSON_16_KIB(JSON, 16_384, 0),
    /** 16 KiB of prose with an address in every KiB. */
    ADDRESSES_16_KIB(PROSE, 16_384, 16),
    /** 1 KiB of prose, nothing to be found. */
    PROMPT_1_KIB(PROSE, 1_024, 0),
    /** 1 KiB of prose with an address in it. */
    PROMPT_WITH_ADDRESS(PROSE, 1_024, 1);

    private static final String ADDRESS = " write to the.clerk@harbour-office.com today ";

    private final String repeated;
    private final int bytes;
    private final int addresses;

    Text(final String repeated, final int bytes, final int addresses) {
      this.repeated = repeated;
      this.bytes = bytes;
      this.addresses = addresses;
    }

    /** Its length in UTF-8. */
    public int bytes() {
      return bytes;
    }

    byte[] utf8() {
      final StringBuilder text = new StringBuilder(bytes);
      final String plain = repeated.repeat(bytes / repeated.length() + 1);
      final int part = bytes / Math.max(1, addresses);
      while (text.length() < bytes) {
        final String address = addresses > 0 ? ADDRESS : "";
        text.append(plain, 0, part - address.length()).append(address);
      }
      return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    int findings() {
      return addresses;
    }
  }

  /** The text. */
  @Param public Text text;

  private final Segments segments = new Segments();
  private final Findings findings = new Findings();
  private Classifier classifier;
  private Scanner scanner;
  private final List<Pattern> patterns = new ArrayList<>();
  private HyperscanDatabase database;
  private HyperscanScan hyperscan;
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
    if (found != text.findings()) {
      throw new IllegalStateException(text + ": " + found + " findings, not " + text.findings());
    }
    final List<HyperscanDatabase.Expression> expressions = new ArrayList<>();
    for (final BaselinePatterns.Typed typed : BaselinePatterns.all()) {
      patterns.add(Pattern.compile(typed.regex()));
      expressions.add(new HyperscanDatabase.Expression(typed.type(), typed.regex(), 0));
    }
    database = HyperscanDatabase.compile(expressions);
    hyperscan = new HyperscanScan(expressions.size(), database);
    if (regularExpressions() < text.findings() || hyperscanExpressions() < text.findings()) {
      throw new IllegalStateException(text + ": a baseline finds less than there is");
    }
  }

  /** Frees the native parts. */
  @TearDown
  public void close() {
    scanner.close();
    classifier.close();
    hyperscan.close();
    database.release();
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
    final String decoded = new String(utf8, StandardCharsets.UTF_8);
    int matches = 0;
    for (final Pattern pattern : patterns) {
      final Matcher matcher = pattern.matcher(decoded);
      while (matcher.find()) {
        matches++;
      }
    }
    return matches;
  }

  /** The same expressions in one Hyperscan database; returns the number of matches. */
  @Benchmark
  public int hyperscanExpressions() throws ClassifierException {
    hyperscan.load(utf8, utf8.length);
    hyperscan.scan(database, 0, utf8.length, false);
    return hyperscan.count();
  }

  /** A vectorised pass over the text and an equal copy of it. */
  @Benchmark
  public long memoryPass() {
    return memory.mismatch(copy);
  }
}
