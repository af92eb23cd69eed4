package io.sealgate.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelPatternTest {
  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, ab, false",
    "a, '', false",
    "*, '', true",
    "*, anything, true",
    "a*, a, true",
    "a*c, abbbc, true",
    "a*c, abbb, false",
    "*a*b, xaab, true",
    "*a*b, xaabc, false",
    "a**b, ab, true",
    "a*b, a*b, true",
    "gpt-*-mini, gpt-4-mini-mini, true",
  })
  void shouldMatchWhenTheStarsCanStandForTheRest(
      final String pattern, final String model, final boolean expected) {
    assertEquals(expected, new ModelPattern(pattern).matches(model));
  }

  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, b, false",
    "a*, *b, true",
    "a*, b*, false",
    "*a, *b, false",
    "a*c, abc, true",
    "a*c, ab, false",
    "*, x, true",
    "**, *, true",
    "a*b*c, axc, false",
    "a*b*c, a*c, true",
    "loopback-1, loopback-1:*, false",
  })
  void shouldOverlapWhenSomeNameIsMeantByBoth(
      final String left, final String right, final boolean expected) {
    assertEquals(expected, new ModelPattern(left).overlaps(new ModelPattern(right)));
    assertEquals(expected, new ModelPattern(right).overlaps(new ModelPattern(left)));
  }
}
