package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.FindingTypes;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamClassifierTest {
  private static final List<TenantPattern> KEYWORDS =
      List.of(
          new TenantPattern("harbour", "harbour office", false, false),
          new TenantPattern("row", "aa", false, true),
          new TenantPattern("sevens", "7777", false, true));

  private static final List<Samples.Sample> SAMPLES = Samples.positives();

  /** The same and all examples, to make texts of. */
  private static final List<Samples.Sample> PARTS =
      Stream.concat(SAMPLES.stream(), Samples.examples().stream()).toList();

  private static Classifier classifier;
  private static Scanner scanner;

  @BeforeAll
  static void compile() throws ClassifierException {
    classifier = Classifier.compile(KEYWORDS);
    scanner = classifier.scanner();
  }

  @AfterAll
  static void close() {
    scanner.close();
    classifier.close();
  }

  @Test
  void shouldFindTheSameWhenTextsAreSplitAtRandom() throws ClassifierException {
    compareRandom(0, 10_000);
  }

  @Test
  @Tag("long")
  void shouldFindTheSameWhenManyTextsAreSplitAtRandom() throws ClassifierException {
    compareRandom(1_000_000, 1_000_000);
  }

  private static void compareRandom(final int firstSeed, final int texts)
      throws ClassifierException {
    for (int seed = firstSeed; seed < firstSeed + texts; seed++) {
      final Random random = new Random(seed);
      final byte[] text = Samples.text(random, PARTS, 1 + random.nextInt(24));
      final int most = 1 << random.nextInt(10);
      compare(text, random, most, "seed " + seed);
    }
  }

  @Test
  void shouldFindTheSameAtEverySplitPoint() throws ClassifierException {
    for (int seed = 0; seed < 60; seed++) {
      final byte[] text = Samples.text(new Random(seed), PARTS, 6);
      final String expected = block(text);
      for (int split = 0; split <= Math.min(text.length, 400); split++) {
        final Findings findings = new Findings();
        final StreamClassifier stream = new StreamClassifier(scanner);
        stream.push(text, 0, split, findings);
        stream.push(text, split, text.length - split, findings);
        stream.finish(findings);
        final int at = split;
        final int from = seed;
        assertEquals(expected, Texts.dump(findings), () -> "seed " + from + " split at " + at);
      }
    }
  }

  @Test
  void shouldFindEverySampleWhenItComesByteByByte() throws ClassifierException {
    for (final Samples.Sample sample : SAMPLES) {
      for (final Disguise disguise : Disguise.values()) {
        final String written = disguise.write(sample.text());
        final byte[] text = Texts.utf8("It is " + written + " he said. ".repeat(20));
        assertEquals(
            FindingTypes.name(sample.type()) + " 6-" + (6 + Texts.utf8(written).length),
            Texts.dump(stream(text, new Random(1), 1, ""))
                .replaceAll(" [0-9]+ [A-Z_]+ -?[0-9]+\n", ""),
            () -> sample + " " + disguise);
      }
    }
  }

  @Test
  void shouldFindTheSameWhenTheTextIsLong() throws ClassifierException {
    for (int seed = 0; seed < 3; seed++) {
      final Random random = new Random(seed);
      final byte[] text = Samples.text(random, PARTS, 30_000);
      assertTrue(text.length > 512 * 1024, "long enough for the pieces of the block scan");
      compare(text, random, 16 << 4 * seed, "seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "4111 ",
        "4111 1111 1111 1111 ",
        "@",
        "a@b.co",
        "a",
        "\u200b",
        "\u0301",
        "\\",
        "\\u005c",
        "&amp;",
        "%25",
        "\u0430",
        "\uff11",
        "QUJD",
        "1:",
        "+1 415 555 2671,",
        "-----BEG" + "IN PRIVATE KEY-----",
        "ey" + "JhbGciOiJIUzI1NiJ9."
      })
  void shouldFindTheSameWhenOnePatternGoesOnAndOn(final String pattern) throws ClassifierException {
    final byte[] unit = Texts.utf8(pattern);
    final byte[] text = new byte[unit.length * (100_000 / unit.length)];
    for (int i = 0; i < text.length; i++) {
      text[i] = unit[i % unit.length];
    }
    compare(text, new Random(2), 400, pattern);
  }

  @Test
  void shouldHoldAllWhenAnExpressionMayMatchAnything() throws ClassifierException {
    final var patterns = List.of(new TenantPattern("r", "(?s)from here.*", true, true));
    try (Classifier own = Classifier.compile(patterns);
        Scanner ownScanner = own.scanner()) {
      final byte[] text = Texts.utf8("so from here\non and on");
      final Findings findings = new Findings();
      final StreamClassifier stream = new StreamClassifier(ownScanner);
      for (final byte b : text) {
        stream.push(new byte[] {b}, 0, 1, findings);
        assertEquals(0, stream.releasable());
      }
      stream.finish(findings);
      assertEquals(
          "TENANT_PATTERN 3-" + text.length + " 1000000 PATTERN 0\n", Texts.dump(findings));
      assertEquals(text.length, stream.releasable());

      final StreamClassifier full = new StreamClassifier(ownScanner);
      full.push(new byte[StreamClassifier.WHOLE_BYTES_MAX], 0, 1 << 20, findings);
      final var refused =
          assertThrows(ClassifierException.class, () -> full.push(text, 0, 1, findings));
      assertTrue(refused.getMessage().contains("1048576"), refused.getMessage());
    }
  }

  @Test
  void shouldHoldBackLittleWhenNothingIsUnderWay() throws ClassifierException {
    final byte[] prose =
        Texts.utf8("The clerk who keeps the book writes down every boat. ".repeat(40));
    final StreamClassifier stream = new StreamClassifier(scanner);
    final Findings findings = new Findings();
    for (int i = 0; i < prose.length; i++) {
      stream.push(prose, i, 1, findings);
      assertTrue(i + 1 - stream.releasable() <= 32, "held " + (i + 1 - stream.releasable()));
    }
  }

  @Test
  void shouldRefuseMoreWhenItIsFinished() throws ClassifierException {
    final StreamClassifier stream = new StreamClassifier(scanner);
    final Findings findings = new Findings();
    stream.finish(findings);
    assertThrows(IllegalStateException.class, () -> stream.finish(findings));
    assertThrows(IllegalStateException.class, () -> stream.push(new byte[1], 0, 1, findings));
  }

  private static void compare(
      final byte[] text, final Random random, final int most, final String name)
      throws ClassifierException {
    assertEquals(block(text), Texts.dump(stream(text, random, most, name)), name);
  }

  /** Pushes of 1 to {@code most} bytes; checks what is said to be releasable. */
  private static Findings stream(
      final byte[] text, final Random random, final int most, final String name)
      throws ClassifierException {
    final Findings findings = new Findings();
    final StreamClassifier stream = new StreamClassifier(scanner);
    int from = 0;
    int released = 0;
    while (from < text.length) {
      final int bytes = Math.min(text.length - from, 1 + random.nextInt(most));
      final int known = findings.size();
      // Never the caller's whole array, so that reading around the piece would show.
      stream.push(Arrays.copyOfRange(text, from, from + bytes), 0, bytes, findings);
      from += bytes;
      for (int i = known; i < findings.size(); i++) {
        assertTrue(findings.start(i) >= released, name);
        assertTrue(findings.start(i) < stream.releasable(), name);
      }
      assertTrue(stream.releasable() >= released && stream.releasable() <= from, name);
      released = stream.releasable();
    }
    final int known = findings.size();
    stream.finish(findings);
    for (int i = known; i < findings.size(); i++) {
      assertTrue(findings.start(i) >= released, name);
    }
    assertEquals(text.length, stream.releasable(), name);
    return findings;
  }

  private static String block(final byte[] text) throws ClassifierException {
    final Segments segments = new Segments();
    segments.addText(text, 0, text.length);
    final Findings findings = new Findings();
    scanner.scan(segments, findings);
    return Texts.dump(findings);
  }
}
