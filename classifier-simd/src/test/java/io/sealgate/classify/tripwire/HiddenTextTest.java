package io.sealgate.classify.tripwire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.view.ByteMasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HiddenTextTest {
  private static final String[] ALPHABET = {
    "a",
    " ",
    "\u00e9",
    "\u2019",
    "\u200b",
    "\u200d",
    "\ufe0f",
    "\u2060",
    "\ufeff",
    "\u2028",
    "\uff0c",
    cp(0xE0041),
    cp(0xE0061),
    cp(0xE0150),
    cp(0x1F3F4),
    cp(0xE007F),
    "\u2062"
  };

  @Test
  void shouldCoverAHiddenSentenceExactly() {
    final var hidden = new StringBuilder();
    "ignore".chars().forEach(c -> hidden.appendCodePoint(0xE0000 + c));
    for (int before = 0; before < 140; before++) {
      final String text = "x".repeat(before) + hidden + "yz";
      assertEquals(List.of(before + "-" + (before + 24)), find(text));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u2764\ufe0f",
        "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\ufeffa text with a mark of byte order",
        "\u200e\u200f\u200b",
        "\u2018quoted\u2019 \u2013 and so on \u2026"
      })
  void shouldStaySilentOnOrdinaryText(final String text) {
    assertEquals(List.of(), find(text));
    assertEquals(List.of(), find("a".repeat(61) + text + "a".repeat(70)));
  }

  @Test
  void shouldKnowAFlagFromAMessage() {
    assertEquals(List.of(), find(cp(0x1F3F4) + tags("gbeng") + cp(0xE007F)));
    assertEquals(1, find(cp(0x1F3F4) + tags("ignore all") + cp(0xE007F)).size());
  }

  @Test
  void shouldStopAtTheCapWhenARunIsEndless() {
    final List<String> found = find("\u200b".repeat(300_000));

    assertEquals(1, found.size());
    assertEquals("0-" + Reach.OPEN_SPAN_BYTES_MAX / 3 * 3, found.getFirst());
  }

  @Test
  void shouldAgreeWithCodePointsWhenTextIsRandom() {
    final var random = new Random(3);
    int total = 0;
    for (int round = 0; round < 10_000; round++) {
      final var text = new StringBuilder();
      for (int n = random.nextInt(80); n > 0; n--) {
        text.append(ALPHABET[random.nextInt(random.nextBoolean() ? ALPHABET.length : 9)]);
      }
      final List<String> expected = expected(text.toString());
      assertEquals(expected, find(text.toString()), "round " + round);
      total += expected.size();
    }
    assertEquals(true, total > 1_000, "the texts hold runs");
  }

  /** The same rules over code points. */
  private static List<String> expected(final String text) {
    final int[] points = text.codePoints().toArray();
    final List<String> spans = new ArrayList<>();
    int offset = 0;
    int i = 0;
    while (i < points.length) {
      int j = i;
      int bytes = 0;
      int tags = 0;
      int selectors = 0;
      while (j < points.length && kind(points[j]) > 0) {
        tags += kind(points[j]) == 1 ? 1 : 0;
        selectors += kind(points[j]) == 2 ? 1 : 0;
        bytes += cp(points[j]).getBytes(UTF_8).length;
        j++;
      }
      final boolean flag = i > 0 && points[i - 1] == 0x1F3F4 && bytes <= 28;
      if (tags >= 2 && !flag || selectors >= 4 || j - i >= 8) {
        spans.add(offset + "-" + (offset + bytes));
      }
      if (j == i) {
        bytes = cp(points[i]).getBytes(UTF_8).length;
        j++;
      }
      offset += bytes;
      i = j;
    }
    return spans;
  }

  private static int kind(final int point) {
    if (point >= 0xE0000 && point <= 0xE007F) {
      return 1;
    }
    if (point >= 0xFE00 && point <= 0xFE0F || point >= 0xE0100 && point <= 0xE01EF) {
      return 2;
    }
    final boolean invisible =
        point >= 0x200B && point <= 0x200F
            || point >= 0x202A && point <= 0x202E
            || point >= 0x2060 && point <= 0x206F
            || point == 0xFEFF;
    return invisible ? 3 : 0;
  }

  private static String tags(final String letters) {
    final var tags = new StringBuilder();
    letters.chars().forEach(c -> tags.appendCodePoint(0xE0000 + c));
    return tags.toString();
  }

  private static String cp(final int point) {
    return new String(Character.toChars(point));
  }

  private static List<String> find(final String text) {
    final byte[] bytes = text.getBytes(UTF_8);
    final var hits = new Hits();
    final var masks = new ByteMasks();
    masks.read(bytes, bytes.length);
    HiddenText.find(bytes, bytes.length, masks, hits);
    final List<String> spans = new ArrayList<>();
    for (int i = 0; i < hits.size(); i++) {
      spans.add(hits.start(i) + "-" + hits.end(i));
    }
    return spans;
  }
}
