package io.sealgate.policy.cel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LiteralScanTest {
  private static LiteralScan scan(String text) {
    return LiteralScan.of(text).orElseThrow();
  }

  @Test
  void shouldGiveTheSameKeyWhenOnlyLiteralsDiffer() {
    final LiteralScan one = scan("a == \"x\" && b < 10 || c in ['y', 'z']");
    final LiteralScan other = scan("a == 'longer \"text\"' && b < 7 || c in [\"\", '0']");
    assertEquals(one.key(), other.key());
    assertEquals(4, one.literals().size());
    assertEquals("longer \"text\"", other.literals().getFirst().value().stringValue());
    assertEquals(7, other.literals().get(1).value().int64Value());
    assertNotEquals(one.key(), scan("a == \"x\" && b < 10 || c in ['y', 3]").key());
    assertNotEquals(scan("a == 'x'").key(), scan("a == 1").key());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1.5", "-7", "- 7", "0x1F", "5u", "1e9", "007", "x1", "12345678901234567890"})
  void shouldLeaveNumbersInTheKeyWhenTheyAreNotPlain(String number) {
    final LiteralScan scan = scan("a < " + number);
    assertTrue(scan.literals().isEmpty(), scan::toString);
    assertEquals("a < " + number, scan.key());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a == \"\"\"x\"\"\"",
        "a == r'x'",
        "a == b\"x\"",
        "a == 'x\\n'",
        "a == 'x",
        "a // 'x'",
        "a.`b'c'`",
        "a == 'é'",
        "é == 1"
      })
  void shouldGiveUpWhenExtentIsNotPlain(String text) {
    assertFalse(LiteralScan.of(text).isPresent());
  }
}
