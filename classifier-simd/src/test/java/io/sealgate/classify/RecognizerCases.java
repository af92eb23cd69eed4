package io.sealgate.classify;

import io.sealgate.classify.finding.FindingTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The cases of another recogniser's unit tests. */
final class RecognizerCases {
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "DATE_TIME", "DE_HANDELSREGISTER", "DE_KFZ", "DE_PLZ", "TR_LICENSE_PLATE", "UK_POSTCODE");

  private static final Map<String, String> RENAMED =
      Map.of(
          "PH_MOBILE_NUMBER", "PHONE_NUMBER",
          "TR_PHONE_NUMBER", "PHONE_NUMBER",
          "US_BANK_NUMBER", "US_BANK_ACCOUNT");

  /** Spans are in code points; there may be none though something is expected. */
  record Case(String entity, String text, int expected, List<int[]> spans) {
    int type() {
      return FindingTypes.id(RENAMED.getOrDefault(entity, entity));
    }

    String key() {
      return entity + '\t' + text.replace("\n", "\\n").replace("\r", "\\r");
    }
  }

  static List<String> lines(final String resource) {
    try (InputStream in = RecognizerCases.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (final IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that are about a supported type. */
  @SuppressWarnings("unchecked")
  static List<Case> all() {
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

  /** Those in which something is to be found and is, in no list of misses. */
  static List<Case> found() {
    final Set<String> missed =
        lines("recognizer-misses.tsv").stream()
            .map(line -> line.split("\t"))
            .map(parts -> parts[1] + '\t' + parts[2])
            .collect(Collectors.toSet());
    return all().stream().filter(c -> c.expected() > 0 && !missed.contains(c.key())).toList();
  }

  private RecognizerCases() {}
}
