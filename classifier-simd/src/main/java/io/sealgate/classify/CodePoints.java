package io.sealgate.classify;

import java.util.Objects;

/**
 * Turns byte offsets of a UTF-8 text into offsets in Unicode code points. Counts on from the offset
 * asked for last, so that ascending offsets cost one pass over the text. One thread at a time.
 */
public final class CodePoints {
  private final byte[] text;
  private final int from;
  private final int to;
  private int at;
  private int counted;

  /** For the text at {@code [from, to)}, whose first byte has the code point offset 0. */
  public CodePoints(final byte[] text, final int from, final int to) {
    Objects.checkFromToIndex(from, to, text.length);
    this.text = text;
    this.from = from;
    this.to = to;
    at = from;
  }

  /**
   * How many code points begin in {@code [from, byteOffset)}. The bytes of malformed UTF-8 that can
   * continue a code point count as doing so.
   *
   * @throws IndexOutOfBoundsException when the offset is outside of the text, its end included
   */
  public int at(final int byteOffset) {
    if (byteOffset < from || byteOffset > to) {
      throw new IndexOutOfBoundsException(
          "offset " + byteOffset + " is outside of " + from + " to " + to);
    }
    if (byteOffset < at) {
      at = from;
      counted = 0;
    }
    while (at < byteOffset) {
      counted += (text[at++] & 0xC0) == 0x80 ? 0 : 1;
    }
    return counted;
  }
}
