package io.sealgate.classify.secret;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealgate.classify.finding.Reach;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands around an anchor, as a pack writes it: literal text, and {@code {CLASS:n}}, {@code
 * {CLASS:n-m}} or {@code {CLASS:n-}} for a run of a {@link TokenClass}. An {@code @} stands for the
 * anchor; what is before it must have a fixed length. Without one, the whole shape follows the
 * anchor. Runs take as much as they can and give back only where what follows needs it.
 */
final class TokenShape {
  static final int NONE = -1;

  private static final Pattern RUN = Pattern.compile("\\{([A-Z0-9]+):([0-9]+)(-?)([0-9]*)}");

  /** A literal, or a run where {@code literal} is null. */
  private record Part(byte[] literal, TokenClass alphabet, int min, int max) {}

  private final Part[] before;
  private final Part[] after;
  private final int beforeBytes;

  /**
   * @throws IllegalArgumentException when the shape is not as described
   */
  TokenShape(final String shape) {
    final int anchor = anchorAt(shape);
    before = parts(anchor < 0 ? "" : shape.substring(0, anchor));
    after = parts(shape.substring(anchor + 1));
    int bytes = 0;
    for (final Part part : before) {
      if (part.min() != part.max()) {
        throw new IllegalArgumentException(
            "the part before @ of " + shape + " has no fixed length");
      }
      bytes += part.min();
    }
    beforeBytes = bytes;
  }

  private static int anchorAt(final String shape) {
    final int at = shape.indexOf('@');
    if (at >= 0 && shape.indexOf('@', at + 1) >= 0) {
      throw new IllegalArgumentException("two anchors in " + shape);
    }
    return at;
  }

  private static Part[] parts(final String shape) {
    final List<Part> parts = new ArrayList<>();
    final Matcher runs = RUN.matcher(shape);
    int copied = 0;
    while (runs.find()) {
      literal(shape.substring(copied, runs.start()), parts);
      final int min = Integer.parseInt(runs.group(2));
      final int max;
      if (runs.group(3).isEmpty()) {
        max = min;
      } else {
        max = runs.group(4).isEmpty() ? Reach.SPAN_BYTES_MAX : Integer.parseInt(runs.group(4));
      }
      if (min > max || max > Reach.SPAN_BYTES_MAX) {
        throw new IllegalArgumentException("no such length: " + runs.group());
      }
      parts.add(new Part(null, TokenClass.valueOf(runs.group(1)), min, max));
      copied = runs.end();
    }
    literal(shape.substring(copied), parts);
    return parts.toArray(Part[]::new);
  }

  private static void literal(final String text, final List<Part> parts) {
    if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
      throw new IllegalArgumentException("no run: " + text);
    }
    if (!text.isEmpty()) {
      final byte[] bytes = text.getBytes(US_ASCII);
      parts.add(new Part(bytes, null, bytes.length, bytes.length));
    }
  }

  /** Where the token begins, or {@link #NONE} when what must stand before the anchor does not. */
  int start(final byte[] text, final int anchorStart) {
    final int start = anchorStart - beforeBytes;
    return start < 0 || match(before, 0, text, start, anchorStart) != anchorStart ? NONE : start;
  }

  /**
   * One past the token's last byte, or {@link #NONE}.
   *
   * @param limit no byte from here on is read
   */
  int end(final byte[] text, final int anchorEnd, final int limit) {
    return match(after, 0, text, anchorEnd, limit);
  }

  private static int match(
      final Part[] parts, final int index, final byte[] text, final int at, final int limit) {
    if (index == parts.length) {
      return at;
    }
    final Part part = parts[index];
    if (part.literal() != null) {
      return TokenText.startsWith(text, at, limit, part.literal())
          ? match(parts, index + 1, text, at + part.min(), limit)
          : NONE;
    }
    final int runLimit = Math.min(limit, at + part.max());
    int end = part.alphabet().runEnd(text, at, runLimit);
    while (end - at >= part.min()) {
      final int whole = match(parts, index + 1, text, end, limit);
      if (whole != NONE || index == parts.length - 1) {
        return whole;
      }
      end--;
    }
    return NONE;
  }
}
