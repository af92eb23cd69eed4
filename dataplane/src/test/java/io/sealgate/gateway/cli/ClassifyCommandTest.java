package io.sealgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.gateway.cli.Commands.Said;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts on standard input, findings on standard output. */
class ClassifyCommandTest {
  private static final String CARD = "4111 1111 " + "1111 1111";

  @TempDir private Path folder;

  private static Said classify(final String input, final String... options) {
    final InputStream before = System.in;
    final String[] arguments = new String[options.length + 1];
    arguments[0] = "classify";
    System.arraycopy(options, 0, arguments, 1, options.length);
    try {
      System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
      return Commands.run(arguments);
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void shouldCountOffsetsInCodePoints() {
    final Said said = classify("{\"id\": 7, \"text\": \"\uD83D\uDE00 \u5bc6 ann@example.com\"}\n");
    assertEquals(0, said.exit(), said.toString());
    assertEquals(
        "{\"id\":7,\"findings\":[{\"type\":\"EMAIL_ADDRESS\",\"start\":4,\"end\":19,"
            + "\"score\":0.9,\"evidence\":\"format\",\"rule\":\"pii-common/email\"}],"
            + "\"labels\":[\"EMAIL_ADDRESS\"]}\n",
        said.out());
  }

  @Test
  void shouldSayTheSameInPiecesAsAtOnce() {
    final String input =
        "{\"id\":\"a\",\"text\":\"card "
            + CARD
            + ", mail ann@example.com and \\u00e9\\u5bc6\"}\n"
            + "\n"
            + "{\"id\":\"b\",\"text\":\"\"}\n"
            + "{\"text\":\"nothing here\"}";
    final Said whole = classify(input);
    assertEquals(0, whole.exit(), whole.toString());
    assertEquals(3, whole.out().lines().count(), whole.out());
    assertTrue(whole.out().contains("CREDIT_CARD"), whole.out());
    assertTrue(whole.out().endsWith("{\"id\":null,\"findings\":[],\"labels\":[]}\n"), whole.out());
    for (final String bytes : new String[] {"1", "2", "3", "7", "4096"}) {
      assertEquals(whole.out(), classify(input, "--chunk", bytes).out(), bytes);
    }
  }

  @Test
  void shouldFindPhoneNumbersOfTheRegionsThatAreNamed() {
    final String input = "{\"id\":1,\"text\":\"020 7946 0958 and 415-555-0132\"}";
    final Said british = classify(input, "--phone-regions", "gb,DE");
    assertEquals(0, british.exit(), british.toString());
    assertTrue(british.out().contains("\"start\":0,\"end\":13"), british.out());
    assertFalse(british.out().contains("\"start\":18"), british.out());
    final Said unknown = classify(input, "--phone-regions", "GB,XX");
    assertEquals(2, unknown.exit(), unknown.toString());
    assertTrue(unknown.err().contains("phone region 'XX' is unknown"), unknown.err());
  }

  @Test
  void shouldReadOneFileAsOneText() throws IOException {
    final Path file = folder.resolve("a \"note\".txt");
    Files.writeString(file, "pay with " + CARD);
    final Said said = Commands.run("classify", "--file", file.toString());
    assertEquals(0, said.exit(), said.toString());
    assertTrue(said.out().startsWith("{\"id\":\"a \\\"note\\\".txt\","), said.out());
    assertTrue(said.out().contains("\"start\":9,\"end\":28"), said.out());
  }

  @Test
  void shouldUseATenantsPack() throws IOException {
    final Path pack = folder.resolve("acme.yaml");
    Files.writeString(
        pack,
        """
        pack: acme
        version: 1
        rules:
          - id: falcon
            title: the project's name
            finder: keyword
            words: [project falcon]
            score: 1.0
            examples:
              match: [project falcon]
              no_match: [project]
        """);
    final String input = "{\"id\":1,\"text\":\"about Project Falcon\"}";
    assertTrue(classify(input).out().contains("\"findings\":[]"));
    final Said said = classify(input, "--pack", pack.toString());
    assertEquals(0, said.exit(), said.toString());
    assertTrue(said.out().contains("\"rule\":\"acme/falcon\""), said.out());
    Files.writeString(pack, "pack: acme\nversion: 1\nrules:\n  - id: x\n    finder: nose\n");
    final Said refused = classify(input, "--pack", pack.toString());
    assertEquals(Main.EXIT_MISSING, refused.exit(), refused.toString());
    assertTrue(refused.err().contains(pack + ":"), refused.err());
    assertFalse(refused.err().contains("\tat "), refused.err());
  }

  @Test
  void shouldKeepWhatIsBelowTheLeastScore() {
    final String input = "{\"id\":1,\"text\":\"ann@example.com\"}";
    assertTrue(classify(input, "--min-score", "0.95").out().contains("\"findings\":[]"));
    assertTrue(classify(input, "--min-score", "0.9").out().contains("EMAIL_ADDRESS"));
    assertEquals(2, classify(input, "--min-score", "2").exit());
    assertEquals(2, classify(input, "--chunk", "0").exit());
  }

  @Test
  void shouldNameTheLineThatIsNoText() {
    final String good = "{\"id\":1,\"text\":\"x\"}\n";
    for (final String bad :
        new String[] {"[]", "{\"id\":1}", "{\"text\":3}", "{", "{\"text\":\"\\ud800\"}"}) {
      final Said said = classify(good + bad + "\n" + good);
      assertEquals(2, said.exit(), said.toString());
      assertTrue(said.err().contains("line 2: "), said.err());
      assertEquals(1, said.out().lines().count(), "what was read before is answered");
    }
  }

  @Test
  void shouldListEveryTypeWithCheckAndExample() {
    final Said said = Commands.run("classify", "--list");
    assertEquals(0, said.exit(), said.toString());
    assertTrue(said.out().contains("pii-us/us-ssn"), said.out());
    assertTrue(said.out().lines().allMatch(line -> line.matches("[A-Z_0-9]+ +\\S+/\\S+ +\\S+ .+")));
  }
}
