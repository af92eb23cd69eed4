package io.sealgate.classify.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class JsonStringsTest {
  @Test
  void shouldFindTheFirstByteBeyondAsciiWhereverItStands() {
    for (int to = 0; to <= 200; to++) {
      final byte[] text = new byte[200];
      Arrays.fill(text, 0, to, (byte) 0x7F);
      Arrays.fill(text, to, text.length, (byte) 0x80);
      for (int from = 0; from <= to; from++) {
        assertEquals(to, JsonStrings.skipAscii(text, from, to));
        assertEquals(to, JsonStrings.skipAscii(text, from, text.length));
        if (from < to) {
          final byte plain = text[from];
          text[from] = (byte) 0xC3;
          assertEquals(from, JsonStrings.skipAscii(text, 0, to));
          text[from] = plain;
        }
      }
    }
  }
}
