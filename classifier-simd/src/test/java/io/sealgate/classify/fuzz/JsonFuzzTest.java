package io.sealgate.classify.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sealgate.classify.Segments;
import io.sealgate.classify.json.JsonLimits;
import io.sealgate.classify.json.JsonRejected;
import io.sealgate.classify.json.JsonTape;

/** Any bytes are a body or are rejected; what is accepted maps back to where it came from. */
final class JsonFuzzTest {
  private final JsonTape tape = new JsonTape(JsonLimits.DEFAULT);
  private final Segments segments = new Segments();

  @FuzzTest(maxDuration = "30s")
  void shouldReadOrRejectAnyBody(final byte[] body) {
    try {
      tape.parse(body, 0, body.length);
    } catch (final JsonRejected e) {
      assertTrue(e.getMessage().length() < 500, "a message quotes no body");
      return;
    }
    segments.clear();
    collect(tape.root());
    for (int segment = 0; segment < segments.count(); segment++) {
      final int node = segments.node(segment);
      final int start = segments.wireStart(segment, segments.start(segment));
      final int end = segments.wireEnd(segment, segments.end(segment));
      assertEquals(tape.wireStart(node) + 1, start);
      assertEquals(tape.wireEnd(node) - 1, end);
    }
  }

  private void collect(final int node) {
    if (tape.kind(node) == JsonTape.Kind.STRING) {
      segments.add(tape, node);
    } else if (tape.kind(node) == JsonTape.Kind.OBJECT || tape.kind(node) == JsonTape.Kind.ARRAY) {
      for (int child = tape.firstChild(node); child >= 0; child = tape.next(child)) {
        collect(child);
      }
    }
  }
}
