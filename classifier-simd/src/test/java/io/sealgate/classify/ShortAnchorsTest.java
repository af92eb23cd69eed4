package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.anchor.Anchors;
import io.sealgate.classify.view.ByteMasks;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The vector pass against a search for each literal by itself. */
final class ShortAnchorsTest {
  private static final String TELLING = "<|Q~a| ~<<QQ||~~";

  private final ByteMasks masks = new ByteMasks();
  private final LiteralMatches matches = new LiteralMatches();

  @Test
  void shouldFindWhatASearchFindsAtAnyLength() {
    assertTrue(ShortAnchors.count() > 0);
    final Random random = new Random(3);
    for (int length = 300; length >= 0; length--) {
      final StringBuilder text = new StringBuilder();
      for (int i = 0; i < length; i++) {
        text.append(TELLING.charAt(random.nextInt(TELLING.length())));
      }
      // What stands behind the end of the text has no part in it.
      final byte[] bytes = text.append("<|Q~").toString().getBytes(StandardCharsets.US_ASCII);
      masks.read(bytes, length);
      matches.clear();
      ShortAnchors.find(bytes, masks, matches);
      int found = 0;
      for (int end = 1; end <= length; end++) {
        for (int literal = 0; literal < ShortAnchors.count(); literal++) {
          if (text.substring(0, end).endsWith(Anchors.literals().get(literal).text())) {
            assertEquals(literal, matches.literal(found));
            assertEquals(end, matches.end(found++));
          }
        }
      }
      assertEquals(found, matches.count());
    }
  }
}
