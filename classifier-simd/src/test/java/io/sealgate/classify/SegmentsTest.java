package io.sealgate.classify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.json.JsonLimits;
import io.sealgate.classify.json.JsonRejected;
import io.sealgate.classify.json.JsonSamples;
import io.sealgate.classify.json.JsonTape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SegmentsTest {
  private final JsonTape tape = new JsonTape(JsonLimits.DEFAULT);
  private final Segments segments = new Segments();

  @Test
  void shouldLayTextEndToEndWithOneSeparator() throws JsonRejected {
    parse("[\"ab\",\"\",\"\\u00e9\\n\"]");
    for (int v = tape.firstChild(0); v >= 0; v = tape.next(v)) {
      segments.add(tape, v);
    }
    segments.addText("xyz".getBytes(UTF_8), 1, 2);
    assertEquals(4, segments.count());
    final String text = new String(segments.text(), 0, segments.textLength(), UTF_8);
    assertEquals("ab\0\0\u00e9\n\0yz", text);
    assertEquals(3, segments.start(1));
    assertEquals(3, segments.end(1));
    assertEquals(-1, segments.node(3));
    assertEquals(tape.firstChild(0), segments.node(0));
    final int[] owners = {0, 0, 0, 1, 2, 2, 2, 2, 3, 3, 3};
    for (int offset = 0; offset < owners.length; offset++) {
      assertEquals(owners[offset], segments.segmentAt(offset), "offset " + offset);
    }
    assertThrows(IndexOutOfBoundsException.class, () -> segments.segmentAt(owners.length));
    assertThrows(IndexOutOfBoundsException.class, () -> segments.segmentAt(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> segments.wireStart(1, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> segments.wireEnd(0, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> segments.start(4));
    assertThrows(IllegalArgumentException.class, () -> segments.add(tape, 0));
  }

  @Test
  void shouldGrowSpansToWholeEscapesAndCodePoints() throws JsonRejected {
    // Text: a, e-acute escaped, b, e-acute raw, emoji as two escapes, newline.
    parse("\"a\\u00e9b\u00e9\\ud83d\\ude00\\n\"");
    segments.add(tape, 0);
    final int[] wireStarts = {1, 2, 2, 8, 9, 9, 11, 11, 11, 11, 23, 25};
    final int[] wireEnds = {1, 2, 8, 8, 9, 11, 11, 23, 23, 23, 23, 25};
    for (int offset = 0; offset < wireStarts.length; offset++) {
      assertEquals(wireStarts[offset], segments.wireStart(0, offset), "offset " + offset);
      assertEquals(wireEnds[offset], segments.wireEnd(0, offset), "offset " + offset);
    }
  }

  @Test
  void shouldMapAnySpanToAWireSliceThatHoldsIt() throws JsonRejected {
    final Random random = new Random(5);
    final JsonSamples samples = new JsonSamples(random);
    for (int round = 0; round < 400; round++) {
      final List<Object> texts = new ArrayList<>();
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        texts.add(samples.text(random.nextInt(round % 20 == 0 ? 2_000 : 30)));
      }
      final byte[] json = samples.write(texts).getBytes(UTF_8);
      final int off = random.nextInt(5);
      final byte[] body = new byte[off + json.length];
      System.arraycopy(json, 0, body, off, json.length);
      tape.parse(body, off, json.length);
      segments.clear();
      for (int v = tape.firstChild(tape.root()); v >= 0; v = tape.next(v)) {
        segments.add(tape, v);
      }
      for (int s = 0; s < segments.count(); s++) {
        final byte[] text = ((String) texts.get(s)).getBytes(UTF_8);
        assertArrayEquals(
            text, Arrays.copyOfRange(segments.text(), segments.start(s), segments.end(s)));
        for (int i = 0; i < 12; i++) {
          final int from = random.nextInt(text.length + 1);
          final int to = from + random.nextInt(text.length - from + 1);
          checkSpan(json, s, text, from, to);
        }
      }
    }
  }

  private void checkSpan(
      final byte[] json, final int segment, final byte[] text, final int from, final int to)
      throws JsonRejected {
    int wholeFrom = from;
    while (wholeFrom < text.length && wholeFrom > 0 && (text[wholeFrom] & 0xc0) == 0x80) {
      wholeFrom--;
    }
    int wholeTo = to;
    while (wholeTo < text.length && (text[wholeTo] & 0xc0) == 0x80) {
      wholeTo++;
    }
    final int wireFrom = segments.wireStart(segment, segments.start(segment) + from);
    final int wireTo = segments.wireEnd(segment, segments.start(segment) + to);
    final int node = segments.node(segment);
    assertTrue(tape.wireStart(node) < wireFrom && wireFrom <= wireTo);
    assertTrue(wireTo < tape.wireEnd(node));

    final JsonTape other = new JsonTape(JsonLimits.DEFAULT);
    final String slice = "\"" + new String(json, wireFrom, wireTo - wireFrom, UTF_8) + "\"";
    final byte[] sliceBytes = slice.getBytes(UTF_8);
    other.parse(sliceBytes, 0, sliceBytes.length);
    assertEquals(new String(text, wholeFrom, wholeTo - wholeFrom, UTF_8), other.text(0));

    final byte[] spliced =
        (new String(json, 0, wireFrom, UTF_8)
                + "<X>"
                + new String(json, wireTo, json.length - wireTo, UTF_8))
            .getBytes(UTF_8);
    other.parse(spliced, 0, spliced.length);
    assertEquals(
        new String(text, 0, wholeFrom, UTF_8)
            + "<X>"
            + new String(text, wholeTo, text.length - wholeTo, UTF_8),
        other.text(node));
  }

  @Test
  void shouldKeepTheMapSmallAndExactWhenEverythingIsEscaped() throws JsonRejected {
    final int escapes = 1 << 20;
    parse("\"" + "\\n".repeat(escapes) + "\"");
    segments.add(tape, 0);
    assertEquals(escapes, segments.textLength());
    for (int offset = 0; offset <= escapes; offset += 511) {
      assertEquals(1 + 2 * offset, segments.wireStart(0, offset));
      assertEquals(1 + 2 * offset, segments.wireEnd(0, offset));
    }
  }

  @Test
  void shouldEndInZerosAfterEveryChange() throws JsonRejected {
    parse("[\"" + "z".repeat(5_000) + "\",\"" + "y".repeat(90) + "\\n\"]");
    final int big = tape.firstChild(0);
    for (int i = 0; i < 3; i++) {
      segments.clear();
      assertPadded();
      segments.add(tape, tape.next(big));
      assertPadded();
      segments.add(tape, big);
      assertPadded();
      segments.clear();
      segments.addText("short".getBytes(UTF_8), 0, 5);
      assertPadded();
    }
  }

  @Test
  void shouldForgetEverythingWhenCleared() throws JsonRejected {
    parse("\"one\\ntwo\"");
    for (int i = 0; i < 100; i++) {
      segments.add(tape, 0);
    }
    segments.clear();
    assertEquals(0, segments.count());
    assertEquals(0, segments.textLength());
    assertThrows(IndexOutOfBoundsException.class, () -> segments.node(0));
    assertThrows(IndexOutOfBoundsException.class, () -> segments.segmentAt(0));
    parse("  \"three\"");
    segments.add(tape, 0);
    assertEquals("three", new String(segments.text(), 0, segments.textLength(), UTF_8));
    assertEquals(3, segments.wireStart(0, 0));
    assertEquals(8, segments.wireEnd(0, 5));
  }

  @Test
  void shouldKeepOffsetsWhenPlainTextIsNotUtf8() {
    final byte[] text = {'a', (byte) 0xc3, (byte) 0xa9, (byte) 0xff, 'b', (byte) 0xe2, (byte) 0x82};
    segments.addText(text, 1, 6);
    assertEquals("\u00e9?b??", new String(segments.text(), 0, segments.textLength(), UTF_8));
    assertEquals(0, segments.wireStart(0, 1));
    assertEquals(2, segments.wireEnd(0, 1));
    assertEquals(4, segments.wireEnd(0, 4));
  }

  private void assertPadded() {
    final int length = segments.textLength();
    final byte[] tail = Arrays.copyOfRange(segments.text(), length, length + 64);
    assertTrue(segments.text().length >= length + 64);
    assertArrayEquals(new byte[64], tail);
  }

  private void parse(final String json) throws JsonRejected {
    final byte[] bytes = json.getBytes(UTF_8);
    tape.parse(bytes, 0, bytes.length);
  }
}
