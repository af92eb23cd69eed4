package io.sealgate.classify.view;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class Base64RunsTest {
  private final Base64Runs runs = new Base64Runs();
  private final ByteMasks masks = new ByteMasks();

  private boolean find(final byte[] text) {
    masks.read(text, text.length);
    return runs.find(text, 0, text.length, masks);
  }

  @Test
  void shouldAgreeWithALoopWhenTextsAreRandom() {
    for (int seed = 0; seed < 20_000; seed++) {
      final Random random = new Random(seed);
      final byte[] text = new byte[random.nextInt(400)];
      final int breaks = 1 + random.nextInt(60);
      for (int i = 0; i < text.length; i++) {
        final boolean part = random.nextInt(breaks) != 0;
        text[i] = (byte) (part ? "aZ09+/-_".charAt(random.nextInt(8)) : random.nextInt(256));
      }
      final List<String> expected = new ArrayList<>();
      int start = 0;
      for (int i = 0; i <= text.length; i++) {
        if (i == text.length || !Base64Runs.isRun(text[i])) {
          if (i - start >= Base64Runs.CHARACTERS_MIN) {
            expected.add(start + "-" + i);
          }
          start = i + 1;
        }
      }
      final List<String> found = new ArrayList<>();
      int from = 0;
      masks.read(text, text.length);
      while (runs.find(text, from, text.length, masks)) {
        found.add(runs.start() + "-" + runs.end());
        from = runs.end();
      }
      assertEquals(expected, found, "seed " + seed);
    }
  }

  @Test
  void shouldDecodeTextWhateverStandsRightBeforeIt() {
    final byte[] plain = "caf\u00e9 and more \u8bf7 text".getBytes(StandardCharsets.UTF_8);
    for (final String before : List.of("", "x", "xy", "xyz")) {
      for (final Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        final byte[] text =
            (before + encoder.withoutPadding().encodeToString(plain))
                .getBytes(StandardCharsets.US_ASCII);
        assertTrue(find(text));
        final int bytes = runs.decode(text);
        final byte[] decoded = Arrays.copyOf(runs.decoded(), bytes);
        assertArrayEquals(plain, Arrays.copyOfRange(decoded, bytes - plain.length, bytes));
      }
    }
  }

  @Test
  void shouldHardlyEverTakeRandomBytesForText() {
    final Random random = new Random(5);
    int texts = 0;
    for (int i = 0; i < 2_000; i++) {
      final byte[] bytes = new byte[18 + random.nextInt(60)];
      random.nextBytes(bytes);
      final byte[] text = Base64.getEncoder().withoutPadding().encode(bytes);
      assertTrue(find(text) || bytes.length < 18);
      texts += runs.decode(text) == 0 ? 0 : 1;
    }
    assertTrue(texts < 5, texts + " of 2,000");
    assertFalse(find("a b c".getBytes(StandardCharsets.US_ASCII)));
  }
}
