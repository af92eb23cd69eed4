package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.stream.LiteralAutomaton;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a stream keeps beside what all streams of a scanner share. */
final class StreamStateTest {
  private static final int STATE_BYTES_MAX = 1024;

  /** With a detection copy, and a map from it to the text that has a place for every few bytes. */
  private static final int DISGUISED_STATE_BYTES_MAX = 3 * 1024 + 512;

  /** Of an object and of an array; references have four bytes. Rounded up to eight. */
  private static final int OBJECT_HEADER_BYTES = 12;

  private static final int ARRAY_HEADER_BYTES = 16;

  @Test
  void shouldKeepLittleOfATextInWhichNothingIsHeldBack() throws Exception {
    assertState(
        "The clerk who keeps the book writes down every boat that passes the bar. ",
        STATE_BYTES_MAX);
  }

  @Test
  void shouldKeepLittleOfATextInDisguise() throws Exception {
    assertState(
        "It\u2019s 3 boats\\nand caf\u00e9s \uff11\u200b, {\\\"a\\\": \\u0041}. ",
        DISGUISED_STATE_BYTES_MAX);
  }

  private static void assertState(final String part, final int bytesMax) throws Exception {
    try (Classifier classifier = Classifier.compile(List.of());
        Scanner scanner = classifier.scanner()) {
      final StreamClassifier stream = new StreamClassifier(scanner);
      final Findings findings = new Findings();
      final byte[] text = Texts.utf8(part.repeat(200));
      int most = 0;
      for (int i = 0; i < text.length; i += 8) {
        push(stream, text, i, findings);
        most = Math.max(most, bytes(stream, identities()));
      }
      assertEquals(0, findings.size());
      assertTrue(most > 512, "too little to be true: " + most);
      assertTrue(most <= bytesMax, most + " bytes");
    }
  }

  private static void push(
      final StreamClassifier stream, final byte[] text, final int from, final Findings out)
      throws ClassifierException {
    stream.push(text, from, Math.min(8, text.length - from), out);
  }

  private static Set<Object> identities() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static int bytes(final Object object, final Set<Object> seen) throws Exception {
    if (object == null
        || object instanceof Scanner
        || object instanceof LiteralAutomaton
        || !seen.add(object)) {
      return 0;
    }
    if (object.getClass().isArray()) {
      assertTrue(object.getClass().componentType().isPrimitive(), object.getClass()::getName);
      return rounded(
          ARRAY_HEADER_BYTES + Array.getLength(object) * width(object.getClass().componentType()));
    }
    int own = OBJECT_HEADER_BYTES;
    int others = 0;
    for (final Field field : object.getClass().getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        own += width(field.getType());
        if (!field.getType().isPrimitive()) {
          field.setAccessible(true);
          others += bytes(field.get(object), seen);
        }
      }
    }
    assertEquals(Object.class, object.getClass().getSuperclass());
    return rounded(own) + others;
  }

  private static int rounded(final int bytes) {
    return bytes + 7 & -8;
  }

  private static int width(final Class<?> type) {
    if (type == long.class || type == double.class) {
      return 8;
    }
    if (type == byte.class || type == boolean.class) {
      return 1;
    }
    return type == char.class || type == short.class ? 2 : 4;
  }
}
