package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class CodePointsTest {
  @Test
  void shouldCountAsJavaDoesWhereverItIsAsked() {
    final String text = "a\u00e9\u8bf7\ud83d\ude00b\u0301 c".repeat(20);
    final byte[] utf8 = Texts.utf8("xy" + text + "z");
    final CodePoints points = new CodePoints(utf8, 2, utf8.length - 1);
    final Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      final int chars = text.offsetByCodePoints(0, random.nextInt(text.codePointCount(0, 160) + 1));
      final int bytes = Texts.utf8(text.substring(0, chars)).length;
      assertEquals(text.codePointCount(0, chars), points.at(2 + bytes), "bytes " + bytes);
    }
    assertThrows(IndexOutOfBoundsException.class, () -> points.at(1));
    assertThrows(IndexOutOfBoundsException.class, () -> points.at(utf8.length));
  }
}
