package io.sealgate.classify;

import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.json.JsonStrings;
import io.sealgate.classify.json.JsonTape;
import java.util.Arrays;
import java.util.Objects;

/**
 * The strings of a call that matter, decoded to UTF-8 and laid end to end for one scan, with a map
 * from any span of that text back to the bytes on the wire.
 *
 * <p>One {@link #SEPARATOR} stands between two segments. The text is always well-formed UTF-8. Text
 * offsets are absolute, in bytes of {@link #text()}. Wire offsets count from the start of the
 * parsed body, or from the start of the slice given to {@link #addText}.
 *
 * <p>Text is copied, but the wire map reads the body: it must stay unchanged until {@link #clear()}
 * if wire offsets are asked for. One thread at a time. Arrays are kept between calls, so that
 * nothing is allocated once they have grown.
 */
public final class Segments {
  /** Stands between two segments; no finding may contain it. */
  public static final byte SEPARATOR = Reach.SEPARATOR;

  /** Zero bytes that follow the text, so that vectors may read past its end. */
  private static final int PADDING_BYTES = 64;

  private static final int TEXT_BYTES_INITIAL = 4096;
  private static final int TEXT_BYTES_MAX = 1 << 30;

  /** A text array longer than this is dropped by {@link #clear()}, so one giant is not kept. */
  private static final int TEXT_BYTES_RETAINED_MAX = 1 << 24;

  private static final int SEGMENTS_INITIAL = 16;
  private static final int SEGMENTS_RETAINED_MAX = 1 << 17;

  /**
   * Wire bytes of an escaped string between two points of the map. A look-up reads at most about
   * this much of the body again, and the map costs 8 bytes for each, however many the escapes.
   */
  private static final int STEP_BYTES = 256;

  private static final int POINTS_INITIAL = 16;
  private static final int POINTS_RETAINED_MAX = 1 << 17;

  private byte[] text = new byte[TEXT_BYTES_INITIAL + PADDING_BYTES];
  private int textLength;

  private int[] nodes = new int[SEGMENTS_INITIAL];
  private int[] starts = new int[SEGMENTS_INITIAL];
  private int[] ends = new int[SEGMENTS_INITIAL];
  // Where the content starts in its buffer, and where offsets on the wire count from.
  private int[] contents = new int[SEGMENTS_INITIAL];
  private int[] bases = new int[SEGMENTS_INITIAL];
  private int[] firstPoints = new int[SEGMENTS_INITIAL];
  private byte[][] buffers = new byte[SEGMENTS_INITIAL][];
  private int count;

  // Matching positions in the text and in the buffer, both ascending within a segment.
  private int[] pointTexts = new int[POINTS_INITIAL];
  private int[] pointBytes = new int[POINTS_INITIAL];
  private int points;

  /** Forgets all segments and lets go of the bodies. */
  public void clear() {
    Arrays.fill(buffers, 0, count, null);
    count = 0;
    points = 0;
    textLength = 0;
    if (text.length > TEXT_BYTES_RETAINED_MAX) {
      text = new byte[TEXT_BYTES_INITIAL + PADDING_BYTES];
    }
    if (nodes.length > SEGMENTS_RETAINED_MAX) {
      resizeSegments(SEGMENTS_INITIAL);
    }
    if (pointTexts.length > POINTS_RETAINED_MAX) {
      pointTexts = new int[POINTS_INITIAL];
      pointBytes = new int[POINTS_INITIAL];
    }
    Arrays.fill(text, 0, PADDING_BYTES, (byte) 0);
  }

  /**
   * Adds the decoded text of a string, value or key, of the body that {@code tape} holds.
   *
   * @throws IllegalArgumentException when the node is no string
   * @throws IllegalStateException when more than 1 GiB of text was added since {@link #clear()}
   */
  public void add(final JsonTape tape, final int stringNode) {
    tape.requireString(stringNode);
    final byte[] buf = tape.buffer();
    final int from = tape.contentStart(stringNode);
    final int to = tape.contentEnd(stringNode);
    open(stringNode, buf, from, tape.bodyStart(), to - from);
    if (tape.escaped(stringNode)) {
      decode(buf, from, to);
    } else {
      copy(buf, from, to);
    }
    close();
  }

