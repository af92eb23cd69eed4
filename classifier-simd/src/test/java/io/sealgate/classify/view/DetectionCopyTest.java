package io.sealgate.classify.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DetectionCopyTest {
  private static final String[] PARTS = {
    "a",
    "word",
    " ",
    "7",
    "\\",
    "\\n",
    "\\\\",
    "\\u0041",
    "\\\\u0041",
    "\\ud83d\\ude00",
    "\\ud83d",
    "\\x41",
    "\\/",
    "\\\"",
    "%41",
    "%2541",
    "%C3%A9",
    "%E8%AF%B7",
    "%",
    "%zz",
    "&#65;",
    "&#x41;",
    "&amp;#65;",
    "&nbsp;",
    "&",
    "&#",
    "\u200b",
    "\u0301",
    "\ufe0f",
    "\uff21",
    "\uff11",
    "\u2160",
    "\u2014",
    "\u00a0",
    "\u00e9",
    "\u8bf7",
    "\ud55c",
    "\ud835\udfce",
    "\ufb01",
    "\u0430",
    "\u0431",
    "\u03bf",
    "p\u0430",
    "\ud83d\ude00",
    "\u0000",
    "u0041",
    "00"
  };

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          \\u0041b|Ab
          \\\\u0041b|Ab
          \\\\\\\\u0041|\\u0041
          \\u005cu0041|A
          a\\nb|a~b
          a\\n "b\\"|a\\n "b\\"
          \\ud83d\\ude00|\ud83d\ude00
          \\ud83dx|\ufffdx
          C:\\dir|C:\\dir
          %41%2541%C3%A9|AAe
          %C3%|%C3%
          100%ab|100%ab
          &#65;&#x41;&amp;#65;&commat;|AAA@
          &unknown;&#;&#xZ;|&unknown;&#;&#xZ;
          4\u200b1\u00ad1\ufeff1|4111
          e\u0301\u0336x|ex
          \u00e9\uff21\uff11\u2460\u2167\ufb01|eA11VIIIfi
          \u0661\u0967\ud835\udfcf|111
          1\u20102\u20133\u22124|1-2-3-4
          a\u00a0b\u3000c|a b c
          gh\u0440_|ghp_
          \u0440\u0430yp\u0430l|paypal
          \u0441\u043e\u0441\u043e|\u0441\u043e\u0441\u043e
          \u0421\u043e\u0432\u0435\u0442 a|\u0421\u043e\u0432\u0435\u0442 a
          x\u0432\u043e\u0434\u0430|x\u0432\u043e\u0434\u0430
          \ud55c\uad6d\u8bf7|\ud55c\uad6d\u8bf7
          """)
  void shouldWritePlainly(final String text, final String plain) {
    // A table cannot hold a line feed.
    assertEquals(plain.replace('~', '\n'), copy(text));
  }

  @Test
  void shouldGiveTheSameCopyWhereverTheTextIsCut() {
    for (int seed = 0; seed < 20_000; seed++) {
      final Random random = new Random(seed);
      final StringBuilder written = new StringBuilder();
      for (int i = random.nextInt(20); i >= 0; i--) {
        written.append(PARTS[random.nextInt(PARTS.length)]);
      }
      final byte[] text = written.toString().getBytes(UTF_8);
      final DetectionCopy whole = new DetectionCopy();
      whole.begin(text, 0, 0, 0);
      whole.append(text, 0, text.length, true);
      final DetectionCopy pieces = new DetectionCopy();
      pieces.begin(text, 0, 0, 0);
      int to = 0;
      while (to < text.length) {
        to = Math.min(text.length, to + 1 + random.nextInt(12));
        while (to < text.length && (text[to] & 0xC0) == 0x80) {
          to++;
        }
        pieces.append(text, pieces.read(), to, false);
      }
      pieces.append(text, pieces.read(), to, true);
      assertEquals(dump(whole), dump(pieces), "seed " + seed);
      assertEquals(text.length, whole.read(), "seed " + seed);
    }
  }

  @Test
  void shouldLeadBackToTheBytesOfTheText() {
    for (int seed = 0; seed < 20_000; seed++) {
      final Random random = new Random(seed);
      final StringBuilder written = new StringBuilder();
      for (int i = random.nextInt(20); i >= 0; i--) {
        written.append(PARTS[random.nextInt(PARTS.length)]);
      }
      final byte[] text = written.toString().getBytes(UTF_8);
      final DetectionCopy copy = new DetectionCopy();
      copy.begin(text, 0, 0, 0);
      copy.append(text, 0, text.length, true);
      final String name = "seed " + seed;
      new String(copy.bytes(), 0, copy.length(), UTF_8)
          .codePoints()
          .forEach(c -> assertTrue(c != 0xFFFD || written.indexOf("\\ud83d") >= 0, name));
      int before = 0;
      for (int at = 0; at < copy.length(); at++) {
        final int start = copy.textStart(at);
        final int end = copy.textEnd(at + 1);
        assertTrue(start >= 0 && start <= end && end <= text.length, name);
        assertTrue(start >= before, name);
        before = start;
      }
      final DetectionCopy shorter = new DetectionCopy();
      shorter.begin(text, 0, 0, 0);
      shorter.append(text, 0, text.length, true);
      final int gone = random.nextInt(copy.length() + 1);
      shorter.discard(gone);
      assertTrue(shorter.origin() <= gone, name);
      for (int at = shorter.origin(); at < copy.length(); at++) {
        assertEquals(copy.textStart(at), shorter.textStart(at), name);
        assertEquals(copy.textEnd(at + 1), shorter.textEnd(at + 1), name);
        assertEquals(copy.bytes()[at], shorter.bytes()[at - shorter.origin()], name);
      }
    }
  }

  private static String dump(final DetectionCopy copy) {
    final StringBuilder dump =
        new StringBuilder(new String(copy.bytes(), 0, copy.length(), UTF_8)).append('\n');
    for (int at = 0; at < copy.length(); at++) {
      dump.append(copy.textStart(at)).append('-').append(copy.textEnd(at + 1)).append(' ');
    }
    return dump.toString();
  }

  private static String copy(final String written) {
    final byte[] text = written.getBytes(UTF_8);
    final DetectionCopy copy = new DetectionCopy();
    copy.begin(text, 0, 0, 0);
    copy.append(text, 0, text.length, true);
    return new String(copy.bytes(), 0, copy.length(), UTF_8);
  }
}
