package io.sealgate.classify.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** The masks against a loop over bytes. */
final class ByteMasksTest {
  private static final byte[] TELLING =
      "09/:;@A?-.,+*)[\\]%&'$~{|} \0\u00e9\u8bf7".getBytes(StandardCharsets.UTF_8);

  private final ByteMasks masks = new ByteMasks();

  /** One kind of mask. */
  private interface Mask {
    long of(int block);
  }

  private void compare(final byte[] text, final int length) {
    masks.read(text, length);
    assertEquals((length + 63) / 64, masks.blocks());
    compare("digits", text, length, masks::digits, b -> b >= '0' && b <= '9');
    compare("signs", text, length, masks::signs, b -> b == '@' || b == ':');
    compare("hyphens", text, length, masks::hyphens, b -> b == '-');
    compare(
        "specials", text, length, masks::specials, b -> b < 0 || b == '\\' || b == '%' || b == '&');
    compare("words", text, length, masks::words, b -> b > '*');
    compare("bars", text, length, masks::bars, b -> b == '|' || b == '~');
    assertEquals(0, masks.words(masks.blocks()));
    assertEquals(0, masks.specials(masks.blocks()));
  }

  private static void compare(
      final String name,
      final byte[] text,
      final int length,
      final Mask mask,
      final IntPredicate kind) {
    for (int block = 0; block * 64 < length; block++) {
      long expected = 0;
      for (int i = 0; i < 64 && block * 64 + i < length; i++) {
        expected |= kind.test(text[block * 64 + i]) ? 1L << i : 0;
      }
      assertEquals(expected, mask.of(block), name + " of " + length + " bytes, block " + block);
    }
  }

  @Test
  void shouldAgreeWithALoopWhenBytesAreRandomAndTheTextIsOfAnyLength() {
    final Random random = new Random(11);
    for (int round = 0; round < 20; round++) {
      // Down from the longest, so that what a longer text left behind would show.
      for (int length = 300; length >= 0; length--) {
        final byte[] text = new byte[length + random.nextInt(3)];
        random.nextBytes(text);
        compare(text, length);
        for (int i = 0; i < text.length; i++) {
          text[i] = TELLING[random.nextInt(TELLING.length)];
        }
        compare(text, length);
      }
    }
  }

  @Test
  void shouldKnowEveryByteAtEveryPlace() {
    for (int b = Byte.MIN_VALUE; b <= Byte.MAX_VALUE; b++) {
      for (int at = 0; at < 130; at++) {
        final byte[] text = new byte[130];
        text[at] = (byte) b;
        compare(text, text.length);
        compare(text, at + 1);
      }
    }
  }

  @Test
  void shouldAgreeAgainWhenALongTextCameBefore() {
    final byte[] text = new byte[17 << 20];
    new Random(12).nextBytes(text);
    compare(text, text.length);
    compare(text, 100);
    compare(text, 1 << 20);
  }
}
