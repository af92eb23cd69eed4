package io.sealgate.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads canonical JSON (RFC 8785) with integers only, and nothing else: white space, unsorted or
 * repeated members, needless escapes, fractions and numbers beyond 2^53-1 are refused. So whatever
 * it accepts, {@link JcsWriter} writes the same bytes.
 */
public final class JcsReader {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long EACH_BYTE = 0x0101_0101_0101_0101L;

  private final String text;

  /** Whether no byte of the document is a control character, as in all that is canonical. */
  private final boolean clean;

  private int at;
  private int depth;

  private JcsReader(String text, boolean clean) {
    this.text = text;
    this.clean = clean;
  }

  /**
   * The document as {@code Map<String, Object>}, {@code List<Object>}, {@code String}, {@code
   * Long}, {@code Boolean} or null, all unmodifiable, members in their order.
   *
   * @throws JcsException if it is not canonical
   */
  public static Object parse(byte[] utf8) throws JcsException {
    String text;
    try {
      text = NoteText.utf8(utf8);
    } catch (NoteException _) {
      throw new JcsException("not valid UTF-8", 0);
    }
    JcsReader reader = new JcsReader(text, isClean(utf8));
    Object value = reader.value();
    if (reader.at != text.length()) {
      throw reader.problem("more after the document");
    }
    return value;
  }

  private static boolean isClean(byte[] utf8) {
    long low = 0;
    int i = 0;
    for (; i <= utf8.length - Long.BYTES; i += Long.BYTES) {
      long eight = (long) LONGS.get(utf8, i);
      // The top bit of a byte that is below 0x20, and perhaps of one above such a byte.
      low |= (eight - 0x20 * EACH_BYTE) & ~eight;
    }
    for (; i < utf8.length; i++) {
      low |= (utf8[i] - 0x20) & ~utf8[i] & 0x80;
    }
    return (low & 0x80 * EACH_BYTE) == 0;
  }

  private Object value() throws JcsException {
    char c = peek();
    return switch (c) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> {
        if (c == '-' || isDigit(c)) {
          yield number();
        }
        throw problem("unexpected character");
      }
    };
  }

  private Map<String, Object> object() throws JcsException {
    enter();
    Map<String, Object> members = new LinkedHashMap<>();
    String last = null;
    at++;
    if (peek() == '}') {
      at++;
    } else {
      do {
        if (peek() != '"') {
          throw problem("a member name is expected");
        }
        String name = string();
        if (last != null && last.compareTo(name) >= 0) {
          throw problem("members are not in order");
        }
        last = name;
        expect(':');
        members.put(name, value());
      } while (more('}'));
    }
    depth--;
    return Collections.unmodifiableMap(members);
  }

  private List<Object> array() throws JcsException {
    enter();
    List<Object> items = new ArrayList<>();
    at++;
    if (peek() == ']') {
      at++;
    } else {
      do {
        items.add(value());
      } while (more(']'));
    }
    depth--;
    return Collections.unmodifiableList(items);
  }

  private void enter() throws JcsException {
    if (depth == JcsWriter.DEPTH_MAX) {
      throw problem("nested deeper than " + JcsWriter.DEPTH_MAX);
    }
    depth++;
  }

  private boolean more(char close) throws JcsException {
    if (peek() == ',') {
      at++;
      return true;
    }
    expect(close);
    return false;
  }

  private String string() throws JcsException {
    at++;
    if (clean) {
      int quote = text.indexOf('"', at);
      if (quote >= 0 && text.indexOf('\\', at, quote) < 0) {
        String plain = text.substring(at, quote);
        at = quote + 1;
        return plain;
      }
    }
    int start = at;
    StringBuilder unescaped = null;
    while (true) {
      char c = peek();
      if (c == '"') {
        String plain = text.substring(start, at);
        at++;
        return unescaped == null ? plain : unescaped.append(plain).toString();
      }
      if (c < 0x20) {
        throw problem("an unescaped control character");
      }
      if (c == '\\') {
        if (unescaped == null) {
          unescaped = new StringBuilder();
        }
        unescaped.append(text, start, at);
        at++;
        unescaped.append(escape());
        start = at;
      } else {
        at++;
      }
    }
  }

  private char escape() throws JcsException {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\' -> c;
      case 'b' -> '\b';
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'f' -> '\f';
      case 'r' -> '\r';
      case 'u' -> control();
      default -> throw problem("a needless escape");
    };
  }

  private char control() throws JcsException {
    if (text.length() - at >= 4 && text.startsWith("00", at)) {
      int high = text.charAt(at + 2) - '0';
      int low = "0123456789abcdef".indexOf(text.charAt(at + 3));
      if ((high == 0 || high == 1) && low >= 0) {
        char c = (char) (high << 4 | low);
        if ("\b\t\n\f\r".indexOf(c) < 0) {
          at += 4;
          return c;
        }
      }
    }
    throw problem("a needless escape");
  }

  private Object word(String word, Object value) throws JcsException {
    if (!text.startsWith(word, at)) {
      throw problem("unexpected character");
    }
    at += word.length();
    return value;
  }

  private Long number() throws JcsException {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    int firstDigit = at;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    int digits = at - firstDigit;
    if (digits == 0 || (text.charAt(firstDigit) == '0' && at - start > 1)) {
      throw problem("a number not in its shortest form");
    }
    // 2^53-1 has 16 digits; more cannot be in range, and 16 always fit a long.
    long number = digits > 16 ? Long.MAX_VALUE : Long.parseLong(text, start, at, 10);
    if (Math.abs(number) > JcsWriter.NUMBER_MAX) {
      throw problem("a number beyond 2^53-1");
    }
    return number;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private char peek() throws JcsException {
    if (at >= text.length()) {
      throw problem("the document is cut off");
    }
    return text.charAt(at);
  }

  private void expect(char c) throws JcsException {
    if (peek() != c) {
      throw problem("'" + c + "' is expected");
    }
    at++;
  }

  private JcsException problem(String what) {
    return new JcsException(what, at);
  }
}
