package io.sealgate.gateway.cli;

import io.sealgate.classify.Segments;
import io.sealgate.classify.json.JsonLimits;
import io.sealgate.classify.json.JsonRejected;
import io.sealgate.classify.json.JsonTape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts to classify, one JSON object {@code {"id", "text"}} a line. Reads a line at a time into one
 * buffer, so that a million lines need no more memory than the longest.
 */
final class ClassifyInput {
  /** A line that is not such an object. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(final long line, final String why) {
      super(
          "line " + line + ": " + why + "; write {\"id\": \"1\", \"text\": \"...\"} on each line");
    }
  }

  private static final int BUFFER_BYTES_INITIAL = 64 * 1024;

  private final InputStream in;
  private final JsonTape tape = new JsonTape(JsonLimits.DEFAULT);
  private byte[] buffer = new byte[BUFFER_BYTES_INITIAL];
  private int from;
  private int filled;
  private boolean ended;
  private long line;
  private String id = "null";

  ClassifyInput(final InputStream in) {
    this.in = in;
  }

  /** The id of the last text, as JSON; {@code null} where the line gave none. */
  String id() {
    return id;
  }

  /**
   * Replaces what {@code out} holds by the next text.
   *
   * @return false at the end of the input
   */
  boolean next(final Segments out) throws IOException, RefusedException {
    while (true) {
      final int end = lineEnd();
      if (end < 0) {
        return false;
      }
      line++;
      final int start = from;
      from = end + 1;
      if (!blank(start, end)) {
        read(start, end, out);
        return true;
      }
    }
  }

  private void read(final int start, final int end, final Segments out) throws RefusedException {
    try {
      tape.parse(buffer, start, end - start);
    } catch (final JsonRejected e) {
      throw new RefusedException(
          line, "this is no acceptable JSON (" + e.reason() + " at byte " + e.offset() + ")");
    }
    final int root = tape.root();
    if (tape.kind(root) != JsonTape.Kind.OBJECT) {
      throw new RefusedException(line, "this is no object");
    }
    final int text = tape.find(root, "text");
    if (text < 0 || tape.kind(text) != JsonTape.Kind.STRING) {
      throw new RefusedException(line, "the object has no string \"text\"");
    }
    final int given = tape.find(root, "id");
    id =
        given < 0
            ? "null"
            : new String(
                buffer,
                start + tape.wireStart(given),
                tape.wireEnd(given) - tape.wireStart(given),
                StandardCharsets.UTF_8);
    out.clear();
    out.add(tape, text);
  }

  private boolean blank(final int start, final int end) {
    for (int i = start; i < end; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  /** Where the line that starts at {@link #from} ends, reading on as needed; -1 at the end. */
  private int lineEnd() throws IOException, RefusedException {
    int seen = from;
    while (true) {
      for (; seen < filled; seen++) {
        if (buffer[seen] == '\n') {
          return seen;
        }
      }
      if (ended) {
        return from < filled ? filled : -1;
      }
      if (from > 0) {
        System.arraycopy(buffer, from, buffer, 0, filled - from);
        filled -= from;
        seen -= from;
        from = 0;
      }
      if (filled == buffer.length) {
        if (filled >= JsonLimits.DEFAULT.bodyBytesMax()) {
          throw new RefusedException(
              line + 1, "the line is longer than " + JsonLimits.DEFAULT.bodyBytesMax() + " bytes");
        }
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
      }
      final int read = in.read(buffer, filled, buffer.length - filled);
      if (read < 0) {
        ended = true;
      } else {
        filled += read;
      }
    }
  }
}
