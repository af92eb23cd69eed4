package io.sealgate.classify.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.Texts;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.BuiltInPacks;
import io.sealgate.classify.pack.ExampleText;
import io.sealgate.classify.pack.Rule;
import io.sealgate.classify.secret.TokenChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ShortNumbersTest {
  private static final String[] BETWEEN = {
    " ",
    "-",
    ".",
    ",",
    "/",
    ":",
    "+",
    "(",
    ")",
    ", ",
    ". ",
    ") ",
    " (",
    "\n",
    "\"",
    "x",
    "A",
    "é",
    "March ",
    " of May ",
    "born ",
    "phone: ",
    "ssn ",
    "id ",
    "\0",
    "th ",
    " Baker Street",
    "[",
    "]",
    "  ",
    "1",
    "12",
    "123",
    "1985",
    "0",
    "020",
    "415",
    "555",
    "2671"
  };

  private final RunCandidates candidates = new RunCandidates();
  private final Hits hits = new Hits();
  private int passedOver;

  @Test
  void aNumberThatIsPassedOverLeadsNowhere() {
    final Random random = new Random(20_261_121);
    final List<String> examples = examples();
    for (int i = 0; i < 40_000; i++) {
      final StringBuilder text = new StringBuilder("born: phone ");
      for (int part = random.nextInt(12); part >= 0; part--) {
        text.append(
            random.nextInt(3) == 0
                ? random.nextInt(2_100)
                : BETWEEN[random.nextInt(BETWEEN.length)]);
      }
      check(text + "            ");
      final String example = examples.get(random.nextInt(examples.size()));
      final int cut = random.nextInt(example.length() + 1);
      final String in = BETWEEN[random.nextInt(BETWEEN.length)];
      check("x" + example.substring(0, cut) + in + example.substring(cut) + "; and so on");
    }
    assertTrue(passedOver > 10_000, "only " + passedOver + " numbers were passed over");
  }

  @Test
  void numbersOfCodeAreSeenToStandAlone() {
    for (final String text :
        new String[] {"a[12] = b;      ", "\"no\": 1, \"metres\"  ", " 12.5,          "}) {
      assertTrue(standsAlone(Texts.utf8(text), digit(text)), text);
    }
    for (final String text :
        new String[] {" 4111 1111 1111  ", "+1 415 555 2671  ", " 10.0.0.1      ", " 12, 1985  "}) {
      assertFalse(standsAlone(Texts.utf8(text), digit(text)), text);
    }
  }

  private static boolean standsAlone(final byte[] text, final int at) {
    return ShortNumbers.standsAlone(text, at, run(text, at), text.length);
  }

  private static int run(final byte[] text, final int at) {
    return Ascii.digits(text, at, text.length, RunCandidates.RUN_DIGITS_MAX);
  }

  private static int digit(final String text) {
    int at = 0;
    while (!Ascii.digit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private void check(final String text) {
    final byte[] utf8 = Texts.utf8(text);
    hits.clear();
    candidates.begin(utf8, utf8.length, hits);
    for (int at = 1; at < utf8.length; at++) {
      if (Ascii.digit(utf8[at]) && !Ascii.digit(utf8[at - 1]) && standsAlone(utf8, at)) {
        passedOver++;
        candidates.digits(at, run(utf8, at));
        assertEquals(0, hits.size(), "at " + at + " of " + text);
      }
    }
    candidates.end();
  }

  private static List<String> examples() {
    final List<String> all = new ArrayList<>();
    final ExampleText texts = new ExampleText(TokenChecks.makers());
    for (final Rule rule : BuiltInPacks.rules()) {
      for (final String example : rule.examples().match()) {
        all.add(texts.expand(example).replace("<<", "").replace(">>", ""));
      }
    }
    return all;
  }
}
