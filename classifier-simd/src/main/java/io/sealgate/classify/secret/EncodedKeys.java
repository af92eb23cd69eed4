package io.sealgate.classify.secret;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Rule;

/**
 * Private keys in textual encoding that were encoded in base64 as a whole, as in manifests. The
 * first line of what is encoded must name a private key. Not thread-safe.
 */
public final class EncodedKeys implements AnchorRule {
  /** Holds the longest label. */
  private static final int DECODED_CHARACTERS = 80;

  /** Shorter ones are placeholders. */
  private static final int ENCODED_BYTES_MIN = 120;

  private static final byte[] PRIVATE_KEY = "PRIVATE KEY".getBytes(US_ASCII);

  private final int type;
  private final int scoreMicros;
  private final byte[] decoded = new byte[DECODED_CHARACTERS / 4 * 3];

  public EncodedKeys(final Rule rule) {
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
    if (!TokenText.tokenMayBegin(text, anchorStart)) {
      return;
    }
    final int limit = Math.min(length, anchorStart + PrivateKeys.KEY_BYTES_MAX);
    int end = TokenClass.BASE64.runEnd(text, anchorEnd, limit);
    if (end - anchorStart < ENCODED_BYTES_MIN) {
      return;
    }
    for (int i = 0; i < DECODED_CHARACTERS / 4; i++) {
      int bits = 0;
      for (int j = 0; j < 4; j++) {
        bits = bits << 6 | TokenClass.BASE64.value(text[anchorStart + 4 * i + j]);
      }
      decoded[3 * i] = (byte) (bits >> 16);
      decoded[3 * i + 1] = (byte) (bits >> 8);
      decoded[3 * i + 2] = (byte) bits;
    }
    if (TokenText.indexOf(decoded, 0, decoded.length, PRIVATE_KEY) < 0) {
      return;
    }
    while (end < limit && text[end] == '=') {
      end++;
    }
    out.add(type, anchorStart, end, scoreMicros, Evidence.PREFIX);
  }
}
