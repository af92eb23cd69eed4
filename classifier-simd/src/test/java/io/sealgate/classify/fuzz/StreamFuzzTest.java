package io.sealgate.classify.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sealgate.classify.Classifier;
import io.sealgate.classify.Findings;
import io.sealgate.classify.Scanner;
import io.sealgate.classify.Segments;
import io.sealgate.classify.StreamClassifier;
import io.sealgate.classify.finding.ClassifierException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Any bytes in any pieces give the findings of the whole. */
final class StreamFuzzTest {
  private static Classifier classifier;
  private static Scanner scanner;

  @BeforeAll
  static void compile() throws ClassifierException {
    classifier = Classifier.compile(List.of());
    scanner = classifier.scanner();
  }

  @AfterAll
  static void close() {
    scanner.close();
    classifier.close();
  }

  /** The first byte says how long the pieces are. */
  @FuzzTest(maxDuration = "30s")
  void shouldFindTheSameInAnyPieces(final byte[] input) throws ClassifierException {
    final int piece = input.length == 0 ? 1 : 1 + (input[0] & 0x3F);
    final Segments segments = new Segments();
    segments.addText(input, 0, input.length);
    final Findings whole = new Findings();
    scanner.scan(segments, whole);

    final StreamClassifier stream = new StreamClassifier(scanner);
    final Findings pieces = new Findings();
    int released = 0;
    for (int from = 0; from < input.length; from += piece) {
      stream.push(input, from, Math.min(piece, input.length - from), pieces);
      assertTrue(stream.releasable() >= released);
      released = stream.releasable();
    }
    stream.finish(pieces);
    assertEquals(input.length, stream.releasable());
    assertEquals(whole.size(), pieces.size());
    for (int i = 0; i < whole.size(); i++) {
      assertEquals(whole.type(i), pieces.type(i));
      assertEquals(whole.start(i), pieces.start(i));
      assertEquals(whole.end(i), pieces.end(i));
      assertEquals(whole.scoreMicros(i), pieces.scoreMicros(i));
      assertEquals(whole.evidence(i), pieces.evidence(i));
    }
  }
}
