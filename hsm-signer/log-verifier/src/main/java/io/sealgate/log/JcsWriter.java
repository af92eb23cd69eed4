package io.sealgate.log;

import java.util.Arrays;

/**
 * Writes canonical JSON (RFC 8785) as UTF-8 into a buffer of its own that is reused after {@link
 * #reset}. Members must be given in ascending order of their names' UTF-16 code units; a wrong
 * order is an {@link IllegalStateException}. There are no fractions: numbers are integers up to
 * 2^53-1 in magnitude, anything else is the caller's to write as a string. One thread at a time.
 */
public final class JcsWriter {
  /** Largest magnitude of a number that every JSON reader keeps exactly. */
  public static final long NUMBER_MAX = (1L << 53) - 1;

  /** Deepest nesting of objects and arrays. */
  public static final int DEPTH_MAX = 64;

  /** Longest document in bytes; far above a log record, to bound a runaway caller. */
  public static final int BYTES_MAX = 16 << 20;

  private static final int BYTES_INITIAL = 4_096;
  private static final int DIGITS_MAX = 16;
  private static final byte[] HEX =
      "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private byte[] buffer = new byte[BYTES_INITIAL];
  private final byte[] digits = new byte[DIGITS_MAX];
  private final boolean[] inObject = new boolean[DEPTH_MAX];
  private final boolean[] filled = new boolean[DEPTH_MAX];
  private final String[] lastName = new String[DEPTH_MAX];
  private int length;
  private int depth;
  private boolean named;
  private boolean complete;

  /** A writer ready for its first document. */
  public JcsWriter() {}

  /** Begins a new document; the buffer is kept. */
  public JcsWriter reset() {
    length = 0;
    depth = 0;
    named = false;
    complete = false;
    return this;
  }

  /**
   * The writer's buffer: bytes 0 to {@link #length} are the document. Valid until the next call
   * that writes.
   */
  public byte[] buffer() {
    return buffer;
  }

  /**
   * Length of the document in bytes.
   *
   * @throws IllegalStateException if the document is not complete
   */
  public int length() {
    if (!complete) {
      throw new IllegalStateException("the document is not complete");
    }
    return length;
  }

