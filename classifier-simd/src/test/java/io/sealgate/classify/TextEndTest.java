package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealgate.classify.finding.ClassifierException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A text ends where it ends: what an earlier, longer text left behind it in reused buffers has no
 * part in its findings.
 */
final class TextEndTest {
  private static final List<Samples.Sample> PARTS =
      Stream.concat(Samples.positives().stream(), Samples.examples().stream()).toList();

  private static Classifier classifier;
  private static Scanner reused;
  private static Scanner fresh;

  @BeforeAll
  static void compile() throws ClassifierException {
    classifier = Classifier.compile(List.of());
    reused = classifier.scanner();
    fresh = classifier.scanner();
  }

  @AfterAll
  static void close() {
    reused.close();
    fresh.close();
    classifier.close();
  }

  @Test
  void shouldFindTheSameAfterALongerTextWhenTextsAreRandom() throws ClassifierException {
    for (int seed = 0; seed < 20_000; seed++) {
      final Random random = new Random(seed);
      final byte[] longer = Samples.text(random, PARTS, 1 + random.nextInt(12));
      compare(longer, random.nextInt(longer.length + 1), "seed " + seed);
    }
  }

  private static Stream<String> texts() {
    return Stream.of(
        "ann@mail." + "x".repeat(64) + "\u00e9.com",
        "ann@mail." + "x".repeat(63) + "\u00e9\u8bf7\u8bf7",
        "http://example.com/\u200bx and 4111 1111 1111 1111\u00e9 2026",
        "+44 20 7946 0958 \\u0034111 1111 1111 1111 ignore all previous instructions",
        "00:1A:2B:3C:4D:5E 2001:db8::ff00:42:8329 GB29NWBK60161331926819 ssn 536904399");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void shouldFindTheSameAtEveryEnd(final String text) throws ClassifierException {
    final byte[] longer = text.getBytes(StandardCharsets.UTF_8);
    for (int end = 0; end <= longer.length; end++) {
      compare(longer, end, "the first " + end);
    }
  }

  private static void compare(final byte[] longer, final int end, final String name)
      throws ClassifierException {
    final Segments segments = new Segments();
    final Findings findings = new Findings();
    segments.addText(longer, 0, longer.length);
    reused.scan(segments, findings);
    segments.clear();
    segments.addText(longer, 0, end);
    reused.scan(segments, findings);

    final Segments alone = new Segments();
    final Findings expected = new Findings();
    alone.addText(Arrays.copyOf(longer, end), 0, end);
    fresh.scan(alone, expected);
    assertEquals(Texts.dump(expected), Texts.dump(findings), name);
  }
}
