package io.sealgate.classify.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.finding.FindingTypes;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PackReaderTest {
  private static final String PACK =
      """
      pack: acme
      version: 2
      rules:
        - id: us-ssn
          type: US_SSN
          title: US social security number
          finder: token
          shapes: [999-99-9999]
          weak_shapes: ["999999999"]
          validator: us-ssn
          context: [SSN, social security]
          score: 0.5
          score_with_context: 0.85
          examples: {match: ["536-90-4399"], no_match: ["000-12-3456"]}
        - id: deal
          finder: topic
          words: {merger: 3, due diligence: 2}
          threshold: 4
      """;

  @Test
  void shouldReadWhatAPackSays() throws PackException {
    final Pack pack = PackReader.read("acme.yaml", PACK);
    assertEquals("acme", pack.name());
    assertEquals(2, pack.version());
    final Rule ssn = pack.rules().get(0);
    assertEquals(FindingTypes.US_SSN, ssn.type());
    assertEquals(List.of("999-99-9999"), ssn.values("shapes"));
    assertEquals("us-ssn", ssn.value("validator"));
    assertEquals(List.of("ssn", "social security"), ssn.context());
    assertEquals(500_000, ssn.scoreMicros());
    assertEquals(850_000, ssn.scoreWithContextMicros());
    assertEquals(List.of("000-12-3456"), ssn.examples().noMatch());
    assertEquals(4, ssn.line());
    final Rule deal = pack.rules().get(1);
    assertEquals(FindingTypes.TENANT_PATTERN, deal.type());
    assertEquals(List.of("merger", "due diligence"), deal.values("words"));
    assertEquals(List.of("3", "2"), deal.values("weights"));
    assertEquals(1_000_000, deal.scoreMicros());
  }

  @Test
  void shouldDigestWhatIsSaidAndNotHowItIsLaidOut() throws PackException {
    final String digest = PackReader.read("a", PACK).digest();
    final String laidOut = "# comment\n" + PACK.replace("0.85", "0.850").replace("[SSN,", "[ssn ,");
    assertEquals(digest, PackReader.read("b", laidOut).digest());
    for (final String change : List.of("0.5", "social", "536", "merger", "version: 2")) {
      final String other = change.equals("version: 2") ? "version: 3" : change + "1";
      assertNotEquals(digest, PackReader.read("c", PACK.replace(change, other)).digest(), change);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          version: 2    | version: x      | 2  | whole number
          score: 0.5    | score: 1.5      | 12 | write 0 to 1
          score: 0.5    | score: 0.5555555| 12 | six decimals
          score: 0.5    | skore: 0.5      | 12 | unknown key 'skore'
          finder: token | finder: tokens  | 7  | there are token, anchor
          type: US_SSN  | type: SSN       | 5  | known are EMAIL_ADDRESS
          id: deal      | id: us-ssn      | 15 | stands twice
          id: deal      | id: Deal        | 15 | rename it
          threshold: 4  | score: 1        | 15 | no 'threshold'
          [999-99-9999] | {a: {b: {}}}    | 8  | must be a list
          pack: acme    | 'pack: [acme'   | 2  | no YAML
          pack: acme    | 'pack: &a acme' | 0  | ''
          """)
  void shouldNameTheLineAndTheFixWhenSomethingIsWrong(
      final String good, final String bad, final int line, final String message) throws Exception {
    final String text = PACK.replaceFirst(Pattern.quote(good), bad);
    if (line == 0) {
      assertEquals("acme", PackReader.read("f.yaml", text).name());
      return;
    }
    final PackException e =
        assertThrows(PackException.class, () -> PackReader.read("f.yaml", text));
    assertEquals("f.yaml:" + line, e.getMessage().replaceFirst("(:\\d+).*", "$1"), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void shouldRefuseWhatCouldExplode() {
    for (final String text :
        List.of(
            "pack: &a [x]\nversion: *a\n",
            "[".repeat(100_000),
            "a: ".repeat(20),
            "",
            "- a",
            "{}")) {
      final PackException e = assertThrows(PackException.class, () -> PackReader.read("f", text));
      assertEquals("f:", e.getMessage().substring(0, 2));
    }
  }

  @Test
  void shouldFillExamples() {
    final ExampleText text = new ExampleText(Map.of("length", t -> Integer.toString(t.length())));
    final String full = text.expand("k_{ALNUM:20}{check:length} {\"a\":1} {u:200B}");
    assertEquals("k_".length() + 20 + 2 + " {\"a\":1} ".length() + 1, full.length());
    assertEquals("22 {\"a\":1} \u200b", full.substring(22));
    assertEquals(full, text.expand("k_{ALNUM:20}{check:length} {\"a\":1} {u:200B}"));
    assertThrows(IllegalArgumentException.class, () -> text.expand("{check:nope}"));
  }
}