  /** A copy of the document. */
  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, length());
  }

  /** Opens an object. */
  public JcsWriter beginObject() {
    return begin(true);
  }

  /** Closes the innermost object. */
  public JcsWriter endObject() {
    return end(true);
  }

  /** Opens an array. */
  public JcsWriter beginArray() {
    return begin(false);
  }

  /** Closes the innermost array. */
  public JcsWriter endArray() {
    return end(false);
  }

  /** The name of the next member. */
  public JcsWriter name(String name) {
    if (depth == 0 || !inObject[depth - 1] || named) {
      throw new IllegalStateException("a name is expected only inside an object, once");
    }
    int level = depth - 1;
    if (filled[level]) {
      if (lastName[level].compareTo(name) >= 0) {
        throw new IllegalStateException(
            "member '" + name + "' must not come after '" + lastName[level] + "'");
      }
      put(',');
    }
    filled[level] = true;
    lastName[level] = name;
    quote(name);
    put(':');
    named = true;
    return this;
  }

  /**
   * A string value.
   *
   * @throws IllegalArgumentException on a lone surrogate, which has no UTF-8 form
   */
  public JcsWriter value(String text) {
    beforeValue();
    quote(text);
    return afterValue();
  }

  /**
   * A number.
   *
   * @throws IllegalArgumentException beyond {@link #NUMBER_MAX}
   */
  public JcsWriter value(long number) {
    if (number > NUMBER_MAX || number < -NUMBER_MAX) {
      throw new IllegalArgumentException(
          "a number beyond 2^53-1 is not exact in JSON; write it as a string");
    }
    beforeValue();
    decimal(number);
    return afterValue();
  }

  /** True or false. */
  public JcsWriter value(boolean flag) {
    beforeValue();
    ascii(flag ? "true" : "false");
    return afterValue();
  }

  /** Null. */
  public JcsWriter nullValue() {
    beforeValue();
    ascii("null");
    return afterValue();
  }

  /** Bytes as a string of lower-case hex digits, for digests and identifiers. */
  public JcsWriter hex(byte[] bytes, int offset, int count) {
    beforeValue();
    put('"');
    for (int i = offset; i < offset + count; i++) {
      put(HEX[bytes[i] >> 4 & 15]);
      put(HEX[bytes[i] & 15]);
    }
    put('"');
    return afterValue();
  }

  private JcsWriter begin(boolean object) {
    beforeValue();
    if (depth == DEPTH_MAX) {
      throw new IllegalStateException("nested deeper than " + DEPTH_MAX);
    }
    inObject[depth] = object;
    filled[depth] = false;
    lastName[depth] = null;
    depth++;
    put(object ? '{' : '[');
    return this;
  }

  private JcsWriter end(boolean object) {
    if (depth == 0 || inObject[depth - 1] != object || named) {
      throw new IllegalStateException("nothing to close here");
    }
    depth--;
    put(object ? '}' : ']');
    return afterValue();
  }

  private void beforeValue() {
    if (complete) {
      throw new IllegalStateException("the document is complete; reset first");
    }
    if (depth > 0) {
      int level = depth - 1;
      if (inObject[level]) {
        if (!named) {
          throw new IllegalStateException("a value inside an object needs a name");
        }
        named = false;
      } else {
        if (filled[level]) {
          put(',');
        }
        filled[level] = true;
      }
    }
  }

  private JcsWriter afterValue() {
    complete = depth == 0;
    return this;
  }

  private void quote(String text) {
    put('"');
    int count = text.length();
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        if (Character.isSurrogate(c)) {
          i++;
          surrogatePair(c, i < count ? text.charAt(i) : 0);
        } else if (c < 0x800) {
          put(0xC0 | c >> 6);
          put(0x80 | c & 0x3F);
        } else {
          put(0xE0 | c >> 12);
          put(0x80 | c >> 6 & 0x3F);
          put(0x80 | c & 0x3F);
        }
      } else if (c < 0x20 || c == '"' || c == '\\') {
        escape(c);
      } else {
        put(c);
      }
    }
    put('"');
  }

  private void surrogatePair(char high, char low) {
    if (!Character.isSurrogatePair(high, low)) {
      throw new IllegalArgumentException("a lone surrogate has no UTF-8 form");
    }
    int codePoint = Character.toCodePoint(high, low);
    put(0xF0 | codePoint >> 18);
    put(0x80 | codePoint >> 12 & 0x3F);
    put(0x80 | codePoint >> 6 & 0x3F);
    put(0x80 | codePoint & 0x3F);
  }

  private void escape(char c) {
    put('\\');
    switch (c) {
      case '"', '\\' -> put(c);
      case '\b' -> put('b');
      case '\t' -> put('t');
      case '\n' -> put('n');
      case '\f' -> put('f');
      case '\r' -> put('r');
      default -> {
        ascii("u00");
        put(HEX[c >> 4]);
        put(HEX[c & 15]);
      }
    }
  }

  private void decimal(long number) {
    long rest = Math.abs(number);
    if (number < 0) {
      put('-');
    }
    int at = DIGITS_MAX;
    do {
      digits[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    while (at < DIGITS_MAX) {
      put(digits[at++]);
    }
  }

  private void ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      put(text.charAt(i));
    }
  }

  private void put(int value) {
    if (length == buffer.length) {
      if (length == BYTES_MAX) {
        throw new IllegalArgumentException("a document has at most " + BYTES_MAX + " bytes");
      }
      buffer = Arrays.copyOf(buffer, Math.min(BYTES_MAX, length * 2));
    }
    buffer[length++] = (byte) value;
  }
}
