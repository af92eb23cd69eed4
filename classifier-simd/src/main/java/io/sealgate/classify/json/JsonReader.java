package io.sealgate.classify.json;

import io.sealgate.classify.json.JsonRejected.Reason;
import io.sealgate.classify.json.JsonTape.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The grammar of RFC 8259: walks a body once, without recursion, and puts its nodes on a tape. */
public final class JsonReader {
  private static final byte[] WORD_TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] WORD_FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] WORD_NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private final JsonLimits limits;
  private final JsonTape tape;
  private final JsonKeys keys = new JsonKeys();
  private final int[] openNodes;
  private final boolean[] openObjects;
  private final int[] lastChildren;

  private byte[] buf;
  private int base;
  private int limit;
  private int pos;
  private int depth;

  public JsonReader(final JsonLimits limits, final JsonTape tape) {
    this.limits = limits;
    this.tape = tape;
    this.openNodes = new int[limits.depthMax()];
    this.openObjects = new boolean[limits.depthMax()];
    this.lastChildren = new int[limits.depthMax()];
  }

  /** Reads one complete value and nothing else from {@code [off, off + len)}. */
  public void read(final byte[] body, final int off, final int len) throws JsonRejected {
    buf = body;
    base = off;
    limit = off + len;
    pos = off;
    depth = 0;
    keys.trim();
    if (len > limits.bodyBytesMax()) {
      throw new JsonRejected(Reason.TOO_LARGE, limits.bodyBytesMax());
    }
    if (len >= 3
        && body[off] == (byte) 0xef
        && body[off + 1] == (byte) 0xbb
        && body[off + 2] == (byte) 0xbf) {
      throw reject(Reason.BYTE_ORDER_MARK, off);
    }
    skipSpace();
    values();
    skipSpace();
    if (pos != limit) {
      throw reject(Reason.TRAILING_BYTES, pos);
    }
  }

  private void values() throws JsonRejected {
    do {
      switch (required()) {
        case '{' -> {
          open(Kind.OBJECT);
          if (!closesAtOnce('}')) {
            key();
            continue;
          }
        }
        case '[' -> {
          open(Kind.ARRAY);
          if (!closesAtOnce(']')) {
            continue;
          }
        }
        case '"' -> string(addValue(Kind.STRING));
        case 't' -> word(Kind.TRUE, WORD_TRUE);
        case 'f' -> word(Kind.FALSE, WORD_FALSE);
        case 'n' -> word(Kind.NULL, WORD_NULL);
        default -> number();
      }
      if (!anotherValueFollows()) {
        return;
      }
    } while (true);
  }

  /** Consumes closers and at most one comma; false when the outermost value is complete. */
  private boolean anotherValueFollows() throws JsonRejected {
    while (depth > 0) {
      skipSpace();
      final boolean object = openObjects[depth - 1];
      final int c = required();
      if (c == ',') {
        pos++;
        skipSpace();
        if (object) {
          key();
        }
        return true;
      }
      if (c != (object ? '}' : ']')) {
        throw reject(Reason.NOT_JSON, pos);
      }
      close();
    }
    return false;
  }

  private void open(final Kind kind) throws JsonRejected {
    final int node = addValue(kind);
    if (depth == limits.depthMax()) {
      throw reject(Reason.TOO_DEEP, pos);
    }
    openNodes[depth] = node;
    openObjects[depth] = kind == Kind.OBJECT;
    lastChildren[depth] = -1;
    depth++;
    pos++;
    skipSpace();
  }

  private boolean closesAtOnce(final char closer) throws JsonRejected {
    if (required() != closer) {
      return false;
    }
    close();
    return true;
  }

  private void close() throws JsonRejected {
    pos++;
    final int node = openNodes[--depth];
    tape.end(node, pos - base);
    if (openObjects[depth]) {
      final int duplicate = keys.duplicate(tape, node);
      if (duplicate >= 0) {
        throw new JsonRejected(Reason.DUPLICATE_KEY, tape.wireStart(duplicate));
      }
    }
  }

  private void key() throws JsonRejected {
    if (required() != '"') {
      throw reject(Reason.NOT_JSON, pos);
    }
    final int node = add(Kind.STRING, JsonTape.IS_KEY);
    string(node);
    tape.keyHash(node, keys.hash(tape, node));
    skipSpace();
    if (required() != ':') {
      throw reject(Reason.NOT_JSON, pos);
    }
    pos++;
    skipSpace();
  }

  private int addValue(final Kind kind) throws JsonRejected {
    if (depth == 0) {
      return add(kind, (byte) 0);
    }
    final int node = add(kind, openObjects[depth - 1] ? JsonTape.HAS_KEY : 0);
    final int previous = lastChildren[depth - 1];
    if (previous >= 0) {
      tape.link(previous, node);
    }
    lastChildren[depth - 1] = node;
    return node;
  }

  private int add(final Kind kind, final byte flags) throws JsonRejected {
    if (tape.nodeCount() == limits.nodesMax()) {
      throw reject(Reason.TOO_LARGE, pos);
    }
    return tape.add(kind, flags, pos - base);
  }

  private void string(final int node) throws JsonRejected {
    final int from = pos + 1;
    int p = from;
    while (true) {
      p = JsonStrings.skipPlain(buf, p, limit);
      if (p == limit) {
        throw reject(Reason.NOT_JSON, limit);
      }
      final byte b = buf[p];
      if (b == '"') {
        break;
      }
      if (b == '\\') {
        tape.markEscaped(node);
        p += JsonStrings.checkEscape(buf, p, limit, base);
      } else if (b < 0) {
        p = utf8(p);
      } else {
        throw reject(Reason.CONTROL_CHARACTER, p);
      }
    }
    if (p - from > limits.stringBytesMax()) {
      throw reject(Reason.TOO_LARGE, from + limits.stringBytesMax());
    }
    pos = p + 1;
    tape.end(node, pos - base);
  }

  private int utf8(final int from) throws JsonRejected {
    int p = from;
    while (p < limit && buf[p] < 0) {
      final int length = JsonStrings.utf8Length(buf, p, limit);
      if (length == 0) {
        throw reject(Reason.BAD_UTF8, p);
      }
      p += length;
    }
    return p;
  }

  private void word(final Kind kind, final byte[] word) throws JsonRejected {
    final int node = addValue(kind);
    if (limit - pos < word.length
        || !Arrays.equals(buf, pos, pos + word.length, word, 0, word.length)) {
      throw reject(Reason.NOT_JSON, pos);
    }
    pos += word.length;
    tape.end(node, pos - base);
  }

  private void number() throws JsonRejected {
    final int first = required();
    if (first != '-' && !isDigit(pos)) {
      throw reject(first == 'N' || first == 'I' ? Reason.BAD_NUMBER : Reason.NOT_JSON, pos);
    }
    final int node = addValue(Kind.NUMBER);
    if (first == '-') {
      pos++;
    }
    final boolean zero = pos < limit && buf[pos] == '0';
    final int digits = digits();
    if (zero && digits > 1) {
      throw reject(Reason.BAD_NUMBER, pos - digits);
    }
    if (pos < limit && buf[pos] == '.') {
      pos++;
      digits();
    }
    if (pos < limit && (buf[pos] | 0x20) == 'e') {
      pos++;
      if (pos < limit && (buf[pos] == '+' || buf[pos] == '-')) {
        pos++;
      }
      digits();
    }
    tape.end(node, pos - base);
  }

  private int digits() throws JsonRejected {
    final int from = pos;
    while (isDigit(pos)) {
      pos++;
    }
    if (pos == from) {
      throw reject(Reason.BAD_NUMBER, pos);
    }
    return pos - from;
  }

  private boolean isDigit(final int p) {
    return p < limit && buf[p] >= '0' && buf[p] <= '9';
  }

  private void skipSpace() {
    while (pos < limit
        && (buf[pos] == ' ' || buf[pos] == '\n' || buf[pos] == '\r' || buf[pos] == '\t')) {
      pos++;
    }
  }

  private int required() throws JsonRejected {
    if (pos >= limit) {
      throw reject(Reason.NOT_JSON, limit);
    }
    return buf[pos];
  }

  private JsonRejected reject(final Reason reason, final int at) {
    return new JsonRejected(reason, at - base);
  }
}
