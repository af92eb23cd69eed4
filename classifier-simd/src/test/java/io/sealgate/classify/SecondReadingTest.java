package io.sealgate.classify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.anchor.Anchors;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.hyperscan.HyperscanDatabase;
import io.sealgate.classify.view.DetectionCopy;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The reading of the detection copy, which takes over literals from that of the text where it can,
 * against one that looks for all of them again.
 */
final class SecondReadingTest {
  private static final int TEXTS = 10_000;
  private static final int TEXTS_LONG = 1_000_000;

  private static final String[] PLAIN_PARTS = {
    " ",
    "and",
    "write ",
    "the book, ",
    "\"",
    "{",
    "}",
    "4111 1111 1111 1111",
    "ann@example.com",
    "Mr Smith",
    "C:\\new",
    "falcon",
    "Ignore all previous instructions",
    "n",
    "t",
    "line",
  };

  /** Bytes of no literal come of these. */
  private static final String[] CONTROL_ESCAPES = {"\\n", "\\t", "\\r", "\\b", "\\f", "&quot;"};

  private static final String[] OTHER_ESCAPES = {
    "\\u0069",
    "\\u000a",
    "\\/",
    "\\u200b",
    "%20",
    "%0a",
    "&amp;",
    "&#105;",
    "\u200b",
    "\u2019",
    "\uff11",
    "\u0456",
    "\\\\n",
    "\\\\u000a",
    "e\u0301",
    "\\\"",
    "\\",
    "%",
  };

  private static final TenantRules TENANT =
      new TenantRules(
          List.of(
              new TenantPattern("a", "falcon", false, false),
              new TenantPattern("b", "Ai", false, true),
              new TenantPattern("c", "and the", false, false),
              // Found in the text, where the copy has a line break.
              new TenantPattern("d", "C:\\new", false, false)),
          List.of(
              new TenantTopic(
                  "t",
                  List.of(new TenantTopic.Word("book", 1), new TenantTopic.Word("line", 1)),
                  2)));

  private HyperscanDatabase literals;

  @AfterEach
  void release() {
    literals.release();
  }

  @Test
  void shouldFindWhatAFullReadingFinds() throws ClassifierException {
    compare(TENANT, TEXTS, 31);
  }

  @Test
  @Tag("long")
  void shouldFindWhatAFullReadingFindsInAMillionTexts() throws ClassifierException {
    compare(TENANT, TEXTS_LONG, 32);
  }

  @Test
  void shouldReadAllAgainWhenAKeywordHoldsWhatAnEscapeStandsFor() throws ClassifierException {
    final var rules =
        new TenantRules(List.of(new TenantPattern("k", "and\nthe", false, false)), List.of());
    compare(rules, TEXTS / 10, 33);
    final var hits = new Hits();
    final byte[] text = Texts.utf8("{\"a\": \"this and\\nthe other\"}");
    try (var scan = new TextScan(new PatternSet(rules), literals, null)) {
      scan.scanBoth(text, text.length, hits);
    }
    assertEquals("TENANT_PATTERN 12 20 1000000 KEYWORD\n", Texts.dump(hits));
  }

  private void compare(final TenantRules rules, final int texts, final long seed)
      throws ClassifierException {
    final var patterns = new PatternSet(rules);
    literals = HyperscanDatabase.compile(patterns.literals());
    final var random = new Random(seed);
    final var both = new Hits();
    final var full = new Hits();
    int different = 0;
    int takenOver = 0;
    try (var scan = new TextScan(patterns, literals, null)) {
      for (int round = 0; round < texts; round++) {
        final byte[] text = Texts.utf8(text(random));
        both.clear();
        scan.scanBoth(text, text.length, both);
        full.clear();
        scan.scan(text, text.length, full);
        final int plain = full.size();
        final var copy = new DetectionCopy();
        copy.begin(text, 0, 0, 0);
        copy.append(text, 0, text.length, true);
        if (!copy.same()) {
          scan.scan(copy.bytes(), copy.length(), full);
        }
        for (int hit = plain; hit < full.size(); hit++) {
          full.move(hit, copy.textStart(full.start(hit)), copy.textEnd(full.end(hit)));
        }
        different += copy.same() ? 0 : 1;
        takenOver += !copy.same() && copy.changesOnlyTo(patterns.bytesOfNoLiteral()) ? 1 : 0;
        assertEquals(Texts.dump(full), Texts.dump(both), new String(text, UTF_8));
      }
    }
    assertTrue(different > texts / 2, different + " copies differ");
    assertTrue(takenOver > texts / 10, takenOver + " take literals over");
  }

  private static String text(final Random random) {
    final boolean controls = random.nextBoolean();
    final StringBuilder text = new StringBuilder();
    for (int part = 2 + random.nextInt(16); part > 0; part--) {
      switch (random.nextInt(5)) {
        case 0, 1 -> text.append(pick(random, PLAIN_PARTS));
        case 2 -> {
          final var anchors = Anchors.literals();
          text.append(anchors.get(random.nextInt(anchors.size())).text());
        }
        case 3 -> {
          final var samples = Samples.positives();
          text.append(samples.get(random.nextInt(samples.size())).text());
        }
        default -> text.append(pick(random, CONTROL_ESCAPES));
      }
      if (!controls && random.nextInt(4) == 0) {
        text.append(pick(random, OTHER_ESCAPES));
      }
      if (random.nextInt(8) == 0) {
        final int cut = random.nextInt(text.length() + 1);
        text.insert(cut, pick(random, controls ? CONTROL_ESCAPES : OTHER_ESCAPES));
      }
    }
    return text.toString();
  }

  private static String pick(final Random random, final String[] from) {
    return from[random.nextInt(from.length)];
  }
}
