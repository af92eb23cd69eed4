package io.sealgate.policy.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class JsonTextTest {
  @Test
  void shouldBeReadAsTheSameText() {
    final StringBuilder text = new StringBuilder();
    for (char c = 0; c < 0x500; c++) {
      text.append(c);
    }
    text.append("\u2028\uffff").appendCodePoint(0x1f600).appendCodePoint(0x10ffff);
    assertEquals(text.toString(), JsonReader.read(quoted(text.toString())));
  }

  @Test
  void shouldEscapeHalvesOfPairs() {
    assertEquals("\"\\ud83d\"", quoted("\ud83d"));
    assertEquals("\"\\ude00\"", quoted("\ude00"));
    assertEquals("\"\\ud83d\ud83d\ude00\\ude00\"", quoted("\ud83d\ud83d\ude00\ude00"));
  }

  private static String quoted(String text) {
    final StringBuilder out = new StringBuilder();
    JsonText.quote(out, text);
    return out.toString();
  }
}
