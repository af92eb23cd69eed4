package io.sealgate.classify.json;

import io.sealgate.classify.json.JsonRejected.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Strict reader of one complete RFC 8259 body into a flat tape of nodes.
 *
 * <p>Refuses what two readers could read differently: duplicate keys (compared once unescaped),
 * malformed UTF-8, lone surrogates, raw control characters, byte order marks, bytes after the
 * value, and anything beyond the {@link JsonLimits}.
 *
 * <p>Nodes are numbered in document order; a key is the node just before its value. The body is not
 * copied: it must stay unchanged as long as the tape is read. One thread at a time. Arrays are kept
 * between bodies, so a warm tape allocates nothing for a body that it accepts.
 */
public final class JsonTape {
  /** What a node is. */
  public enum Kind {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    TRUE,
    FALSE,
    NULL
  }

  private static final Kind[] KINDS = Kind.values();
  private static final byte OBJECT = (byte) Kind.OBJECT.ordinal();
  private static final byte STRING = (byte) Kind.STRING.ordinal();
  private static final int NODES_INITIAL = 256;

  /** Node arrays longer than this are dropped before the next body, so one giant is not kept. */
  private static final int NODES_RETAINED_MAX = 1 << 18;

  private static final byte ESCAPED = 1;
  public static final byte IS_KEY = 2;
  public static final byte HAS_KEY = 4;

  private final JsonReader reader;
  private byte[] kinds = new byte[NODES_INITIAL];
  private byte[] flags = new byte[NODES_INITIAL];
  private int[] starts = new int[NODES_INITIAL];
  private int[] ends = new int[NODES_INITIAL];
  // For a value the next sibling, for a key its hash.
  private int[] links = new int[NODES_INITIAL];

  private byte[] buf = new byte[0];
  private int base;
  private int nodes;

  /** A reader with these bounds. */
  public JsonTape(final JsonLimits limits) {
    this.reader = new JsonReader(limits, this);
  }

  /**
   * Reads {@code len} bytes from {@code off}. After a refusal the tape has no nodes.
   *
   * @throws JsonRejected when the body is not acceptable
   */
  public void parse(final byte[] body, final int off, final int len) throws JsonRejected {
    Objects.checkFromIndexSize(off, len, body.length);
    buf = body;
    base = off;
    nodes = 0;
    if (kinds.length > NODES_RETAINED_MAX) {
      resize(NODES_INITIAL);
    }
    boolean accepted = false;
    try {
      reader.read(body, off, len);
      accepted = true;
    } finally {
      if (!accepted) {
        nodes = 0;
      }
    }
  }

  /** The node of the whole value. */
  public int root() {
    return Objects.checkIndex(0, nodes);
  }

  /** Values and keys of the last body; every id below this is a node. */
  public int nodeCount() {
    return nodes;
  }

  /** What {@code node} is; a key is a {@link Kind#STRING}. */
  public Kind kind(final int node) {
    return KINDS[kinds[Objects.checkIndex(node, nodes)]];
  }

  /** True when {@code node} is the name of an object member. */
  public boolean isKey(final int node) {
    return (flags[Objects.checkIndex(node, nodes)] & IS_KEY) != 0;
  }

  /** First value of an object or array, or -1 when it is empty or {@code node} is a scalar. */
  public int firstChild(final int node) {
    final byte kind = kinds[Objects.checkIndex(node, nodes)];
    if (kind >= STRING) {
      return -1;
    }
    final int first = kind == OBJECT ? node + 2 : node + 1;
    return first < nodes && starts[first] < ends[node] ? first : -1;
  }

  /** The value after {@code node} in the same container, or -1. */
  public int next(final int node) {
    return isKey(node) ? -1 : links[node];
  }

  /** The key of an object member's value, or -1 when {@code valueNode} is not one. */
  public int key(final int valueNode) {
    return (flags[Objects.checkIndex(valueNode, nodes)] & HAS_KEY) != 0 ? valueNode - 1 : -1;
  }

  /** Value of the member whose decoded name is {@code asciiKey}, or -1. */
  public int find(final int objectNode, final String asciiKey) {
    if (kinds[Objects.checkIndex(objectNode, nodes)] != OBJECT) {
      return -1;
    }
    for (int v = firstChild(objectNode); v >= 0; v = links[v]) {
      if (textEquals(v - 1, asciiKey)) {
        return v;
      }
    }
    return -1;
  }

