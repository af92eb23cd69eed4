package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The cases of another recogniser's unit tests. What is not found as they want it stands in {@code
 * recognizer-misses.tsv}: kind, entity, text and why. Kinds are {@code weak} (the shape says too
 * little without a context word), {@code strong} (counted as a miss) and {@code flagged} (a
 * negative that is reported). The list has to be exact in both directions.
 */
final class RecognizerCasesTest {
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "DATE_TIME", "DE_HANDELSREGISTER", "DE_KFZ", "DE_PLZ", "TR_LICENSE_PLATE", "UK_POSTCODE");

  private static final Map<String, String> RENAMED =
      Map.of(
          "PH_MOBILE_NUMBER", "PHONE_NUMBER",
          "TR_PHONE_NUMBER", "PHONE_NUMBER",
          "US_BANK_NUMBER", "US_BANK_ACCOUNT");

  private record Case(String entity, String text, int expected, List<int[]> spans) {
    String key() {
      return entity + '\t' + text.replace("\n", "\\n").replace("\r", "\\r");
    }
  }

  private static List<String> lines(final String resource) throws IOException {
    try (InputStream in = RecognizerCasesTest.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Case> cases() throws IOException {
    final List<Case> cases = new ArrayList<>();
    for (final String line : lines("recognizer-cases.jsonl")) {
      final Map<String, Object> fields =
          (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(line);
      final String entity = (String) fields.get("entity");
      if (!fields.get("kind").equals("detect") || UNSUPPORTED.contains(entity)) {
        continue;
      }
      final List<int[]> spans = new ArrayList<>();
      if (fields.get("spans") instanceof List<?> list) {
        for (final Object span : list) {
          final List<Integer> pair = (List<Integer>) span;
          spans.add(new int[] {pair.get(0), pair.get(1)});
        }
      }
      final int expected = fields.get("expect") instanceof Integer n ? n : 0;
      cases.add(new Case(entity, (String) fields.get("text"), expected, spans));
    }
    return cases;
  }

  /** Spans in code points of the findings of a type at or above the default score. */
  private static List<int[]> found(final Case c) {
    final int type = FindingTypes.id(RENAMED.getOrDefault(c.entity(), c.entity()));
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
  private static boolean asWanted(final Case c, final List<int[]> found) {
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
  void shouldFindWhatOthersFindButForAListWithReasons() throws IOException {
    final Map<String, String> listed = new LinkedHashMap<>();
    for (final String line : lines("recognizer-misses.tsv")) {
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
    for (final Case c : cases()) {
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
