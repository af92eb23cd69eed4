package io.sealgate.classify.secret;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.pack.Rule;

/**
 * Private keys in textual encoding (RFC 7468, section 2; RFC 4880, section 6.2). The body is not
 * read strictly: a key inside JSON or a log has escapes, quotes and indentation in it.
 */
public final class PrivateKeys implements AnchorRule {
  private static final int NONE = -1;

  /** Bytes from the first dash to the last; a longer or cut off key is covered up to here. */
  static final int KEY_BYTES_MAX = 16 * 1024;

  /** Between the dashes of the first line: {@code RSA PRIVATE KEY}, {@code PGP ... BLOCK}. */
  private static final int LABEL_BYTES_MAX = 48;

  /** Shorter bodies are placeholders. */
  private static final int BODY_CHARACTERS_MIN = 32;

  /** Spaces, escapes and quotes in a row; where there are more, a key that was cut off ends. */
  private static final int OTHERS_MAX = 40;

  private static final byte[] PRIVATE_KEY = "PRIVATE KEY".getBytes(US_ASCII);
  private static final byte[] DASHES = "-----".getBytes(US_ASCII);
  private static final byte[] END = "-----END ".getBytes(US_ASCII);

  private final int type;
  private final int scoreMicros;

  public PrivateKeys(final Rule rule) {
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
    final int end = end(text, anchorStart, anchorEnd, length);
    if (end != NONE) {
      out.add(type, anchorStart, end, scoreMicros, Evidence.PREFIX);
    }
  }

  /** End of the key whose first line has its label at {@code label}, or {@link #NONE}. */
  private static int end(final byte[] text, final int start, final int label, final int length) {
    final int limit = Math.min(length, start + KEY_BYTES_MAX);
    final int labelEnd =
        TokenText.indexOf(text, label, Math.min(limit, label + LABEL_BYTES_MAX), DASHES);
    if (labelEnd < 0 || TokenText.indexOf(text, label, labelEnd, PRIVATE_KEY) < 0) {
      return NONE;
    }
    final int body = labelEnd + DASHES.length;
    int characters = 0;
    int others = 0;
    int bodyEnd = body;
    int p = body;
    while (p < limit
        && others <= OTHERS_MAX
        && text[p] != Reach.SEPARATOR
        && !TokenText.startsWith(text, p, limit, DASHES)) {
      if (TokenClass.BASE64.has(text[p]) || text[p] == '=') {
        characters++;
        others = 0;
        bodyEnd = p + 1;
      } else {
        others++;
      }
      p++;
    }
    if (characters < BODY_CHARACTERS_MIN) {
      return NONE;
    }
    if (!TokenText.startsWith(text, p, limit, END)) {
      return bodyEnd;
    }
    final int endLabel = p + END.length;
    final int close =
        TokenText.indexOf(text, endLabel, Math.min(length, endLabel + LABEL_BYTES_MAX), DASHES);
    return close < 0 ? endLabel : close + DASHES.length;
  }
}
