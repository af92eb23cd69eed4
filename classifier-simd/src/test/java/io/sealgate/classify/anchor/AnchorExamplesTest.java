package io.sealgate.classify.anchor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.Classifier;
import io.sealgate.classify.Findings;
import io.sealgate.classify.Scanner;
import io.sealgate.classify.Segments;
import io.sealgate.classify.StreamClassifier;
import io.sealgate.classify.Texts;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.pack.BuiltInPacks;
import io.sealgate.classify.pack.ExampleText;
import io.sealgate.classify.pack.Finder;
import io.sealgate.classify.pack.Rule;
import io.sealgate.classify.secret.TokenChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every anchored rule against the examples of its pack. */
class AnchorExamplesTest {
  private static final int DEFAULT_SCORE_MICROS = 400_000;
  private static final ExampleText TEXT = new ExampleText(TokenChecks.makers());

  private static Classifier classifier;
  private static Scanner scanner;

  record Example(Rule rule, String text, boolean match) {
    @Override
    public String toString() {
      return rule.id() + (match ? " finds " : " ignores ") + text;
    }
  }

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

  static Stream<Example> examples() {
    final List<Example> all = new ArrayList<>();
    BuiltInPacks.all().stream()
        .flatMap(pack -> pack.rules().stream())
        .filter(rule -> rule.finder() == Finder.ANCHOR)
        .forEach(
            rule -> {
              rule.examples().match().forEach(text -> all.add(new Example(rule, text, true)));
              rule.examples().noMatch().forEach(text -> all.add(new Example(rule, text, false)));
            });
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void shouldFindTheSameWhenTheExampleComesInPieces(final Example example)
      throws ClassifierException {
    final String text = TEXT.expand(example.text()).replace("<<", "").replace(">>", "");
    final byte[] bytes = ("Here it is: " + text + " he said. ".repeat(70)).getBytes(UTF_8);
    final var segments = new Segments();
    segments.addText(bytes, 0, bytes.length);
    final var whole = new Findings();
    scanner.scan(segments, whole);
    for (final int piece : new int[] {1, 7, 64}) {
      final var stream = new StreamClassifier(scanner);
      final var pieces = new Findings();
      for (int at = 0; at < bytes.length; at += piece) {
        stream.push(bytes, at, Math.min(piece, bytes.length - at), pieces);
      }
      stream.finish(pieces);

      assertEquals(Texts.dump(whole), Texts.dump(pieces), () -> piece + " bytes of " + text);
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void shouldAgreeWithTheExample(final Example example) throws ClassifierException {
    String text = TEXT.expand(example.text());
    int from = 0;
    int to = text.length();
    if (example.match() && text.contains("<<") && text.lastIndexOf(">>") > text.indexOf("<<")) {
      from = text.indexOf("<<");
      to = text.lastIndexOf(">>") - 2;
      text = text.substring(0, from) + text.substring(from + 2, to + 2) + text.substring(to + 4);
    }
    final byte[] bytes = text.getBytes(UTF_8);
    final int start = text.substring(0, from).getBytes(UTF_8).length;
    final int end = text.substring(0, to).getBytes(UTF_8).length;
    final var segments = new Segments();
    segments.addText(bytes, 0, bytes.length);
    final var findings = new Findings();
    scanner.scan(segments, findings);

    boolean found = false;
    final var seen = new StringBuilder();
    for (int i = 0; i < findings.size(); i++) {
      seen.append(FindingTypes.name(findings.type(i)))
          .append(' ')
          .append(findings.start(i))
          .append('-')
          .append(findings.end(i))
          .append(' ');
      found |=
          findings.type(i) == example.rule().type()
              && findings.scoreMicros(i) >= DEFAULT_SCORE_MICROS
              && (!example.match() || findings.start(i) == start && findings.end(i) == end);
    }
    assertTrue(found == example.match(), start + "-" + end + " of " + text + ": " + seen);
  }
}
