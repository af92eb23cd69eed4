package io.sealgate.classify.secret;

import static io.sealgate.classify.secret.TokenText.BASE64_URL;
import static io.sealgate.classify.secret.TokenText.runEnd;

import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.json.JsonLimits;
import io.sealgate.classify.json.JsonRejected;
import io.sealgate.classify.json.JsonTape;
import io.sealgate.classify.pack.Rule;

/**
 * JSON Web Tokens in compact form (RFC 7515, section 7.1; RFC 7516, section 7.1). The header must
 * decode to a JSON object with a string {@code alg}. A token longer than {@link
 * Reach#OPEN_SPAN_BYTES_MAX} is covered up to there. Not thread-safe.
 */
public final class JsonWebTokens implements AnchorRule {
  private static final int NONE = -1;

  private static final int HEADER_BYTES_MAX = 4_096;

  /** An encrypted token has five parts. */
  private static final int PARTS_MAX = 5;

  private static final int PARTS_MIN = 3;
  private static final int DEPTH_MAX = 8;
  private static final int NODES_MAX = 1_024;

  private final byte[] header = new byte[HEADER_BYTES_MAX];
  private final JsonTape tape =
      new JsonTape(new JsonLimits(DEPTH_MAX, NODES_MAX, HEADER_BYTES_MAX, HEADER_BYTES_MAX));

  private final int type;
  private final int scoreMicros;

  public JsonWebTokens(final Rule rule) {
    type = rule.type();
    scoreMicros = rule.scoreMicros();
  }

  @Override
  public void confirm(
      final byte[] text,
      final int length,
      final int anchorStart,
      final int anchorEnd,
      final Hits out) {
    if (TokenText.tokenMayBegin(text, anchorStart)) {
      final int limit = Math.min(length, anchorStart + Reach.OPEN_SPAN_BYTES_MAX);
      final int end = end(text, anchorStart, limit);
      if (end != NONE) {
        out.add(type, anchorStart, end, scoreMicros, Evidence.PREFIX);
      }
    }
  }

  /** End of the token that starts at {@code at}, or {@link #NONE}. */
  private int end(final byte[] text, final int at, final int length) {
    final int headerEnd = runEnd(text, at, length, BASE64_URL, HEADER_BYTES_MAX);
    if (headerEnd >= length || text[headerEnd] != '.' || !isHeader(text, at, headerEnd)) {
      return NONE;
    }
    int parts = 1;
    int end = headerEnd;
    while (parts < PARTS_MAX && end < length && text[end] == '.') {
      final int next = runEnd(text, end + 1, length, BASE64_URL, length);
      if (parts >= PARTS_MIN && next == end + 1) {
        // A full stop that ends the sentence.
        break;
      }
      end = next;
      parts++;
    }
    final boolean cut = end == at + Reach.OPEN_SPAN_BYTES_MAX;
    return parts < PARTS_MIN && !cut ? NONE : end;
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
