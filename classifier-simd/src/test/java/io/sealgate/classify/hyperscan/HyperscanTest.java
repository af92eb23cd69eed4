package io.sealgate.classify.hyperscan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.hyperscan.HyperscanDatabase.Expression;
import java.util.List;
import org.junit.jupiter.api.Test;

class HyperscanTest {
  private static final int SOM = Hyperscan.FLAG_SOM_LEFTMOST;

  @Test
  void shouldNameTheExpressionWhenTheCompilerRefusesIt() {
    final var expressions =
        List.of(new Expression("fine", "abc", 0), new Expression("broken", "a(b", 0));

    final var refused =
        assertThrows(ClassifierException.class, () -> HyperscanDatabase.compile(expressions));

    assertTrue(refused.getMessage().contains("\"broken\""), refused.getMessage());
    assertTrue(refused.getMessage().contains("Missing close parenthesis"), refused.getMessage());
  }

  @Test
  void shouldReportStartAndEndWhenScratchIsUsedAgain() throws ClassifierException {
    final var database = HyperscanDatabase.compile(List.of(new Expression("x", "b+", SOM)));
    try (var scan = new HyperscanScan(1, database)) {
      for (int round = 0; round < 3; round++) {
        load(scan, "a" + "-".repeat(round) + "bbb");
        scan.scan(database, 0, 4 + round, true);

        assertEquals(1, scan.count());
        assertEquals(1 + round, scan.start(0));
        assertEquals(4 + round, scan.end(0));
      }
    } finally {
      database.release();
    }
  }

  @Test
  void shouldServeTwoDatabasesAndPartsOfATextWithOneScratch() throws ClassifierException {
    final var small = HyperscanDatabase.compile(List.of(new Expression("x", "x", 0)));
    final var large =
        HyperscanDatabase.compile(
            List.of(
                new Expression("word", "[a-z]{3,40}[0-9]{2,9}", SOM),
                new Expression("end", "7$", SOM)));
    try (var scan = new HyperscanScan(2, small, large)) {
      load(scan, "abc77 x abc77");
      scan.scan(small, 0, 13, false);
      assertEquals(1, scan.count());
      assertEquals(7, scan.end(0));

      scan.clear();
      scan.scan(large, 6, 13, true);
      assertEquals(2, scan.count());
      assertEquals(8, scan.start(0));
      assertEquals(13, scan.end(0));
    } finally {
      small.release();
      large.release();
    }
  }

  @Test
  void shouldGrowWhenTheTextIsLargerThanTheFirstBuffer() throws ClassifierException {
    final var database = HyperscanDatabase.compile(List.of(new Expression("x", "needle", 0)));
    try (var scan = new HyperscanScan(1, database)) {
      final String text = " ".repeat(300_000) + "needle";
      load(scan, text);
      scan.scan(database, 0, text.length(), false);

      assertEquals(1, scan.count());
      assertEquals(text.length(), scan.end(0));
    } finally {
      database.release();
    }
  }

  @Test
  void shouldRefuseTheTextWhenThereAreTooManyMatches() throws ClassifierException {
    final var database = HyperscanDatabase.compile(List.of(new Expression("x", "a", 0)));
    try (var scan = new HyperscanScan(1, database)) {
      load(scan, "a".repeat(HyperscanScan.MATCHES_MAX));
      scan.scan(database, 0, HyperscanScan.MATCHES_MAX, false);
      assertEquals(HyperscanScan.MATCHES_MAX, scan.count());

      load(scan, "a".repeat(HyperscanScan.MATCHES_MAX + 1));
      assertThrows(
          ClassifierException.class,
          () -> scan.scan(database, 0, HyperscanScan.MATCHES_MAX + 1, false));

      load(scan, "ba");
      scan.scan(database, 0, 2, false);
      assertEquals(1, scan.count());
    } finally {
      database.release();
    }
  }

  @Test
  void shouldNotComeBackWhenTheLastReferenceIsGone() throws ClassifierException {
    final var database = HyperscanDatabase.compile(List.of(new Expression("x", "a", 0)));
    assertTrue(database.retain());
    database.release();
    assertEquals(1, database.references());
    database.release();

    assertFalse(database.retain());
  }

  @Test
  void shouldMatchOnlyItselfWhenALiteralIsEscaped() throws ClassifierException {
    final String literal = "a.b*[c]\\ (d)|^$\t{2}#\u00e9-/+?";
    final var database =
        HyperscanDatabase.compile(
            List.of(
                new Expression("bytes", Expression.escape(literal), 0),
                new Expression("utf8", Expression.escape(literal), SOM | Hyperscan.FLAG_UTF8)));
    try (var scan = new HyperscanScan(2, database)) {
      load(scan, "axb " + literal + " abbc");
      final int length = ("axb " + literal + " abbc").getBytes(UTF_8).length;
      scan.scan(database, 0, length, false);

      assertEquals(2, scan.count());
      assertEquals(length - 5, scan.end(0));
      assertEquals(length - 5, scan.end(1));
    } finally {
      database.release();
    }
  }

  private static void load(final HyperscanScan scan, final String text) {
    final byte[] bytes = text.getBytes(UTF_8);
    scan.load(bytes, bytes.length);
  }
}