  /**
   * Adds text that is not JSON, as a segment whose {@link #node} is -1. A byte that is not part of
   * well-formed UTF-8 is read as {@code '?'}, so that offsets stay those of the caller.
   *
   * @throws IllegalStateException when more than 1 GiB of text was added since {@link #clear()}
   */
  public void addText(final byte[] utf8, final int off, final int len) {
    Objects.checkFromIndexSize(off, len, utf8.length);
    open(-1, utf8, off, off, len);
    final int from = textLength;
    copy(utf8, off, off + len);
    repair(from, textLength);
    close();
  }

  /** How many segments were added since {@link #clear()}. */
  public int count() {
    return count;
  }

  /** The tape's node, or -1 for plain text. */
  public int node(final int segment) {
    return nodes[Objects.checkIndex(segment, count)];
  }

  /** Text offset of the first byte. */
  public int start(final int segment) {
    return starts[Objects.checkIndex(segment, count)];
  }

  /** Text offset one past the last byte. */
  public int end(final int segment) {
    return ends[Objects.checkIndex(segment, count)];
  }

  /**
   * The text of all segments, followed by at least 64 zero bytes. Owned by this object, to be read
   * only, and possibly replaced by the next call that adds or clears.
   */
  public byte[] text() {
    return text;
  }

  /** Bytes of {@link #text()} that are text or separators. */
  public int textLength() {
    return textLength;
  }

  /**
   * The segment that contains the byte at {@code textOffset}; the offset of a separator, or of the
   * text's end, belongs to the segment that ends there.
   *
   * @throws IndexOutOfBoundsException when there is no segment or the offset is past the text
   */
  public int segmentAt(final int textOffset) {
    if (count == 0 || textOffset < 0 || textOffset > textLength) {
      throw new IndexOutOfBoundsException(
          "offset " + textOffset + " is outside of " + textLength + " bytes of text");
    }
    return lastAtMost(starts, 0, count, textOffset);
  }

  /**
   * Where a span that starts at {@code textOffset} starts on the wire, moved back to the start of
   * the escape and of the code point that it lies in.
   *
   * @throws IndexOutOfBoundsException when the offset is outside of the segment, its end included
   */
  public int wireStart(final int segment, final int textOffset) {
    checkOffset(segment, textOffset);
    int t = textOffset;
    while (t > starts[segment] && t < ends[segment] && isContinuation(text[t])) {
      t--;
    }
    return wire(segment, t);
  }

  /**
   * Where a span that ends before {@code textOffset} ends on the wire, moved on past the end of the
   * escape and of the code point that it cuts.
   *
   * @throws IndexOutOfBoundsException when the offset is outside of the segment, its end included
   */
  public int wireEnd(final int segment, final int textOffset) {
    checkOffset(segment, textOffset);
    int t = textOffset;
    while (t < ends[segment] && isContinuation(text[t])) {
      t++;
    }
    return wire(segment, t);
  }

  /**
   * Wire offset of the code point that starts at {@code t}. An escape, surrogate pairs included, is
   * one whole code point, so between code points the text and the wire can be cut alike.
   */
  private int wire(final int segment, final int t) {
    final int first = firstPoints[segment];
    final int next = segment + 1 < count ? firstPoints[segment + 1] : points;
    if (first == next) {
      return contents[segment] + (t - starts[segment]) - bases[segment];
    }
    final int point = lastAtMost(pointTexts, first, next, t);
    final byte[] buf = buffers[segment];
    int at = pointTexts[point];
    int p = pointBytes[point];
    while (at < t) {
      if (buf[p] == '\\') {
        at += utf8Bytes(JsonStrings.codePoint(buf, p));
        p += JsonStrings.escapeLength(buf, p);
      } else {
        at++;
        p++;
      }
    }
    return p - bases[segment];
  }

