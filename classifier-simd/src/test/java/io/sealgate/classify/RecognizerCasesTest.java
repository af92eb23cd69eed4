package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.finding.Hits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The cases of another recogniser's unit tests. What is not found as they want it stands in {@code
 * recognizer-misses.tsv}: kind, entity, text and why. Kinds are {@code weak} (the shape says too
 * little without a context word), {@code strong} (counted as a miss) and {@code flagged} (a
 * negative that is reported). The list has to be exact in both directions.
 */
final class RecognizerCasesTest {
  /** Spans in code points of the findings of a type at or above the default score. */
  private static List<int[]> found(final RecognizerCases.Case c) {
    final int type = c.type();
    final Findings findings = Texts.resolved(c.text());
    final byte[] utf8 = Texts.utf8(c.text());
    final List<int[]> found = new ArrayList<>();
    for (int i = 0; i < findings.size(); i++) {
      if (findings.type(i) == type && findings.scoreMicros(i) >= Hits.SCORE_MICROS_DEFAULT) {
        found.add(
            new int[] {codePoints(utf8, findings.start(i)), codePoints(utf8, findings.end(i))});
      }
    }
    return found;
  }

  private static int codePoints(final byte[] utf8, final int end) {
    final String head = new String(utf8, 0, end, StandardCharsets.UTF_8);
    return head.codePointCount(0, head.length());
  }

  /** Every span that is wanted has a finding that covers its middle. */
  private static boolean asWanted(final RecognizerCases.Case c, final List<int[]> found) {
    return found.size() >= c.expected()
        && c.spans().stream()
            .allMatch(
                span ->
                    found.stream()
                        .anyMatch(
                            f ->
                                f[0] <= (span[0] + span[1]) / 2 && f[1] > (span[0] + span[1]) / 2));
  }

  @Test
  void shouldFindWhatOthersFindButForAListWithReasons() {
    final Map<String, String> listed = new LinkedHashMap<>();
    for (final String line : RecognizerCases.lines("recognizer-misses.tsv")) {
      final String[] parts = line.split("\t");
      assertEquals(4, parts.length, line);
      listed.put(parts[0] + '\t' + parts[1] + '\t' + parts[2], parts[3]);
    }
    int positives = 0;
    int weak = 0;
    int strong = 0;
    int negatives = 0;
    int flagged = 0;
    final Set<String> unlisted = new TreeSet<>();
    final Set<String> used = new LinkedHashSet<>();
    for (final RecognizerCases.Case c : RecognizerCases.all()) {
      final List<int[]> found = found(c);
      if (c.expected() == 0) {
        negatives++;
        if (!found.isEmpty()) {
          flagged++;
          used.add("flagged\t" + c.key());
        }
        continue;
      }
      positives++;
      if (asWanted(c, found)) {
        continue;
      }
      if (listed.containsKey("weak\t" + c.key())) {
        weak++;
        used.add("weak\t" + c.key());
      } else {
        strong++;
        used.add("strong\t" + c.key());
      }
    }
    used.stream().filter(miss -> !listed.containsKey(miss)).forEach(unlisted::add);
    assertEquals(Set.of(), unlisted, "misses without a reason");
    final Set<String> stale = new TreeSet<>(listed.keySet());
    stale.removeAll(used);
    assertEquals(Set.of(), stale, "listed as missed, yet as wanted");
    System.out.printf(
        "recogniser cases: %d positives, %d of weak shapes left out, %d missed; %d negatives, %d"
            + " flagged%n",
        positives, weak, strong, negatives, flagged);
    assertTrue(strong <= (positives - weak) * 3 / 100, "missed " + strong);
    assertTrue(flagged <= negatives * 2 / 100, "flagged " + flagged);
  }
}
