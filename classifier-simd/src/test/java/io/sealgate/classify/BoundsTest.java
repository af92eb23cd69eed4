package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sealgate.classify.finding.ClassifierException;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Linear time and bounded memory for texts made to hurt; a scan that is not linear hangs here. */
@Timeout(120)
final class BoundsTest {
  private static final int TEXT_BYTES = 10 * 1024 * 1024;

  /** What a scan may allocate beside its buffers, which grow to a piece of a text. */
  private static final long ALLOCATED_BYTES_MAX = 64L * 1024 * 1024;

  private static final int ROUNDS_MAX = 30;
  private static final long STREAM_ALLOCATED_BYTES_MAX = 1024 * 1024;

  private static Classifier classifier;
  private static Scanner scanner;

  @BeforeAll
  static void compile() throws ClassifierException {
    classifier = Classifier.compile(List.of());
    scanner = classifier.scanner();
  }

  @AfterAll
  static void close() {
    scanner.close();
    classifier.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "@",
        "a",
        "\\",
        "%",
        "&",
        "&#",
        "&amp;",
        "%25",
        "\\u005c",
        "\\\\u005c",
        "\\ud83d",
        "\\u200b",
        "\u200b",
        "\u0301",
        "\u200b\u0301",
        "\uff17",
        "\ufdfa",
        "\u0430",
        "\u0430 ",
        "QUJD",
        ".",
        "ey" + "J",
        "-----BEG" + "IN ",
        "-----BEG" + "IN PRIVATE KEY-----",
        "T3Blb" + "kFJ"
      })
  void shouldReadTenMebibytesOfOnePattern(final String pattern) throws ClassifierException {
    final Segments segments = new Segments();
    final byte[] text = repeat(pattern, TEXT_BYTES);
    segments.addText(text, 0, text.length);
    final var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    // Vectors are objects until the loops are compiled, so the least of some rounds counts.
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS_MAX && least > ALLOCATED_BYTES_MAX; round++) {
      final long before = threads.getCurrentThreadAllocatedBytes();
      scanner.scan(segments, new Findings());
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least <= ALLOCATED_BYTES_MAX, least + " bytes for " + pattern);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "@", "\u200b", "QUJD", "\\", "\uff17", "a b ", "\u0301"})
  void shouldKeepLittleWhenAStreamIsLong(final String pattern) throws ClassifierException {
    final byte[] text = repeat(pattern, 1 << 20);
    final var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    // Vectors are objects until the loops are compiled, so the least of some rounds counts.
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS_MAX && least > STREAM_ALLOCATED_BYTES_MAX; round++) {
      final StreamClassifier stream = new StreamClassifier(scanner);
      final Findings findings = new Findings();
      final long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < text.length; i += 64) {
        stream.push(text, i, 64, findings);
      }
      stream.finish(findings);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      assertEquals(text.length, stream.releasable());
    }
    assertTrue(least <= STREAM_ALLOCATED_BYTES_MAX, least + " bytes for " + pattern);
  }

  @Test
  void shouldTakeEveryFindingWhenThereAreManyMoreThanInAPiece() throws ClassifierException {
    final int addresses = 200_000;
    final byte[] text = Texts.utf8("ann@example.com ".repeat(addresses));
    final Segments segments = new Segments();
    segments.addText(text, 0, text.length);
    final Findings findings = new Findings();
    scanner.scan(segments, findings);
    assertEquals(addresses, findings.size());
  }

  @Test
  void shouldAllocateNothingWhenAStreamHoldsNoFinding() throws ClassifierException {
    final var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    final byte[] text =
        Texts.utf8(
            "Caf\u00e9 \u2014 the 3 boats of 1999 leave, \\n as \u201cplanned\u201d. ".repeat(40));
    final StreamClassifier stream = new StreamClassifier(scanner);
    final Findings findings = new Findings();
    long fewest = Long.MAX_VALUE;
    for (int round = 0; round < 3_000 && fewest > 0; round++) {
      final long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i + 8 <= text.length; i += 8) {
        stream.push(text, i, 8, findings);
      }
      fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, findings.size());
    assertEquals(0, fewest);
  }

  private static byte[] repeat(final String pattern, final int bytes) {
    final byte[] unit = Texts.utf8(pattern);
    final byte[] text = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      text[i] = unit[i % unit.length];
    }
    return text;
  }
}
