package io.sealgate.gateway.loopback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokensTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "a", "abcd", "abcde", "\u00e4\u20ac\ud83d\ude00x"})
  void shouldCountFourBytesATokenWhenTheTextIsWellFormed(final String text) {
    final int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    assertEquals((bytes + 3) / 4, Tokens.count(text));
  }

  @Test
  void shouldClipAtWholeCodePointsWhenTheLimitFallsWithinOne() {
    assertEquals("abc", Tokens.clip("abc\ud83d\ude00", 1));
    assertEquals("abc\ud83d\ude00", Tokens.clip("abc\ud83d\ude00", 2));
    assertEquals("\u20ac", Tokens.clip("\u20ac\u20ac", 1));
    assertEquals("any", Tokens.clip("any", Integer.MAX_VALUE));
  }
}
