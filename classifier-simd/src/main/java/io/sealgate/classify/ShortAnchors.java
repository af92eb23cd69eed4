package io.sealgate.classify;

import io.sealgate.classify.anchor.AnchorLiteral;
import io.sealgate.classify.anchor.Anchors;
import io.sealgate.classify.view.ByteMasks;
import java.nio.charset.StandardCharsets;

/**
 * Finds the anchors that are too short for the database of literals: among literals of three bytes
 * and more Hyperscan moves on by two bytes, else byte by byte.
 */
final class ShortAnchors {
  private static final byte[][] TEXTS = texts();

  private ShortAnchors() {}

  /** How many there are; they are the first of {@link Anchors#literals}. */
  static int count() {
    return TEXTS.length;
  }

  /**
   * Adds those in {@code text}, of which {@code masks} were read, in the order they stand there.
   */
  static void find(final byte[] text, final ByteMasks masks, final LiteralMatches out) {
    for (int block = 0; block < masks.blocks(); block++) {
      for (long left = masks.bars(block); left != 0; left &= left - 1) {
        final int end = block * ByteMasks.BLOCK_BYTES + Long.numberOfTrailingZeros(left) + 1;
        for (int literal = 0; literal < TEXTS.length; literal++) {
          if (endsWith(text, end, TEXTS[literal])) {
            out.add(literal, end);
          }
        }
      }
    }
  }

  private static boolean endsWith(final byte[] text, final int end, final byte[] literal) {
    if (end < literal.length) {
      return false;
    }
    for (int i = 0; i < literal.length; i++) {
      if (text[end - literal.length + i] != literal[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[][] texts() {
    final byte[][] texts = new byte[Anchors.shortCount()][];
    for (int i = 0; i < texts.length; i++) {
      final AnchorLiteral literal = Anchors.literals().get(i);
      if (literal.ignoreCase() || !(literal.text().endsWith("|") || literal.text().endsWith("~"))) {
        throw new IllegalStateException(
            "anchor "
                + literal.text()
                + " has no more than two bytes, must match exactly, and must end with | or ~; use a"
                + " longer one");
      }
      texts[i] = literal.text().getBytes(StandardCharsets.UTF_8);
    }
    return texts;
  }
}
