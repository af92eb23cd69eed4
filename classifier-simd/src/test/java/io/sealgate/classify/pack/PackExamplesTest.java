package io.sealgate.classify.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.Texts;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.secret.TokenChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the examples of all built-in packs. */
final class PackExamplesTest {
  private static final ExampleText TEXT = new ExampleText(TokenChecks.makers());

  static Stream<String> rules() {
    return BuiltInPacks.all().stream().flatMap(pack -> pack.rules().stream()).map(Rule::id);
  }

  private static Rule rule(final String id) {
    return BuiltInPacks.all().stream()
        .flatMap(pack -> pack.rules().stream())
        .filter(rule -> rule.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void shouldMatchExactlyWhatItsExamplesSay(final String id) {
    final Rule rule = rule(id);
    assertFalse(rule.examples().match().isEmpty(), "a rule shows what it finds");
    assertFalse(rule.examples().noMatch().isEmpty(), "a rule shows what it leaves");
    final String type = FindingTypes.name(rule.type());
    for (final String example : rule.examples().match()) {
      final String full = TEXT.expand(example);
      final String text = full.replace("<<", "").replace(">>", "");
      final boolean marked = full.contains("<<");
      final String span =
          marked ? full.substring(full.indexOf("<<") + 2, full.indexOf(">>")) : full;
      final List<String> found = Texts.findings(text, Hits.SCORE_MICROS_DEFAULT);
      assertTrue(found.contains(type + '=' + span), () -> text + " gave " + found);
    }
    for (final String example : rule.examples().noMatch()) {
      final String text = TEXT.expand(example);
      final List<String> found = new ArrayList<>(Texts.findings(text, Hits.SCORE_MICROS_DEFAULT));
      found.removeIf(finding -> !finding.startsWith(type + '='));
      assertEquals(List.of(), found, text);
    }
  }
}
