package io.sealgate.classify.tripwire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.Classifier;
import io.sealgate.classify.Findings;
import io.sealgate.classify.Scanner;
import io.sealgate.classify.Segments;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.FindingTypes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Recall on phrasings written for this test and false alarms on harmless text. The phrasings
 * include some that no pattern knows; a tripwire is precise and incomplete, and the numbers say how
 * much.
 */
class TripwireTest {
  private static final int DEFAULT_SCORE_MICROS = 400_000;
  private static final int RECALL_PERCENT_MIN = 75;

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

  @Test
  void shouldFindMostAttacksOfEveryClass() throws Exception {
    final Map<String, int[]> counts = new TreeMap<>();
    final List<String> missed = new ArrayList<>();
    for (final String line : resource("attacks.tsv").lines().toList()) {
      final String[] parts = line.split("\t");
      final int[] count = counts.computeIfAbsent(parts[0], type -> new int[2]);
      count[1]++;
      if (injections(parts[1].replace("\\n", "\n")).contains(parts[0])) {
        count[0]++;
      } else {
        missed.add(line);
      }
    }
    missed.forEach(line -> System.out.println("missed: " + line));
    counts.forEach(
        (type, count) ->
            System.out.printf(
                "recall %s %d of %d = %d %%%n",
                type, count[0], count[1], 100 * count[0] / count[1]));
    counts.forEach(
        (type, count) -> assertTrue(100 * count[0] >= RECALL_PERCENT_MIN * count[1], type));
  }

  @Test
  void shouldStaySilentWhenTextIsHarmless() throws Exception {
    final List<String> texts = new ArrayList<>(resource("benign.txt").lines().toList());
    final Matcher prompts =
        Pattern.compile("\"prompt\": \"((?:[^\"\\\\]|\\\\.)*)\"")
            .matcher(resource("benign-trigger-words.json"));
    while (prompts.find()) {
      texts.add(unescaped(prompts.group(1)));
    }
    final List<String> flagged = new ArrayList<>();
    for (final String text : texts) {
      if (!injections(text).isEmpty()) {
        flagged.add(injections(text) + " " + text);
      }
    }
    System.out.printf(
        "false alarms %d of %d harmless texts = %.1f %%%n",
        flagged.size(), texts.size(), 100.0 * flagged.size() / texts.size());

    assertTrue(texts.size() > 150, "all were read");
    assertEquals(List.of(), flagged);
  }

  @Test
  void shouldFlagAQuotedAttackLikeAnAttack() throws Exception {
    assertEquals(
        List.of("INJECTION_OVERRIDE"),
        injections(
            "A classic attack is the sentence \"ignore all previous instructions\" in a web"
                + " page."));
  }

  private static String unescaped(final String json) {
    final Matcher escapes = Pattern.compile("\\\\(u[0-9a-f]{4}|.)").matcher(json);
    return escapes.replaceAll(
        match -> {
          final String escape = match.group(1);
          return Matcher.quoteReplacement(
              escape.length() == 5
                  ? String.valueOf((char) Integer.parseInt(escape.substring(1), 16))
                  : escape.equals("n") ? "\n" : escape);
        });
  }

  private static List<String> injections(final String text) throws ClassifierException {
    final byte[] bytes = text.getBytes(UTF_8);
    final var segments = new Segments();
    segments.addText(bytes, 0, bytes.length);
    final var findings = new Findings();
    scanner.scan(segments, findings);
    final List<String> types = new ArrayList<>();
    for (int i = 0; i < findings.size(); i++) {
      final String name = FindingTypes.name(findings.type(i));
      if (name.startsWith("INJECTION_")
          && findings.scoreMicros(i) >= DEFAULT_SCORE_MICROS
          && !types.contains(name)) {
        types.add(name);
      }
    }
    return types;
  }

  private static String resource(final String name) throws IOException {
    try (InputStream in = TripwireTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
