package io.sealgate.classify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.pack.PackReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TenantTopicTest {
  private static final String PACK =
      """
      pack: acme
      version: 1
      rules:
        - id: names
          finder: keyword
          words: [Falcon, Osprey]
        - id: merger
          finder: topic
          words: {merger: 2, due diligence: 2, term sheet: 1, board: 1}
          threshold: 4
      """;

  @Test
  void shouldFindATopicWhenItsWordsReachTheThreshold() throws Exception {
    final TenantRules rules = TenantRules.of(List.of(PackReader.read("acme.yaml", PACK)));

    assertEquals(List.of("2:4-30"), find(rules, "the merger needs due diligence today"));
    assertEquals(List.of(), find(rules, "the merger, the merger, the merger"));
    assertEquals(List.of(), find(rules, "mergers need due diligence and boards"));
    assertEquals(List.of("2:0-28"), find(rules, "BOARD, Term Sheet and merger"));
    assertEquals(List.of("1:0-6"), find(rules, "osprey merger"));
  }

  @Test
  void shouldStayWithinReachWhenWordsAreFarApart() throws Exception {
    final TenantRules rules = topic(2, "alpha", "omega");
    final int gap = Reach.SPAN_BYTES_MAX - "alphaomega".length();

    assertEquals(1, find(rules, "alpha" + " ".repeat(gap) + "omega").size());
    assertEquals(0, find(rules, "alpha" + " ".repeat(gap + 1) + "omega").size());
    assertEquals(
        List.of("0:0-" + Reach.SPAN_BYTES_MAX),
        find(rules, "alpha" + " ".repeat(gap) + "omega" + " ".repeat(600) + "alpha"));
  }

  @Test
  void shouldAgreeWithBruteForceWhenWordsAreRandom() throws Exception {
    final TenantRules rules = topic(3, "aa", "bb", "cc", "dd");
    final var random = new Random(17);
    int total = 0;
    try (Classifier classifier = Classifier.compile(rules, Optional.empty());
        Scanner scanner = classifier.scanner()) {
      for (int round = 0; round < 2_000; round++) {
        final var text = new StringBuilder();
        for (int n = 1 + random.nextInt(12); n > 0; n--) {
          text.append(List.of("aa", "bb", "cc", "dd", "x").get(random.nextInt(5)));
          text.append(" ".repeat(1 + random.nextInt(random.nextBoolean() ? 3 : 250)));
        }
        final boolean expected = bruteForce(text.toString());
        assertEquals(expected, !find(scanner, text.toString()).isEmpty(), "round " + round);
        total += expected ? 1 : 0;
      }
    }
    assertTrue(total > 200 && total < 1_900, "both happen: " + total);
  }

  private static boolean bruteForce(final String text) {
    for (int from = 0; from < text.length(); from++) {
      final String part =
          text.substring(from, Math.min(text.length(), from + Reach.SPAN_BYTES_MAX));
      int words = 0;
      for (final String word : List.of("aa", "bb", "cc", "dd")) {
        words += part.contains(word) ? 1 : 0;
      }
      if (words >= 3) {
        return true;
      }
    }
    return false;
  }

  @Test
  void shouldRefuseATopicThatCanNeverBeFound() {
    assertThrows(ClassifierException.class, () -> find(topic(3, "a", "b"), "a b"));
    assertThrows(ClassifierException.class, () -> find(topic(0, "a"), "a"));
    assertThrows(ClassifierException.class, () -> find(topic(1, ""), "a"));
  }

  private static TenantRules topic(final int threshold, final String... words) {
    final List<TenantTopic.Word> all = new ArrayList<>();
    for (final String word : words) {
      all.add(new TenantTopic.Word(word, 1));
    }
    return new TenantRules(List.of(), List.of(new TenantTopic("topic", all, threshold)));
  }

  private static List<String> find(final TenantRules rules, final String text)
      throws ClassifierException {
    try (Classifier classifier = Classifier.compile(rules, Optional.empty());
        Scanner scanner = classifier.scanner()) {
      return find(scanner, text);
    }
  }

  private static List<String> find(final Scanner scanner, final String text)
      throws ClassifierException {
    final byte[] bytes = text.getBytes(UTF_8);
    final var segments = new Segments();
    segments.addText(bytes, 0, bytes.length);
    final var findings = new Findings();
    scanner.scan(segments, findings);
    final List<String> found = new ArrayList<>();
    for (int i = 0; i < findings.size(); i++) {
      found.add(findings.rule(i) + ":" + findings.start(i) + "-" + findings.end(i));
    }
    return found;
  }
}