  /** True when the decoded text of a string is exactly this ASCII text. */
  public boolean textEquals(final int stringNode, final String ascii) {
    requireString(stringNode);
    final int from = contentStart(stringNode);
    final int to = contentEnd(stringNode);
    if (escaped(stringNode)) {
      return JsonStrings.decodesTo(buf, from, to, ascii);
    }
    if (to - from != ascii.length()) {
      return false;
    }
    for (int i = 0; i < to - from; i++) {
      if (buf[from + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The decoded text of a string; allocates, for cold paths. */
  public String text(final int stringNode) {
    requireString(stringNode);
    final int from = contentStart(stringNode);
    final int to = contentEnd(stringNode);
    if (!escaped(stringNode)) {
      return new String(buf, from, to - from, StandardCharsets.UTF_8);
    }
    final byte[] decoded = new byte[to - from];
    final int length = JsonStrings.decode(buf, from, to, decoded, 0);
    return new String(decoded, 0, length, StandardCharsets.UTF_8);
  }

  /**
   * A number written without fraction or exponent, as a long.
   *
   * @throws JsonRejected with {@link Reason#BAD_NUMBER} when it has either or is out of range
   */
  public long longValue(final int numberNode) throws JsonRejected {
    if (kind(numberNode) != Kind.NUMBER) {
      throw new JsonRejected(Reason.BAD_NUMBER, starts[numberNode]);
    }
    int p = base + starts[numberNode];
    final int to = base + ends[numberNode];
    final boolean negative = buf[p] == '-';
    // Summed below zero, because the negative range is one longer.
    long value = 0;
    for (p += negative ? 1 : 0; p < to; p++) {
      final int digit = buf[p] - '0';
      if (digit < 0
          || digit > 9
          || value < Long.MIN_VALUE / 10
          || value * 10 < Long.MIN_VALUE + digit) {
        throw new JsonRejected(Reason.BAD_NUMBER, p - base);
      }
      value = value * 10 - digit;
    }
    if (!negative && value == Long.MIN_VALUE) {
      throw new JsonRejected(Reason.BAD_NUMBER, to - 1 - base);
    }
    return negative ? value : -value;
  }

  /** First byte of the node, relative to the body; the opening quote for a string. */
  public int wireStart(final int node) {
    return starts[Objects.checkIndex(node, nodes)];
  }

  /** One past the last byte of the node, relative to the body; after the closing quote. */
  public int wireEnd(final int node) {
    return ends[Objects.checkIndex(node, nodes)];
  }

  public byte[] buffer() {
    return buf;
  }

  /** Where the body starts in {@link #buffer()}. */
  public int bodyStart() {
    return base;
  }

  public boolean escaped(final int stringNode) {
    return (flags[stringNode] & ESCAPED) != 0;
  }

  public int contentStart(final int stringNode) {
    return base + starts[stringNode] + 1;
  }

  public int contentEnd(final int stringNode) {
    return base + ends[stringNode] - 1;
  }

  public int keyHash(final int keyNode) {
    return links[keyNode];
  }

  public void keyHash(final int keyNode, final int hash) {
    links[keyNode] = hash;
  }

  public void markEscaped(final int stringNode) {
    flags[stringNode] |= ESCAPED;
  }

  public void link(final int value, final int next) {
    links[value] = next;
  }

  public void end(final int node, final int at) {
    ends[node] = at;
  }

  /** Puts a node on the tape that starts at {@code at} and has no end yet. */
  public int add(final Kind kind, final byte flag, final int at) {
    if (nodes == kinds.length) {
      resize(nodes * 2);
    }
    final int node = nodes++;
    kinds[node] = (byte) kind.ordinal();
    flags[node] = flag;
    starts[node] = at;
    ends[node] = at;
    links[node] = -1;
    return node;
  }

  public void requireString(final int node) {
    if (kinds[Objects.checkIndex(node, nodes)] != STRING) {
      throw new IllegalArgumentException("node " + node + " is no string but " + kind(node));
    }
  }

  private void resize(final int capacity) {
    kinds = Arrays.copyOf(kinds, capacity);
    flags = Arrays.copyOf(flags, capacity);
    starts = Arrays.copyOf(starts, capacity);
    ends = Arrays.copyOf(ends, capacity);
    links = Arrays.copyOf(links, capacity);
  }
}
