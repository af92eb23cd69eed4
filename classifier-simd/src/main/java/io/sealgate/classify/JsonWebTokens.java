package io.sealgate.classify;

import static io.sealgate.classify.TokenText.BASE64_URL;
import static io.sealgate.classify.TokenText.runEnd;

/**
 * JSON Web Tokens in compact form (RFC 7515, section 7.1; RFC 7516, section 7.1). The header must
 * decode to a JSON object with a string {@code alg}. Not thread-safe.
 */
final class JsonWebTokens {
  static final int NONE = -1;

  private static final int HEADER_BYTES_MAX = 4_096;
  private static final int PART_BYTES_MAX = 64 * 1024;

  /** An encrypted token has five parts. */
  private static final int PARTS_MAX = 5;

  private static final int PARTS_MIN = 3;
  private static final int DEPTH_MAX = 8;
  private static final int NODES_MAX = 1_024;

  private final byte[] header = new byte[HEADER_BYTES_MAX];
  private final JsonTape tape =
      new JsonTape(new JsonLimits(DEPTH_MAX, NODES_MAX, HEADER_BYTES_MAX, HEADER_BYTES_MAX));

  /** End of the token that starts at {@code at}, or {@link #NONE}. */
  int end(final byte[] text, final int at, final int length) {
    final int headerEnd = runEnd(text, at, length, BASE64_URL, HEADER_BYTES_MAX);
    if (headerEnd >= length || text[headerEnd] != '.' || !isHeader(text, at, headerEnd)) {
      return NONE;
    }
    int parts = 1;
    int end = headerEnd;
    while (parts < PARTS_MAX && end < length && text[end] == '.') {
      final int next = runEnd(text, end + 1, length, BASE64_URL, PART_BYTES_MAX);
      if (parts >= PARTS_MIN && next == end + 1) {
        // A full stop that ends the sentence.
        break;
      }
      end = next;
      parts++;
    }
    return parts < PARTS_MIN ? NONE : end;
  }

  private boolean isHeader(final byte[] text, final int from, final int to) {
    final int decoded = decode(text, from, to);
    if (decoded <= 0) {
      return false;
    }
    try {
      tape.parse(header, 0, decoded);
    } catch (final JsonRejected e) {
      // Whatever the reason, this is no header.
      return false;
    }
    final int root = tape.root();
    if (tape.kind(root) != JsonTape.Kind.OBJECT) {
      return false;
    }
    final int alg = tape.find(root, "alg");
    return alg >= 0 && tape.kind(alg) == JsonTape.Kind.STRING;
  }

  /** Decodes base64url without padding; -1 when the length is impossible. */
  private int decode(final byte[] text, final int from, final int to) {
    if ((to - from) % 4 == 1) {
      return -1;
    }
    int bits = 0;
    int held = 0;
    int length = 0;
    for (int p = from; p < to; p++) {
      held = held << 6 | value(text[p]);
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        header[length++] = (byte) (held >> bits);
      }
    }
    return length;
  }

  private static int value(final byte b) {
    if (b >= 'A' && b <= 'Z') {
      return b - 'A';
    }
    if (b >= 'a' && b <= 'z') {
      return b - 'a' + 26;
    }
    if (b >= '0' && b <= '9') {
      return b - '0' + 52;
    }
    return b == '-' ? 62 : 63;
  }
}
