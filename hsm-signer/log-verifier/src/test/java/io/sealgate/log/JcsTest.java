package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class JcsTest {
  private static String json(JcsWriter writer) {
    return new String(writer.buffer(), 0, writer.length(), UTF_8);
  }

  @Test
  void shouldEscapeAsInSection322OfTheRfc() {
    JcsWriter writer = new JcsWriter().value("\u20ac$\u000F\nA'B\"\\\\\"/");
    assertEquals("\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"", json(writer));
    assertEquals(
        "\"\\b\\t\\n\\f\\r\\u0000\\u001f\u007f\"",
        json(writer.reset().value("\b\t\n\f\r\u0000\u001f\u007f")));
  }

  @Test
  void shouldTakeMembersInTheOrderOfSection323OfTheRfc() {
    String[] names = {"\r", "1", "\u0080", "\u00f6", "\u20ac", "\ud83d\ude00", "\ufb33"};
    JcsWriter writer = new JcsWriter().beginObject();
    for (String name : names) {
      writer.name(name).value(true);
    }
    writer.endObject();
    assertEquals(
        "{\"\\r\":true,\"1\":true,\"\u0080\":true,\"\u00f6\":true,\"\u20ac\":true,"
            + "\"\ud83d\ude00\":true,\"\ufb33\":true}",
        json(writer));
    for (int i = 1; i < names.length; i++) {
      JcsWriter wrong = new JcsWriter().beginObject().name(names[i]).value(true);
      String before = names[i - 1];
      assertThrows(IllegalStateException.class, () -> wrong.name(before));
    }
    JcsWriter twice = new JcsWriter().beginObject().name("a").value(true);
    assertThrows(IllegalStateException.class, () -> twice.name("a"));
  }

  @Test
  void shouldWriteEveryKindOfValueAndReuseItsBuffer() {
    JcsWriter writer = new JcsWriter();
    writer.beginObject().name("a").beginArray().endArray();
    writer.name("b").beginArray().value(0L).value(-1L).value(JcsWriter.NUMBER_MAX);
    writer.value(-JcsWriter.NUMBER_MAX).nullValue().value(false).beginObject().endObject();
    writer.endArray().name("c").hex(new byte[] {0, (byte) 0xAF, 9}, 1, 2).endObject();
    assertEquals(
        "{\"a\":[],\"b\":[0,-1,9007199254740991,-9007199254740991,null,false,{}],\"c\":\"af09\"}",
        json(writer));
    byte[] buffer = writer.buffer();
    assertEquals("1", json(writer.reset().value(1L)));
    assertSame(buffer, writer.buffer());
    assertEquals(100_002, writer.reset().value("y".repeat(100_000)).length());
  }

  @Test
  void shouldRefuseWhatHasNoCanonicalForm() {
    JcsWriter writer = new JcsWriter();
    assertThrows(IllegalArgumentException.class, () -> writer.value(JcsWriter.NUMBER_MAX + 1));
    assertThrows(IllegalArgumentException.class, () -> writer.value(Long.MIN_VALUE));
    for (String lone : List.of("\ud800", "\udc00", "\ud800x", "\udc00\ud800")) {
      assertThrows(
          IllegalArgumentException.class, () -> writer.reset().value(lone), "lone surrogate");
    }
    writer.reset();
    assertThrows(IllegalStateException.class, writer::length);
    assertThrows(IllegalStateException.class, () -> writer.name("a"));
    assertThrows(IllegalStateException.class, writer::endObject);
    writer.beginObject();
    assertThrows(IllegalStateException.class, () -> writer.value(1L));
    assertThrows(IllegalStateException.class, writer::endArray);
    writer.name("a");
    assertThrows(IllegalStateException.class, () -> writer.name("b"));
    assertThrows(IllegalStateException.class, writer::endObject);
    writer.value(1L);
    assertThrows(IllegalStateException.class, writer::length);
    writer.endObject();
    assertThrows(IllegalStateException.class, () -> writer.value(1L));
    writer.reset();
    for (int i = 0; i < JcsWriter.DEPTH_MAX; i++) {
      writer.beginArray();
    }
    assertThrows(IllegalStateException.class, writer::beginArray);
  }

  @Test
  void shouldReadOnlyWhatIsCanonical() throws JcsException {
    assertEquals(
        Map.of("a", List.of(1L, -2L, "x\n\u001f\u00e9"), "b", true),
        JcsReader.parse("{\"a\":[1,-2,\"x\\n\\u001f\u00e9\"],\"b\":true}".getBytes(UTF_8)));
    List<String> bad =
        List.of(
            "",
            " 1",
            "1 ",
            "1 2",
            "01",
            "-0",
            "-",
            "+1",
            "1.0",
            "1e3",
            "9007199254740992",
            "-9007199254740992",
            "99999999999999999999",
            "tru",
            "nul",
            "NaN",
            "'a'",
            "\"a",
            "\"\\/\"",
            "\"\\u0041\"",
            "\"\\u000A\"",
            "\"\\u000a\"",
            "\"\\u001F\"",
            "\"\\x\"",
            "\"\\u00\"",
            "\"\n\"",
            "{\"a\":1,\"a\":1}",
            "{\"b\":1,\"a\":1}",
            "{\"a\":1,}",
            "{\"a\"}",
            "{a:1}",
            "{,}",
            "[1,]",
            "[",
            "[1",
            "{",
            "{\"a\":",
            "[ ]",
            "{\"a\": 1}",
            "\\",
            "[]]",
            "[".repeat(JcsWriter.DEPTH_MAX + 1) + "]".repeat(JcsWriter.DEPTH_MAX + 1));
    for (String one : bad) {
      assertThrows(JcsException.class, () -> JcsReader.parse(one.getBytes(UTF_8)), one);
    }
    assertThrows(JcsException.class, () -> JcsReader.parse(new byte[] {'"', (byte) 0xC0, '"'}));
    byte[] surrogate = {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'};
    assertThrows(JcsException.class, () -> JcsReader.parse(surrogate));
  }

  @Test
  void shouldRefuseAControlCharacterAnywhere() throws JcsException {
    byte[] good = "{\"a\":[1,\"x y\u00e9\u007f\\\\\\\"\",null],\"b\":\"\u20ac\"}".getBytes(UTF_8);
    assertEquals(Set.of("a", "b"), ((Map<?, ?>) JcsReader.parse(good)).keySet());
    for (int control = 0; control < 0x20; control++) {
      for (int at = 0; at <= good.length; at++) {
        byte[] bad = new byte[good.length + 1];
        System.arraycopy(good, 0, bad, 0, at);
        bad[at] = (byte) control;
        System.arraycopy(good, at, bad, at + 1, good.length - at);
        String what = control + " at " + at;
        assertThrows(JcsException.class, () -> JcsReader.parse(bad), what);
      }
    }
  }

  @Test
  void shouldReadBackTheSameBytesAndValues() throws JcsException {
    Random random = new Random(20261121);
    JcsWriter writer = new JcsWriter();
    for (int i = 0; i < 500; i++) {
      Object value = randomValue(random, 4);
      write(writer.reset(), value);
      byte[] bytes = writer.toByteArray();
      Object read = JcsReader.parse(bytes);
      assertEquals(value, read);
      write(writer.reset(), read);
      assertArrayEquals(bytes, writer.toByteArray());
    }
  }

  private static Object randomValue(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> random.nextLong() >> 11;
      case 1 -> random.nextBoolean();
      case 2, 3 -> randomText(random);
      case 4 -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(randomValue(random, depth - 1));
        }
        yield list;
      }
      default -> {
        Map<String, Object> map = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put(randomText(random), randomValue(random, depth - 1));
        }
        yield map;
      }
    };
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    int[] bounds = {0x20, 0x80, 0x800, 0xD800, 0x110000};
    for (int i = random.nextInt(8); i > 0; i--) {
      int codePoint = random.nextInt(bounds[random.nextInt(bounds.length)]);
      text.appendCodePoint(codePoint >= 0xD800 && codePoint < 0xE000 ? 'x' : codePoint);
    }
    return text.toString();
  }

  private static void write(JcsWriter writer, Object value) {
    switch (value) {
      case Long number -> writer.value(number);
      case Boolean flag -> writer.value(flag);
      case String text -> writer.value(text);
      case List<?> list -> {
        writer.beginArray();
        list.forEach(item -> write(writer, item));
        writer.endArray();
      }
      case Map<?, ?> map -> {
        writer.beginObject();
        map.forEach((name, item) -> write(writer.name((String) name), item));
        writer.endObject();
      }
      default -> throw new AssertionError(value);
    }
  }
}
