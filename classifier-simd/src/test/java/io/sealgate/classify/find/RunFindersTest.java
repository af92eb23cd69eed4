package io.sealgate.classify.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.Texts;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.HitsOverflow;
import io.sealgate.classify.view.ByteMasks;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RunFindersTest {
  private static final int ADVERSARIAL_BYTES = 10 * 1024 * 1024;

  private static final String[] PARTS = {
    "4111 1111 1111 1111",
    "4111111111111111",
    "GB29NWBK60161331926819",
    "536-90-4399",
    "ssn 536904399",
    "192.168.0.1",
    "2001:db8::1",
    "::ffff:10.0.0.1",
    "ann@example.com",
    "+14155552671",
    "(415) 555-2671",
    "020 7946 0958",
    " ",
    ",",
    "\"",
    "\0",
    "é",
    "x",
    "@",
    ":",
    ".",
    "-",
    "1",
    "99",
    "DE89",
    "word ",
    "\n",
    "请",
    "::",
    "a@b.co@c.de",
    "AA-BB-CC-DD-EE-FF",
    "00:1a:2b:3c:4d:5e",
    "https://a.example/x?q=1",
    "1HGCM82633A004352",
    "AA 12 34 56 B",
    "DE 136 695 976",
    "130 692 544",
    "12 Baker Street",
    "born ",
    "12 March 1985",
    "131052-308T",
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"
  };

  private static final String[] WHOLE = {
    "4111 1111 1111 1111",
    "GB29 NWBK 6016 1331 9268 19",
    "536-90-4399",
    "192.168.0.1",
    "2001:db8::1",
    "ann@example.com",
    "+14155552671",
    "(415) 555-2671",
    "AA 12 34 56 B",
    "AA-BB-CC-DD-EE-FF",
    "00:1a:2b:3c:4d:5e",
    "131052-308T",
    "12 Baker Street",
    "https://a.example/x",
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
    "11010519491231002X"
  };

  private final RunFinders finders = new RunFinders();
  private final ByteMasks masks = new ByteMasks();
  private final RunCandidates candidates = new RunCandidates();
  private final Hits vector = new Hits();
  private final Hits scalar = new Hits();

  private void scan(final byte[] text, final int length) {
    masks.read(text, length);
    finders.scan(text, length, masks, vector);
  }

  private void compare(final byte[] text, final int length) {
    vector.clear();
    scalar.clear();
    scan(text, length);
    candidates.begin(text, length, scalar);
    ScalarFinders.scan(candidates, text, length);
    assertEquals(
        Texts.dump(scalar), Texts.dump(vector), () -> Arrays.toString(Arrays.copyOf(text, length)));
  }

  @Test
  void shouldAgreeWithTheScalarTwinWhenBytesAreRandom() {
    final Random random = new Random(1);
    for (int length = 0; length <= 300; length++) {
      final byte[] any = new byte[length];
      random.nextBytes(any);
      compare(any, length);
      final byte[] telling = Texts.utf8("0123456789 -.:@aFX()+/\0\u00e9");
      for (int i = 0; i < length; i++) {
        any[i] = telling[random.nextInt(telling.length)];
      }
      compare(any, length);
    }
  }

  @Test
  void shouldAgreeWithTheScalarTwinWhenTextIsGenerated() {
    final Random random = new Random(2);
    for (int round = 0; round < 10_000; round++) {
      final StringBuilder text = new StringBuilder();
      for (int part = random.nextInt(16); part >= 0; part--) {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
      final byte[] bytes = Texts.utf8(text.toString());
      compare(bytes, bytes.length);
    }
  }

  @Test
  void shouldNotReadPastTheLengthWhenTheArrayGoesOn() {
    final byte[] text = Texts.utf8("card 4111111111111111 ann@example.com");
    vector.clear();
    scan(text, text.length - 1);
    assertEquals(
        "CREDIT_CARD 5 21 950000 CHECKSUM\nEMAIL_ADDRESS 22 36 900000 FORMAT\n",
        Texts.dump(vector));
    vector.clear();
    scan(text, 20);
    assertEquals("", Texts.dump(vector));
  }

  @Test
  void shouldFindTheSameWhereverTheFindingStands() {
    for (final String whole : WHOLE) {
      vector.clear();
      final byte[] alone = Texts.utf8(whole);
      scan(alone, alone.length);
      final String type = FindingTypes.name(vector.type(0));
      for (int before = 0; before < 130; before++) {
        final String text = "x".repeat(before) + ' ' + whole + ", " + "y ".repeat(40);
        assertEquals(Arrays.asList(type + '=' + whole), Texts.findings(text), () -> "in: " + text);
      }
    }
  }

  @Test
  void shouldFindNothingAcrossASeparatorWhenOneIsPutAnywhere() {
    for (final String whole : WHOLE) {
      for (int at = 1; at < whole.length(); at++) {
        final byte[] text = Texts.utf8(whole.substring(0, at) + '\0' + whole.substring(at));
        vector.clear();
        scan(text, text.length);
        for (int hit = 0; hit < vector.size(); hit++) {
          assertTrue(vector.end(hit) <= at || vector.start(hit) > at, whole);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "@",
        ":",
        "1-1-1-",
        "a@a@a@",
        "1:1:1:",
        "::",
        "1.1.1.",
        "7777 ",
        "4000-",
        "1111 1111 ",
        "a.",
        "aa11",
        "DE89 ",
        "+1 ",
        "(",
        "+1-",
        "123456789 ",
        "999-99-9999 ",
        "0 0 0",
        "a@a.a.",
        "f:f::",
        "请",
        "x@请",
        " 111-555-2681",
        "+999 12 34 56 78 ",
        "415-555-267",
        "\u0000"
      })
  void shouldComeToAnEndWhenTextIsAdversarial(final String pattern) {
    final byte[] unit = Texts.utf8(pattern);
    final byte[] text = new byte[ADVERSARIAL_BYTES];
    for (int i = 0; i < text.length; i++) {
      text[i] = unit[i % unit.length];
    }
    vector.clear();
    scan(text, text.length);
    assertEquals(0, vector.size());
  }

  @Test
  void shouldOverflowWhenThereAreMoreHitsThanTheBound() {
    final byte[] text = Texts.utf8("1.2.3.4 ".repeat(Hits.HITS_MAX + 1));
    vector.clear();
    assertThrows(HitsOverflow.class, () -> scan(text, text.length));
    assertEquals(Hits.HITS_MAX, vector.size());
  }

  @Test
  void shouldAllocateNothingWhenTextHoldsNoFinding() {
    final byte[] text =
        Texts.utf8(
            ("Order 12345 of 2026-11-21 12:30:45, user@host a::b x[1::2] 1.2.3 "
                    + "4111 1111 1111 1112 {\"k\": [1, 22, 333], \"t\": \"9876543210\"}\n")
                .repeat(64));
    final com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    // Vectors are objects until the loop is compiled, so the least of many rounds counts.
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20_000 && least > 0; round++) {
      vector.clear();
      final long before = threads.getCurrentThreadAllocatedBytes();
      scan(text, text.length);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, vector.size());
    assertEquals(0, least);
  }
}
