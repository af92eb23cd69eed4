package io.sealgate.classify.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sealgate.classify.Segments;
import io.sealgate.classify.json.JsonRejected.Reason;
import io.sealgate.classify.json.JsonTape.Kind;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class JsonTapeTest {
  private static final JsonLimits SMALL = new JsonLimits(4, 12, 16, 64);

  private final JsonTape tape = new JsonTape(JsonLimits.DEFAULT);

  @Test
  void shouldAcceptWhatTheGrammarAllows() throws JsonRejected {
    // One char is one byte, so that every row can spell its bytes.
    final String[] rows = {
      "{}",
      "[]",
      "\"\"",
      "0",
      "-0",
      "1",
      "-1",
      "10",
      "1.5",
      "1.0e5",
      "1E+5",
      "1e-5",
      "0e1",
      "-0.0",
      "true",
      "false",
      "null",
      " null ",
      "\t\r\n 1 \t\r\n",
      "[1,2]",
      "[ 1 , 2 ]",
      "[[],{}]",
      "{\"a\":1}",
      "{ \"a\" : 1 , \"b\" : { } }",
      "{\"\":1}",
      "{\"a\":1,\"A\":2}",
      "[{\"a\":1},{\"a\":1}]",
      "{\"a\":{\"a\":1}}",
      "{\"a\":1,\"a \":2}",
      "{\"a\":1,\"aa\":2}",
      "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
      "\"\\u0000\"",
      "\"\\u00Ff\"",
      "\"\\ud83d\\uDE00\"",
      "\"\\uDBFF\\uDFFF\"",
      "\"\\uffff\"",
      "\"\\\\u12\"",
      "\"\u007f\"",
      "\"\u00c2\u0080\"",
      "\"\u00df\u00bf\"",
      "\"\u00e0\u00a0\u0080\"",
      "\"\u00ed\u009f\u00bf\"",
      "\"\u00ee\u0080\u0080\"",
      "\"\u00ef\u00bb\u00bf\"",
      "\"\u00f0\u0090\u0080\u0080\"",
      "\"\u00f4\u008f\u00bf\u00bf\"",
      "123456789012345678901234567890",
      "1e999",
      "{\"a\\u0000\":1,\"a\":2}",
      "\"\u00e2\u0080\u00a8\"",
    };
    for (final String row : rows) {
      tape.parse(row.getBytes(ISO_8859_1), 0, row.length());
      assertEquals(row.strip().length(), tape.wireEnd(tape.root()) - tape.wireStart(tape.root()));
    }
  }

  @Test
  void shouldRefuseWithReasonAndPlaceWhenReadersCouldDisagree() {
    final Object[][] rows = {
      {"", Reason.NOT_JSON, 0},
      {" ", Reason.NOT_JSON, 1},
      {"{", Reason.NOT_JSON, 1},
      {"[", Reason.NOT_JSON, 1},
      {"]", Reason.NOT_JSON, 0},
      {"[}", Reason.NOT_JSON, 1},
      {"{]", Reason.NOT_JSON, 1},
      {"[1}", Reason.NOT_JSON, 2},
      {"[1,]", Reason.NOT_JSON, 3},
      {"[,1]", Reason.NOT_JSON, 1},
      {"[1 2]", Reason.NOT_JSON, 3},
      {"[1,,2]", Reason.NOT_JSON, 3},
      {"{\"a\"}", Reason.NOT_JSON, 4},
      {"{\"a\":}", Reason.NOT_JSON, 5},
      {"{\"a\":1,}", Reason.NOT_JSON, 7},
      {"{a:1}", Reason.NOT_JSON, 1},
      {"{1:1}", Reason.NOT_JSON, 1},
      {"{'a':1}", Reason.NOT_JSON, 1},
      {"{\"a\" 1}", Reason.NOT_JSON, 5},
      {"{\"a\":1 \"b\":2}", Reason.NOT_JSON, 7},
      {"{\"a\":1", Reason.NOT_JSON, 6},
      {"[1", Reason.NOT_JSON, 2},
      {"\"a", Reason.NOT_JSON, 2},
      {"\"\\", Reason.NOT_JSON, 2},
      {"nul", Reason.NOT_JSON, 0},
      {"True", Reason.NOT_JSON, 0},
      {"undefined", Reason.NOT_JSON, 0},
      {"// c\n1", Reason.NOT_JSON, 0},
      {"\u000b1", Reason.NOT_JSON, 0},
      {"\u00a01", Reason.NOT_JSON, 0},
      {"+1", Reason.NOT_JSON, 0},
      {".5", Reason.NOT_JSON, 0},
      {"NaN", Reason.BAD_NUMBER, 0},
      {"Infinity", Reason.BAD_NUMBER, 0},
      {"-Infinity", Reason.BAD_NUMBER, 1},
      {"-", Reason.BAD_NUMBER, 1},
      {"01", Reason.BAD_NUMBER, 0},
      {"-01", Reason.BAD_NUMBER, 1},
      {"00", Reason.BAD_NUMBER, 0},
      {"1.", Reason.BAD_NUMBER, 2},
      {"1.e1", Reason.BAD_NUMBER, 2},
      {"1e", Reason.BAD_NUMBER, 2},
      {"1e+", Reason.BAD_NUMBER, 3},
      {"--1", Reason.BAD_NUMBER, 1},
      {"0x10", Reason.TRAILING_BYTES, 1},
      {"1 2", Reason.TRAILING_BYTES, 2},
      {"{}{}", Reason.TRAILING_BYTES, 2},
      {"[]]", Reason.TRAILING_BYTES, 2},
      {"truex", Reason.TRAILING_BYTES, 4},
      {"1\u0000", Reason.TRAILING_BYTES, 1},
      {"1_0", Reason.TRAILING_BYTES, 1},
      {"\u00ef\u00bb\u00bf{}", Reason.BYTE_ORDER_MARK, 0},
      {"\u00fe\u00ff{}", Reason.NOT_JSON, 0},
      {"\u00ef\u00bb{}", Reason.NOT_JSON, 0},
      {"\"\n\"", Reason.CONTROL_CHARACTER, 1},
      {"\"a\u0000\"", Reason.CONTROL_CHARACTER, 2},
      {"\"aaaaaaaaa\u001f\"", Reason.CONTROL_CHARACTER, 10},
      {"\"\\a\"", Reason.BAD_ESCAPE, 1},
      {"\"\\'\"", Reason.BAD_ESCAPE, 1},
      {"\"\\x41\"", Reason.BAD_ESCAPE, 1},
      {"\"\\u12\"", Reason.BAD_ESCAPE, 1},
      {"\"\\u12g4\"", Reason.BAD_ESCAPE, 1},
      {"\"\\U0041\"", Reason.BAD_ESCAPE, 1},
      {"\"\\u\u00ef\u00bc\u0091111\"", Reason.BAD_ESCAPE, 1},
      {"\"\\ud800\"", Reason.LONE_SURROGATE, 1},
      {"\"\\udc00\"", Reason.LONE_SURROGATE, 1},
      {"\"\\ud800a\"", Reason.LONE_SURROGATE, 1},
      {"\"\\ud800\\n\"", Reason.LONE_SURROGATE, 1},
      {"\"\\ud800\\ud800\"", Reason.LONE_SURROGATE, 1},
      {"\"\\udc00\\ud800\"", Reason.LONE_SURROGATE, 1},
      {"\"\\ud800\\u0041\"", Reason.LONE_SURROGATE, 1},
      {"\"\u0080\"", Reason.BAD_UTF8, 1},
      {"\"\u00ff\"", Reason.BAD_UTF8, 1},
      {"\"\u00c0\u00af\"", Reason.BAD_UTF8, 1},
      {"\"\u00c1\u00bf\"", Reason.BAD_UTF8, 1},
      {"\"\u00c3\"", Reason.BAD_UTF8, 1},
      {"\"\u00e0\u0080\u00af\"", Reason.BAD_UTF8, 1},
      {"\"\u00ed\u00a0\u0080\"", Reason.BAD_UTF8, 1},
      {"\"\u00e2\u0082\"", Reason.BAD_UTF8, 1},
      {"\"\u00f0\u0080\u0080\u00af\"", Reason.BAD_UTF8, 1},
      {"\"\u00f4\u0090\u0080\u0080\"", Reason.BAD_UTF8, 1},
      {"\"\u00f5\u0080\u0080\u0080\"", Reason.BAD_UTF8, 1},
      {"\"a\u00f0\u009f", Reason.BAD_UTF8, 2},
      {"{\"a\":1,\"a\":2}", Reason.DUPLICATE_KEY, 7},
      {"{\"a\":1,\"b\":1,\"\\u0061\":2}", Reason.DUPLICATE_KEY, 13},
      {"{\"\\u0061\":1,\"\\u0061\":1}", Reason.DUPLICATE_KEY, 12},
      {"{\"\":1,\"\":1}", Reason.DUPLICATE_KEY, 6},
      {"[{\"a\":{\"/\":1,\"\\/\":2}}]", Reason.DUPLICATE_KEY, 13},
      {"{\"\u00c3\u00a9\":1,\"\\u00E9\":1}", Reason.DUPLICATE_KEY, 8},
      {"{\"\\ud83d\\ude00\":1,\"\u00f0\u009f\u0098\u0080\":1}", Reason.DUPLICATE_KEY, 18},
    };
    for (final Object[] row : rows) {
      final String json = (String) row[0];
      final JsonRejected e = refused(tape, json.getBytes(ISO_8859_1));
      assertEquals(row[1], e.reason(), json);
      assertEquals(row[2], e.offset(), json);
      assertEquals(0, tape.nodeCount(), json);
    }
  }

  @Test
  void shouldKeepToTheLimitsWhenABodyIsOneBeyond() throws JsonRejected {
    final JsonTape small = new JsonTape(SMALL);
    final String[][] rows = {
      {"[[[[]]]]", "[[[[[]]]]]", "TOO_DEEP"},
      {"[1,1,1,1,1,1,1,1,1,1,1]", "[1,1,1,1,1,1,1,1,1,1,1,1]", "TOO_LARGE"},
      {"\"" + "a".repeat(16) + "\"", "\"" + "a".repeat(17) + "\"", "TOO_LARGE"},
      {"1" + " ".repeat(63), "1" + " ".repeat(64), "TOO_LARGE"},
    };
    for (final String[] row : rows) {
      parse(small, row[0]);
      assertEquals(Reason.valueOf(row[2]), refused(small, row[1].getBytes(UTF_8)).reason(), row[1]);
    }
    final int depthMax = JsonLimits.DEFAULT.depthMax();
    parse(tape, "{\"a\":[".repeat(depthMax / 2) + "]}".repeat(depthMax / 2));
    assertEquals(Reason.TOO_DEEP, refused(tape, "[".repeat(1 << 20).getBytes(UTF_8)).reason());
  }

  @Test
  void shouldSayNothingOfTheBodyWhenRefusing() {
    final JsonRejected e = refused(tape, "[\"hush\",oops]".getBytes(UTF_8));
    assertEquals("JSON refused: NOT_JSON at byte 8", e.getMessage());
    assertEquals(0, e.getStackTrace().length);
  }

  @Test
  void shouldWalkMembersAndItems() throws JsonRejected {
    final byte[] body = "xx{\"a\":[1,\"b\",{}],\"\\u0062\\n\":null}yy".getBytes(UTF_8);
    tape.parse(body, 2, body.length - 4);
    final int a = tape.find(tape.root(), "a");
    assertEquals(Kind.ARRAY, tape.kind(a));
    assertEquals("a", tape.text(tape.key(a)));
    assertTrue(tape.isKey(tape.key(a)));
    assertEquals(-1, tape.next(tape.key(a)));
    final int one = tape.firstChild(a);
    assertEquals(1, tape.longValue(one));
    assertEquals(-1, tape.key(one));
    assertEquals(-1, tape.firstChild(one));
    final int b = tape.next(one);
    assertEquals(8, tape.wireStart(b));
    assertEquals(11, tape.wireEnd(b));
    final int empty = tape.next(b);
    assertEquals(-1, tape.firstChild(empty));
    assertEquals(-1, tape.next(empty));
    assertEquals(tape.next(a), tape.find(tape.root(), "b\n"));
    assertEquals(-1, tape.find(tape.root(), "b"));
    assertEquals(-1, tape.find(tape.root(), "b\nc"));
    assertEquals(-1, tape.find(a, "a"));
    assertEquals(-1, tape.key(tape.root()));
    assertThrows(IllegalArgumentException.class, () -> tape.text(a));
    assertThrows(IndexOutOfBoundsException.class, () -> tape.kind(tape.nodeCount()));
  }

  @Test
  void shouldReadIntegersOnlyWhenTheyFitALong() throws JsonRejected {
    for (final long value : new long[] {0, 7, -7, Long.MAX_VALUE, Long.MIN_VALUE}) {
      parse(tape, Long.toString(value));
      assertEquals(value, tape.longValue(0));
    }
    for (final String other :
        List.of(
            "9223372036854775808",
            "-9223372036854775809",
            "1e3",
            "1.0",
            "99999999999999999999",
            "\"1\"",
            "null")) {
      parse(tape, other);
      final JsonRejected e = assertThrows(JsonRejected.class, () -> tape.longValue(0), other);
      assertEquals(Reason.BAD_NUMBER, e.reason());
    }
  }

  @Test
  void shouldReadBackWhatWasWritten() throws JsonRejected {
    final Random random = new Random(7);
    final JsonSamples samples = new JsonSamples(random);
    for (int i = 0; i < 3_000; i++) {
      final Object value = samples.value(5);
      final byte[] json = samples.write(value).getBytes(UTF_8);
      final int off = random.nextInt(9);
      final byte[] body = new byte[json.length + off + random.nextInt(9)];
      Arrays.fill(body, (byte) '"');
      System.arraycopy(json, 0, body, off, json.length);
      tape.parse(body, off, json.length);
      assertEquals(value, read(tape.root()));
    }
  }

  @Test
  void shouldOnlyEverRefuseWhenBytesAreChanged() {
    final Random random = new Random(11);
    final JsonSamples samples = new JsonSamples(random);
    final byte[] likely = "\"\\u{}[],:0-e.d8\u0000".getBytes(UTF_8);
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          int refusals = 0;
          for (int i = 0; i < 20_000; i++) {
            final byte[] json = samples.write(samples.value(4)).getBytes(UTF_8);
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
              json[random.nextInt(json.length)] =
                  random.nextBoolean()
                      ? (byte) random.nextInt()
                      : likely[random.nextInt(likely.length)];
            }
            final int len = random.nextInt(4) == 0 ? random.nextInt(json.length + 1) : json.length;
            try {
              tape.parse(json, 0, len);
              assertNotNull(tape.kind(tape.root()));
              read(tape.root());
            } catch (final JsonRejected e) {
              refusals++;
              assertTrue(e.offset() >= 0 && e.offset() <= len);
              assertEquals(0, tape.nodeCount());
            }
          }
          assertTrue(refusals > 5_000 && refusals < 20_000, "refused " + refusals);
        });
  }

  @Test
  void shouldReadBodiesOfTenMebibytes() throws JsonRejected {
    final int size = 10 << 20;
    final byte[] one = new byte[size];
    Arrays.fill(one, (byte) 'a');
    one[0] = '"';
    one[size - 1] = '"';
    tape.parse(one, 0, size);
    assertEquals(size, tape.wireEnd(0));
    one[size - 2] = 7;
    assertEquals(size - 2, refused(tape, one).offset());
    final String many = "[" + "{\"k\":\"\\u00e9 \u00e9\"},".repeat(200_000) + "0]";
    parse(tape, many);
    assertEquals(200_000 * 3 + 2, tape.nodeCount());
    final byte[] wide = ("\"" + "\u20ac".repeat(size / 3) + "\"").getBytes(UTF_8);
    tape.parse(wide, 0, wide.length);
    assertEquals(wide.length, tape.wireEnd(0));
  }

  @Test
  void shouldFindDuplicatesInLinearTimeWhenThereAreManyKeys() throws JsonRejected {
    final StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < 100_000; i++) {
      json.append("\"key").append(i).append("\":0,");
    }
    final String members = json.toString();
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          parse(tape, members + "\"last\":0}");
          assertEquals(200_003, tape.nodeCount());
          final JsonRejected e = refused(tape, (members + "\"\\u006bey50000\":0}").getBytes(UTF_8));
          assertEquals(Reason.DUPLICATE_KEY, e.reason());
          assertEquals(members.length(), e.offset());
        });
  }

  @Test
  void shouldFindDuplicatesOnBothSidesOfTheTableThreshold() throws JsonRejected {
    for (int members = 2; members < 70; members++) {
      for (int twin = 0; twin < members - 1; twin++) {
        final StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < members; i++) {
          json.append("\"k").append(i == members - 1 ? twin : i).append("\":0,");
        }
        json.setCharAt(json.length() - 1, '}');
        final JsonRejected e = refused(tape, json.toString().getBytes(UTF_8));
        assertEquals(Reason.DUPLICATE_KEY, e.reason());
        assertEquals(json.lastIndexOf("\"k"), e.offset());
      }
    }
  }

  @Test
  void shouldServeTheNextBodyAfterARefusal() throws JsonRejected {
    parse(tape, "[1,2,3]");
    refused(tape, "{\"a\":[[[\"".getBytes(UTF_8));
    assertThrows(IndexOutOfBoundsException.class, tape::root);
    parse(tape, "{\"b\":2}");
    assertEquals(3, tape.nodeCount());
    assertEquals(2, tape.longValue(tape.find(tape.root(), "b")));
    assertThrows(IndexOutOfBoundsException.class, () -> tape.parse(new byte[4], 2, 3));
  }

  @Test
  void shouldAllocateNothingWhenWarm() throws JsonRejected {
    final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    final byte[] body =
        ("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"one\\ntwo \u00e9\"}],"
                + "\"\\u006dax\":5}")
            .getBytes(UTF_8);
    final Segments segments = new Segments();
    long allocated = Long.MAX_VALUE;
    // The first rounds load classes and compile; the last must be clean.
    for (int round = 0; round < 5; round++) {
      final long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 2_000; i++) {
        tape.parse(body, 0, body.length);
        segments.clear();
        for (int node = 0; node < tape.nodeCount(); node++) {
          if (tape.kind(node) == Kind.STRING) {
            segments.add(tape, node);
          }
        }
        assertTrue(tape.textEquals(tape.key(tape.find(tape.root(), "max")), "max"));
        segments.wireEnd(0, segments.wireStart(0, segments.start(0)));
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertTrue(allocated < 2_000, "2,000 calls allocated " + allocated + " bytes");
  }

  /** The scan by words against the definition, at every place in a word. */
  @Test
  void shouldStopAtTheFirstByteThatIsNotPlain() {
    final byte[] bytes = new byte[40];
    for (int value = 0; value < 256; value++) {
      for (int at = 0; at < 24; at++) {
        Arrays.fill(bytes, (byte) ' ');
        bytes[at] = (byte) value;
        bytes[at + 1] = '!';
        final boolean plain = value >= 0x20 && value < 0x80 && value != '"' && value != '\\';
        assertEquals(plain ? 24 : at, JsonStrings.skipPlain(bytes, 0, 24));
        assertEquals(value == '\\' ? at : 24, JsonStrings.nextBackslash(bytes, 0, 24));
      }
    }
  }

  @Test
  void shouldJudgeUtf8AsTheJdkDoes() {
    final Random random = new Random(3);
    for (int i = 0; i < 200_000; i++) {
      final byte[] bytes = new byte[1 + random.nextInt(4)];
      random.nextBytes(bytes);
      bytes[0] |= (byte) 0x80;
      for (int k = 1; k < bytes.length; k++) {
        if (random.nextInt(4) > 0) {
          bytes[k] = (byte) (0x80 | (bytes[k] & 0x3f));
        }
      }
      final boolean whole = JsonStrings.utf8Length(bytes, 0, bytes.length) == bytes.length;
      final String text = new String(bytes, UTF_8);
      final boolean jdk = text.codePointCount(0, text.length()) == 1 && text.indexOf('\ufffd') < 0;
      if (!Arrays.equals(bytes, "\ufffd".getBytes(UTF_8))) {
        assertEquals(jdk, whole);
      }
    }
  }

  @Test
  void shouldRefuseLimitsThatAllowNothing() {
    assertThrows(IllegalArgumentException.class, () -> new JsonLimits(0, 1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new JsonLimits(1, 0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new JsonLimits(1, 1, -1, 1));
    assertThrows(IllegalArgumentException.class, () -> new JsonLimits(1, 1, 1, 0));
  }

  private static void parse(final JsonTape tape, final String json) throws JsonRejected {
    final byte[] bytes = json.getBytes(UTF_8);
    tape.parse(bytes, 0, bytes.length);
  }

  private static JsonRejected refused(final JsonTape tape, final byte[] json) {
    return assertThrows(JsonRejected.class, () -> tape.parse(json, 0, json.length));
  }

  /** Numbers that are no long come back as their kind, which only changed bytes can make. */
  private Object read(final int node) {
    return switch (tape.kind(node)) {
      case NULL -> null;
      case TRUE -> true;
      case FALSE -> false;
      case STRING -> tape.text(node);
      case NUMBER -> {
        try {
          yield tape.longValue(node);
        } catch (final JsonRejected e) {
          assertEquals(Reason.BAD_NUMBER, e.reason());
          yield Kind.NUMBER;
        }
      }
      case ARRAY -> {
        final List<Object> list = new ArrayList<>();
        for (int v = tape.firstChild(node); v >= 0; v = tape.next(v)) {
          list.add(read(v));
        }
        yield list;
      }
      case OBJECT -> {
        final Map<String, Object> map = new LinkedHashMap<>();
        for (int v = tape.firstChild(node); v >= 0; v = tape.next(v)) {
          assertFalse(map.containsKey(tape.text(tape.key(v))));
          map.put(tape.text(tape.key(v)), read(v));
        }
        yield map;
      }
    };
  }
}
