package io.sealgate.classify.anchor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.hyperscan.Hyperscan;
import io.sealgate.classify.hyperscan.HyperscanDatabase;
import io.sealgate.classify.hyperscan.HyperscanScan;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hyperscan's matches of all anchors against those of java.util.regex, byte for byte. */
class AnchorLiteralsTest {
  private static final int TEXTS = 10_000;
  private static final int TEXTS_LONG = 1_000_000;

  @Test
  void shouldAgreeWithJavaOnRandomText() throws ClassifierException {
    compare(TEXTS, 19);
  }

  @Test
  @Tag("long")
  void shouldAgreeWithJavaOnAMillionRandomTexts() throws ClassifierException {
    compare(TEXTS_LONG, 23);
  }

  private static void compare(final int texts, final long seed) throws ClassifierException {
    final List<AnchorLiteral> literals = Anchors.literals();
    // Latin-1 makes one character of every byte, and no letter beyond ASCII folds.
    final List<Pattern> patterns =
        literals.stream()
            .map(
                literal ->
                    Pattern.compile(
                        Pattern.quote(bytes(literal.text())),
                        literal.ignoreCase() ? Pattern.CASE_INSENSITIVE : 0))
            .toList();
    final HyperscanDatabase database =
        HyperscanDatabase.compile(
            literals.stream()
                .map(
                    literal ->
                        new HyperscanDatabase.Expression(
                            literal.text(),
                            HyperscanDatabase.Expression.escape(literal.text()),
                            literal.ignoreCase() ? Hyperscan.FLAG_CASELESS : 0))
                .toList());
    final var random = new Random(seed);
    long total = 0;
    try (var scan = new HyperscanScan(literals.size(), database)) {
      for (int i = 0; i < texts; i++) {
        final String text = text(random, literals);
        final byte[] raw = text.getBytes(ISO_8859_1);
        final var expected = new TreeSet<String>();
        for (int id = 0; id < patterns.size(); id++) {
          final Matcher matcher = patterns.get(id).matcher(text);
          for (int at = 0; at < text.length() && matcher.find(at); at = matcher.start() + 1) {
            expected.add(id + " " + matcher.end());
          }
        }
        final var found = new TreeSet<String>();
        scan.load(raw, raw.length);
        scan.scan(database, 0, raw.length, false);
        for (int match = 0; match < scan.count(); match++) {
          found.add(scan.id(match) + " " + scan.end(match));
        }
        assertEquals(expected, found, "seed " + seed + ", text " + i);
        total += expected.size();
      }
    } finally {
      database.release();
    }
    assertTrue(total > texts, "the texts hold anchors");
  }

  private static String text(final Random random, final List<AnchorLiteral> literals) {
    final var text = new StringBuilder(" ".repeat(random.nextInt(80)));
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      String literal = bytes(literals.get(random.nextInt(literals.size())).text());
      switch (random.nextInt(5)) {
        case 0 -> literal = upper(literal);
        case 1 -> literal = literal.substring(random.nextInt(literal.length()));
        case 2 -> literal = literal.substring(0, random.nextInt(literal.length()));
        default -> text.append(random.nextBoolean() ? "x" : " ");
      }
      text.append(literal);
    }
    return text.toString();
  }

  /** Of ASCII letters only; the upper case of a byte of UTF-8 is none. */
  private static String upper(final String text) {
    final var upper = new StringBuilder();
    text.chars().forEach(c -> upper.append((char) (c >= 'a' && c <= 'z' ? c - 0x20 : c)));
    return upper.toString();
  }

  private static String bytes(final String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }
}
