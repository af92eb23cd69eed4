package io.sealgate.classify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.FindingTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantPatternTest {
  private static final int TEXTS = 2_500;

  @ParameterizedTest
  @CsvSource({
    "Falcon, the falcon flies, 4",
    "Falcon, falconry, -1",
    "Falcon, a_falcon, -1",
    "Falcon, FALCON!, 0",
    "falcon, \u00e9falcon, -1",
    "falcon, falcon\u00e9, -1",
    "falcon, falcone\u0301, -1",
    "falcon, \u5bc6falcon\u5bc6, 3",
    "falcon, (falcon), 1",
    "+49 (0), tel+49 (0)30, 3",
    "\u00dcbung, die \u00fcbung, 4",
    "\u00dcbung, \u00fcbungen, -1",
    "\u673a\u5bc6, \u8fd9\u662f\u673a\u5bc6\u6587\u4ef6, 6",
    "stra\u00dfe, Hauptstra\u00dfe, -1",
    "\u041c\u043e\u0441\u043a\u0432\u0430, \u043c\u043e\u0441\u043a\u0432\u0430, 0",
  })
  void shouldFindAKeywordOnlyAsAWholeWord(final String keyword, final String text, final int at)
      throws ClassifierException {
    final List<int[]> found = find(new TenantPattern("k", keyword, false, false), text);

    assertEquals(at < 0 ? 0 : 1, found.size());
    if (at >= 0) {
      assertEquals(at, found.getFirst()[0]);
    }
  }

  @Test
  void shouldHeedCaseWhenAPatternIsCaseSensitive() throws ClassifierException {
    assertEquals(0, find(new TenantPattern("k", "Falcon", false, true), "falcon").size());
    assertEquals(1, find(new TenantPattern("k", "Falcon", false, true), "Falcon").size());
    assertEquals(0, find(new TenantPattern("k", "\u00dcb", false, true), "\u00fcb").size());
    assertEquals(1, find(new TenantPattern("k", "\u00dcb", false, true), "\u00dcb").size());
    assertEquals(0, find(new TenantPattern("r", "F[a-z]+", true, true), "falcon").size());
    assertEquals(1, find(new TenantPattern("r", "F[a-z]+", true, false), "falcon").size());
  }

  @Test
  void shouldAgreeWithJavaWhenKeywordsAreSearchedInRandomText() throws ClassifierException {
    final List<TenantPattern> patterns = new ArrayList<>();
    for (final String keyword :
        List.of("ab", "a b", "-a", "aa", "\u00e9a", "b\u00e9", "a.b", "_")) {
      patterns.add(new TenantPattern("s" + keyword, keyword, false, true));
      patterns.add(new TenantPattern("i" + keyword, keyword, false, false));
    }
    compare(
        patterns,
        pattern -> {
          final String word = "[\\p{IsAlphabetic}\\p{M}\\p{Nd}_]";
          final String text = pattern.expression();
          final boolean first = text.substring(0, 1).matches(word);
          final boolean last = text.substring(text.length() - 1).matches(word);
          return (first ? "(?<!" + word + ")" : "")
              + Pattern.quote(text)
              + (last ? "(?!" + word + ")" : "");
        });
  }

  @Test
  void shouldAgreeWithJavaWhenExpressionsAreSearchedInRandomText() throws ClassifierException {
    final List<TenantPattern> patterns = new ArrayList<>();
    for (final String expression :
        List.of(
            "ab+",
            "a[ab ]*b",
            "(?:aab|ab)",
            "^a",
            "b$",
            "\u00e9+",
            "[^a ]+",
            "a\\.b",
            "_{2,4}",
            "\\ba+\\b",
            "(?:-|_)a{1,3}")) {
      patterns.add(new TenantPattern("s" + expression, expression, true, true));
      patterns.add(new TenantPattern("i" + expression, expression, true, false));
    }
    compare(patterns, TenantPattern::expression);
  }

  private interface Oracle {
    String expression(TenantPattern pattern);
  }

  private static void compare(final List<TenantPattern> patterns, final Oracle oracle)
      throws ClassifierException {
    final List<Pattern> expected =
        patterns.stream()
            .map(
                pattern ->
                    Pattern.compile(
                        oracle.expression(pattern),
                        Pattern.UNIX_LINES
                            | (pattern.caseSensitive()
                                ? 0
                                : Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)))
            .toList();
    final var random = new Random(11);
    final String[] alphabet = {"a", "b", "A", " ", "-", "_", "\u00e9", "\u00c9", ".", "b"};
    int total = 0;
    try (Classifier classifier = Classifier.compile(patterns);
        Scanner scanner = classifier.scanner()) {
      final var findings = new Findings();
      final var segments = new Segments();
      for (int i = 0; i < TEXTS; i++) {
        final var text = new StringBuilder();
        for (int n = random.nextInt(24); n >= 0; n--) {
          text.append(alphabet[random.nextInt(alphabet.length)]);
        }
        segments.clear();
        final byte[] bytes = text.toString().getBytes(UTF_8);
        segments.addText(bytes, 0, bytes.length);
        scanner.scan(segments, findings);
        for (int rule = 0; rule < patterns.size(); rule++) {
          final String found = spans(findings, rule);
          assertEquals(
              spans(expected.get(rule), text.toString()), found, patterns.get(rule).name());
          total += found.length();
        }
      }
    }
    assertTrue(total > TEXTS, "the texts hold matches");
  }

  private static String spans(final Findings findings, final int rule) {
    final var spans = new StringBuilder();
    for (int i = 0; i < findings.size(); i++) {
      if (findings.rule(i) == rule) {
        spans.append(findings.start(i)).append('-').append(findings.end(i)).append(' ');
      }
    }
    return spans.toString();
  }

  private static String spans(final Pattern pattern, final String text) {
    final var spans = new StringBuilder();
    final Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      final int start = text.substring(0, matcher.start()).getBytes(UTF_8).length;
      spans.append(start).append('-');
      spans.append(start + matcher.group().getBytes(UTF_8).length).append(' ');
    }
    return spans.toString();
  }

  @Test
  void shouldCoverEveryMatchedByteWhenMatchesOverlap() throws ClassifierException {
    final var three = new TenantPattern("r", "[0-9]{3}x?", true, true);
    assertSpans("0-3 3-6", find(three, "123456"));
    assertSpans("0-5", find(three, "12345"));
    assertSpans("0-3 4-7", find(three, "123 456"));
    assertSpans("0-7", find(new TenantPattern("r", "abcd|cdefg", true, true), "abcdefg"));
  }

  @Test
  void shouldFindTheMatchOfEachSegmentWhenAnExpressionCouldSpanTwo() throws ClassifierException {
    final var pattern = new TenantPattern("r", "(?s)a.*b", true, true);
    assertSpans("0-3 4-7 14-16", find(pattern, "axb", "axb  ", "--b ab"));
    assertSpans("", find(new TenantPattern("k", "a b", false, true), "a ", "b"));
    assertSpans("0-1 3-4", find(new TenantPattern("r", "^a", true, true), "aa", "ab"));
  }

  @Test
  void shouldFindOneLongSpanWhenEveryEndMatches() throws ClassifierException {
    final var pattern = new TenantPattern("r", "(?s)from here.*", true, true);
    final String text = "from here" + " and on\n".repeat(20_000);

    assertSpans("0-" + text.length(), find(pattern, text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a*",
        "\\b",
        "^",
        "$",
        "(?:)",
        "a|",
        "(?=a)b",
        "(a)\\1",
        "a(b",
        "",
        "a{40000}",
        "\\w{5,30000}z",
        "a{1001,}",
        "a{,99999999999}",
        "\ud800",
        "a\u0000b"
      })
  void shouldNameThePatternWhenItIsRefused(final String expression) {
    final var pattern = new TenantPattern("project names", expression, true, false);

    final var refused =
        assertThrows(ClassifierException.class, () -> Classifier.compile(List.of(pattern)));
    assertTrue(refused.getMessage().contains("\"project names\""), refused.getMessage());
  }

  @Test
  void shouldRefuseWhenAnExpressionIsTooLongOrThereAreTooMany() {
    final var longest = "k".repeat(TenantPattern.EXPRESSION_BYTES_MAX);
    assertThrows(
        ClassifierException.class,
        () -> Classifier.compile(List.of(new TenantPattern("k", longest + "k", false, true))));
    final var many = new ArrayList<TenantPattern>();
    for (int i = 0; i <= TenantPattern.PATTERNS_MAX; i++) {
      many.add(new TenantPattern("k" + i, "k" + i, false, true));
    }
    assertThrows(ClassifierException.class, () -> Classifier.compile(many));
  }

  @Test
  void shouldFindAKeywordOfTheLargestSize() throws ClassifierException {
    final var longest = "k-".repeat(TenantPattern.EXPRESSION_BYTES_MAX / 2);

    assertEquals(1, find(new TenantPattern("k", longest, false, false), " " + longest).size());
  }

  @Test
  void shouldFindEachOfAThousandKeywords() throws ClassifierException {
    final List<TenantPattern> patterns = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      patterns.add(new TenantPattern("k" + i, "project-" + i, false, i % 2 == 0));
    }
    try (Classifier classifier = Classifier.compile(patterns);
        Scanner scanner = classifier.scanner()) {
      final var findings = new Findings();
      final var segments = new Segments();
      for (int i = 0; i < 1_000; i += 37) {
        final byte[] text = ("about project-" + i + " now").getBytes(UTF_8);
        segments.clear();
        segments.addText(text, 0, text.length);
        scanner.scan(segments, findings);

        assertEquals(1, findings.size());
        assertEquals(i, findings.rule(0));
        assertEquals(Evidence.KEYWORD, findings.evidence(0));
        assertEquals(FindingTypes.TENANT_PATTERN, findings.type(0));
      }
    }
  }

  private static void assertSpans(final String expected, final List<int[]> found) {
    final var spans = new ArrayList<String>();
    found.forEach(span -> spans.add(span[0] + "-" + span[1]));
    assertEquals(expected, String.join(" ", spans));
  }

  private static List<int[]> find(final TenantPattern pattern, final String... texts)
      throws ClassifierException {
    try (Classifier classifier = Classifier.compile(List.of(pattern));
        Scanner scanner = classifier.scanner()) {
      final var segments = new Segments();
      for (final String text : texts) {
        final byte[] bytes = text.getBytes(UTF_8);
        segments.addText(bytes, 0, bytes.length);
      }
      final var findings = new Findings();
      scanner.scan(segments, findings);
      final List<int[]> spans = new ArrayList<>();
      for (int i = 0; i < findings.size(); i++) {
        if (findings.type(i) == FindingTypes.TENANT_PATTERN) {
          spans.add(new int[] {findings.start(i), findings.end(i)});
        }
      }
      return spans;
    }
  }
}
