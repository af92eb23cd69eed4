package io.sealgate.policy.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CanonicalJsonTest {
  private static final long SEED = 8785L;

  /** The number samples of RFC 8785, appendix B, that are finite. */
  @ParameterizedTest
  @CsvSource({
    "0000000000000000, 0",
    "8000000000000000, 0",
    "0000000000000001, 5e-324",
    "8000000000000001, -5e-324",
    "7fefffffffffffff, 1.7976931348623157e+308",
    "ffefffffffffffff, -1.7976931348623157e+308",
    "4340000000000000, 9007199254740992",
    "c340000000000000, -9007199254740992",
    "4430000000000000, 295147905179352830000",
    "44b52d02c7e14af5, 9.999999999999997e+22",
    "44b52d02c7e14af6, 1e+23",
    "44b52d02c7e14af7, 1.0000000000000001e+23",
    "444b1ae4d6e2ef4e, 999999999999999700000",
    "444b1ae4d6e2ef4f, 999999999999999900000",
    "444b1ae4d6e2ef50, 1e+21",
    "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d, 0.000001",
    "41b3de4355555553, 333333333.3333332",
    "41b3de4355555557, 333333333.33333343",
    "becbf647612f3696, -0.0000033333333333333333",
    "43143ff3c1cb0959, 1424953923781206.2"
  })
  void shouldWriteNumbersAsTheRfcDoesWhenTheyAreDoubles(String bits, String text) {
    assertEquals(
        text, CanonicalJson.write(Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16))));
  }

  @Test
  void shouldSortAndEscapeAsTheRfcDoesWhenMembersAreWritten() {
    final Map<String, Object> map = new LinkedHashMap<>();
    map.put("\u20ac", "Euro Sign");
    map.put("\r", "Carriage Return");
    map.put("\ufb33", "Hebrew Letter Dalet With Dagesh");
    map.put("1", "One");
    map.put("\ud83d\ude00", "Emoji: Grinning Face");
    map.put("\u0080", "Control");
    map.put("\u00f6", "Latin Small Letter O With Diaeresis");
    assertEquals(
        List.of("\r", "1", "\u0080", "\u00f6", "\u20ac", "\ud83d\ude00", "\ufb33"),
        new ArrayList<>(((Map<?, ?>) JsonReader.read(CanonicalJson.write(map))).keySet()));
    assertEquals(
        "\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"",
        CanonicalJson.write("\u20ac$\u000f\nA'B\"\\\\\"/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
        "01",
        "1.",
        "-",
        "+1",
        "nul",
        "\"\\x\"",
        "\"\\ud800\"",
        "\"a",
        "[1] 2",
        "'a'",
        "\"\u0001\"",
        "{1:2}",
        "NaN",
        "\"\\u12g4\"",
        "\"\\u12\u0663\u0664\""
      })
  void shouldRefuseWhenTheTextIsNotJson(String text) {
    assertThrows(IllegalArgumentException.class, () -> JsonReader.read(text));
    assertThrows(IllegalArgumentException.class, () -> JsonReader.readExact(text));
  }

  @Test
  void shouldNameThePlaceWhenTheTextIsNotJson() {
    for (final String[] bad :
        new String[][] {
          {"[1] 2", "there is more after the value at character 5"},
          {"{\"a\" 1}", "':' is missing at character 6"},
          {"[1, tru]", "this is no value at character 5"},
          {"{\"a\":1,\"a\":2}", "an object has one key twice at character 12"},
          {"[\"a", "the text ends too early at character 4"},
        }) {
      final String message = "this is not JSON: " + bad[1];
      assertEquals(
          message,
          assertThrows(IllegalArgumentException.class, () -> JsonReader.read(bad[0])).getMessage());
      assertEquals(
          message,
          assertThrows(IllegalArgumentException.class, () -> JsonReader.readExact(bad[0]))
              .getMessage());
    }
  }

  @Test
  void shouldKeepEveryDigitWhenReadExactly() {
    final String number = "123456789012345678901234567890.12345678901234567890";
    assertEquals(new BigDecimal(number), JsonReader.readExact(number));
    assertEquals(new BigDecimal("1e999"), JsonReader.readExact("1e999"));
    assertEquals(Double.valueOf(number), JsonReader.read(number));
    assertThrows(IllegalArgumentException.class, () -> JsonReader.read("1e999"));
    assertThrows(IllegalArgumentException.class, () -> JsonReader.readExact("1e99999"));
    JsonReader.readExact("[".repeat(200) + "]".repeat(200));
    assertThrows(
        IllegalArgumentException.class, () -> JsonReader.read("[".repeat(66) + "]".repeat(66)));
  }

  @Test
  void shouldRefuseWhenItIsNestedTooDeep() {
    assertThrows(IllegalArgumentException.class, () -> JsonReader.read("[".repeat(100_000)));
  }

  @Test
  void shouldReadBackWhatItWroteWhenValuesAreRandom() {
    final Random random = new Random(SEED);
    for (int i = 0; i < 2_000; i++) {
      final Object value = value(random, 4);
      final String text = CanonicalJson.write(value);
      assertEquals(value, JsonReader.read(text), () -> "seed " + SEED + ": " + text);
      assertEquals(text, CanonicalJson.write(JsonReader.read(text)));
    }
  }

  /** Any value; doubles have a fraction, as whole numbers read back as long. */
  static Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong(-CanonicalJson.EXACT_MAX, CanonicalJson.EXACT_MAX);
      case 3 -> random.nextInt(1_000_000) + 0.5;
      case 4 -> Math.scalb(random.nextDouble() + 1, -random.nextInt(1_000) - 60);
      case 5 -> text(random);
      case 6 -> {
        final List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth - 1));
        }
        yield list;
      }
      default -> {
        final Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put(text(random), value(random, depth - 1));
        }
        yield map;
      }
    };
  }

  private static String text(Random random) {
    final StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      int c = random.nextInt(random.nextBoolean() ? 0x80 : 0x11_0000);
      c = c >= 0xd800 && c < 0xe000 ? 'x' : c;
      text.appendCodePoint(c);
    }
    return text.toString();
  }
}