  private void open(
      final int node, final byte[] buf, final int from, final int base, final int bytes) {
    final int separator = count == 0 ? 0 : 1;
    final long needed = (long) textLength + separator + bytes + PADDING_BYTES;
    if (needed > TEXT_BYTES_MAX) {
      throw new IllegalStateException(
          "segments would exceed " + TEXT_BYTES_MAX + " bytes of text; clear them between calls");
    }
    if (needed > text.length) {
      final long grown = Math.min(TEXT_BYTES_MAX, 2L * text.length);
      text = Arrays.copyOf(text, (int) Math.max(needed, grown));
    }
    if (count == nodes.length) {
      resizeSegments(2 * count);
    }
    if (separator != 0) {
      text[textLength++] = SEPARATOR;
    }
    nodes[count] = node;
    starts[count] = textLength;
    contents[count] = from;
    bases[count] = base;
    firstPoints[count] = points;
    buffers[count] = buf;
  }

  private void close() {
    ends[count++] = textLength;
    Arrays.fill(text, textLength, textLength + PADDING_BYTES, (byte) 0);
  }

  private void copy(final byte[] buf, final int from, final int to) {
    System.arraycopy(buf, from, text, textLength, to - from);
    textLength += to - from;
  }

  private void decode(final byte[] buf, final int from, final int to) {
    int p = from;
    while (p < to) {
      addPoint(textLength, p);
      final int stepEnd = Math.min(to, p + STEP_BYTES);
      while (p < stepEnd) {
        final int run = JsonStrings.nextBackslash(buf, p, stepEnd);
        copy(buf, p, run);
        p = run;
        if (p < stepEnd) {
          // The last escape of a step may reach into the next one.
          textLength += JsonStrings.decodeEscape(buf, p, text, textLength);
          p += JsonStrings.escapeLength(buf, p);
        }
      }
    }
  }

  private void repair(final int from, final int to) {
    int p = JsonStrings.skipAscii(text, from, to);
    while (p < to) {
      final int length = JsonStrings.utf8Length(text, p, to);
      if (length == 0) {
        text[p++] = '?';
      } else {
        p += length;
      }
      p = JsonStrings.skipAscii(text, p, to);
    }
  }

  private void addPoint(final int textOffset, final int position) {
    if (points == pointTexts.length) {
      pointTexts = Arrays.copyOf(pointTexts, 2 * points);
      pointBytes = Arrays.copyOf(pointBytes, 2 * points);
    }
    pointTexts[points] = textOffset;
    pointBytes[points++] = position;
  }

  private void resizeSegments(final int capacity) {
    nodes = Arrays.copyOf(nodes, capacity);
    starts = Arrays.copyOf(starts, capacity);
    ends = Arrays.copyOf(ends, capacity);
    contents = Arrays.copyOf(contents, capacity);
    bases = Arrays.copyOf(bases, capacity);
    firstPoints = Arrays.copyOf(firstPoints, capacity);
    buffers = Arrays.copyOf(buffers, capacity);
  }

  private void checkOffset(final int segment, final int textOffset) {
    if (textOffset < start(segment) || textOffset > ends[segment]) {
      throw new IndexOutOfBoundsException(
          "offset " + textOffset + " is outside of segment " + segment);
    }
  }

  /** Index in {@code [from, to)} of the last value that is at most {@code value}. */
  private static int lastAtMost(
      final int[] ascending, final int from, final int to, final int value) {
    final int found = Arrays.binarySearch(ascending, from, to, value);
    return found >= 0 ? found : -found - 2;
  }

  private static boolean isContinuation(final byte b) {
    return (b & 0xc0) == 0x80;
  }

  private static int utf8Bytes(final int codePoint) {
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }
}
