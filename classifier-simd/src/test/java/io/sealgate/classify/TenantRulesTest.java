package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.find.PhoneRegions;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.PackException;
import io.sealgate.classify.pack.PackReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TenantRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GB    | 020 7946 0958          | 020 7946 0958
          gb    | 020 7946 0958          | 020 7946 0958
          US    | 020 7946 0958          |
          US,GB | 415-555-0132           | 415-555-0132
          CA    | 416-555-0132           | 416-555-0132
          GB    | 415-555-0132           |
          DE    | 030 1234567            | 030 1234567
          FR    | 020 7946 0958          |
          NZ    | 09-301 1234            | 09-301 1234
          US    | 09-301 1234            |
          NO    | telefon 22 12 34 56    | 22 12 34 56
          US    | telefon 22 12 34 56    |
          US    | +44 20 7946 0958       | +44 20 7946 0958
          ''    | +44 20 7946 0958       | +44 20 7946 0958
          ''    | 415-555-0132           |
          """)
  void shouldFindNationalPhoneNumbersOfTheRegionsOnly(
      final String regions, final String text, final String expected) throws ClassifierException {
    final List<String> codes = regions.isEmpty() ? List.of() : List.of(regions.split(","));
    final TenantRules rules = none().withPhoneRegions(PhoneRegions.of(codes));
    assertEquals(expected == null ? List.of() : List.of(expected), phones(rules, text));
  }

  @Test
  void shouldFindWhatThePacksSayWhenNoRegionsAreNamed() throws ClassifierException {
    assertEquals(List.of("020 7946 0958"), phones(none(), "020 7946 0958"));
    final TenantRules others = none().withPhoneRegions(PhoneRegions.of(List.of("GB")));
    try (Classifier usual = Classifier.compile(none(), Optional.empty());
        Classifier other = Classifier.compile(others, Optional.empty())) {
      assertNotEquals(usual.digest(), other.digest(), "what is found may differ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          XX    | phone region 'XX' is unknown; write ISO 3166 codes
          GB,UK | phone region 'UK' is unknown
          GB,gb | phone region 'GB' stands twice
          """)
  void shouldRefuseRegionsThatAreNone(final String codes, final String message) {
    final ClassifierException e =
        assertThrows(ClassifierException.class, () -> PhoneRegions.of(List.of(codes.split(","))));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void shouldRefuseAFinderThatOnlyBuiltInPacksMayUse() throws PackException {
    final var pack =
        PackReader.read(
            "acme.yaml",
            """
            pack: acme
            version: 1
            rules:
              - {id: badge, type: TENANT_PATTERN, finder: token, shapes: [AA-999999], score: 0.5}
            """);
    final ClassifierException e =
        assertThrows(ClassifierException.class, () -> TenantRules.of(List.of(pack)));
    assertEquals(
        "rule \"acme/badge\" has finder token, which only built-in packs may use; use keyword,"
            + " regex or topic",
        e.getMessage());
  }

  private static TenantRules none() {
    return new TenantRules(List.of(), List.of());
  }

  private static List<String> phones(final TenantRules rules, final String text)
      throws ClassifierException {
    final List<String> found = new ArrayList<>();
    try (Classifier classifier = Classifier.compile(rules, Optional.empty());
        Scanner scanner = classifier.scanner()) {
      final Findings findings = new Findings();
      scanner.scan(Texts.segments(text), findings);
      for (int i = 0; i < findings.size(); i++) {
        if (findings.type(i) == FindingTypes.PHONE_NUMBER
            && findings.scoreMicros(i) >= Hits.SCORE_MICROS_DEFAULT) {
          found.add(text.substring(findings.start(i), findings.end(i)));
        }
      }
    }
    return found;
  }
}
