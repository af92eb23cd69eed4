package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.FindingTypes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same type and span, grown to whole characters, however the text is written. */
final class DisguiseTest {
  private static Classifier classifier;
  private static Scanner scanner;

  @BeforeAll
  static void compile() throws ClassifierException {
    classifier =
        Classifier.compile(List.of(new TenantPattern("k", "project falcon", false, false)));
    scanner = classifier.scanner();
  }

  @AfterAll
  static void close() {
    scanner.close();
    classifier.close();
  }

  @ParameterizedTest
  @EnumSource(Disguise.class)
  void shouldFindTheSameSpanWhenASampleIsInDisguise(final Disguise disguise)
      throws ClassifierException {
    for (final Samples.Sample sample : Samples.positives()) {
      final String written = disguise.write(sample.text());
      assertEquals(
          List.of(FindingTypes.name(sample.type()) + '=' + written),
          findings("It is " + written + " he said"),
          sample::toString);
    }
  }

  @Test
  void shouldReportTheWholeRunWhenASampleIsInBase64() throws ClassifierException {
    for (final Samples.Sample sample : Samples.positives()) {
      final String once = Disguise.base64(sample.text());
      assertEquals(
          List.of(FindingTypes.name(sample.type()) + '=' + once),
          findings("data:text/plain;base64," + once + "\n"),
          sample::toString);
      final String twice = Disguise.base64(once);
      assertEquals(
          List.of(FindingTypes.name(sample.type()) + '=' + twice),
          findings("see " + twice + " there"),
          sample::toString);
    }
  }

  @Test
  void shouldReportEachTypeOfARunInBase64Once() throws ClassifierException {
    final String run =
        Disguise.base64("4111 1111 1111 1111, 378282246310005 of ann@example.com, 192.168.10.77");
    assertEquals(
        List.of("EMAIL_ADDRESS=" + run, "CREDIT_CARD=" + run, "IP_ADDRESS=" + run),
        findings("see " + run + " there"));
    final String twice = Disguise.base64(run);
    assertEquals(
        List.of("EMAIL_ADDRESS=" + twice, "CREDIT_CARD=" + twice, "IP_ADDRESS=" + twice),
        findings("see " + twice + " there"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gh\u0440_", // Cyrillic er
        "g\u04bbp_",
        "\\u0067\\u04bb\\u0440_",
        "\uff47h\u200bp_"
      })
  void shouldSeeAPrefixThroughLookAlikes(final String prefix) throws ClassifierException {
    final String body =
        io.sealgate.classify.secret.SecretsTest.checked("", new java.util.Random(4));
    assertEquals(
        List.of("GITHUB_TOKEN=" + prefix + body), findings("key " + prefix + body + " end"));
  }

  @Test
  void shouldFindATenantsKeywordWhenItIsInDisguise() throws ClassifierException {
    for (final String text :
        List.of(
            "Pro\u200bject F\u00e1lcon",
            "\uff30roject\u00a0falcon",
            "project\\u0020falcon",
            "pr\u043eject f\u0430lcon")) {
      assertEquals(List.of("TENANT_PATTERN=" + text), findings("the " + text + ", you know"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0421\u043e\u0432\u0435\u0442"
            + " \u0434\u0438\u0440\u0435\u043a\u0442\u043e\u0440\u043e\u0432",
        "Preise: 100 % von 5 && mehr \\ C:\\temp\\new\\d1 &c. %zz &#; &#x; \\u12 \\uZZZZ",
        "caf\u00e9 \u2014 na\u00efve r\u00e9sum\u00e9 \u201cquoted\u201d",
        "io.sealgate.classify.view.DetectionCopyReadsWhatIsWrittenHere/and/so/on/and/on"
      })
  void shouldFindNothingWhenTextIsMerelyUnusual(final String text) throws ClassifierException {
    assertEquals(List.of(), findings(text));
  }

  @Test
  void shouldCoverTheMarksThatStandOnTheLastCharacter() throws ClassifierException {
    assertEquals(
        List.of("US_SSN=536-90-4399\u0336\u0301"), findings("x 536-90-4399\u0336\u0301\u200b x"));
  }

  @Test
  void shouldReportTheLongerSpanWhenBothReadingsFindSomething() throws ClassifierException {
    // Read as an escape, the name loses its first letter; as it stands, it does not.
    assertEquals(
        List.of("EMAIL_ADDRESS=nancy@example.com"), findings("MAIL\\nancy@example.com was here"));
  }

  private static List<String> findings(final String text) throws ClassifierException {
    final Segments segments = Texts.segments(text);
    final Findings findings = new Findings();
    scanner.scan(segments, findings);
    final List<String> found = new ArrayList<>();
    for (int i = 0; i < findings.size(); i++) {
      final int bytes = findings.end(i) - findings.start(i);
      found.add(
          FindingTypes.name(findings.type(i))
              + '='
              + new String(
                  segments.text(),
                  findings.start(i),
                  bytes,
                  java.nio.charset.StandardCharsets.UTF_8));
    }
    return found;
  }
}
