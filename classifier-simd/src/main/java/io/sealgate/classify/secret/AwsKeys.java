package io.sealgate.classify.secret;

import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Rule;

/**
 * AWS access key ids, and the secret keys that follow one: a secret key alone is any forty
 * characters of base64. Not thread-safe.
 */
public final class AwsKeys implements AnchorRule {
  private static final int TAIL_BYTES = 16;
  static final int SECRET_BYTES = 40;

  /** From the id's last byte to the secret's first. */
  private static final int AFTER_BYTES_MAX = 160;

  private static final int ID_ENTROPY_MICROS = 2_600_000;
  static final int SECRET_ENTROPY_MICROS = 4_000_000;

  /** AWS's own examples end like this; others made up by hand name no possible account. */
  private static final byte[] EXAMPLE = {'E', 'X', 'A', 'M', 'P', 'L', 'E'};

  private static final int EXAMPLE_SCORE_MICROS = 500_000;

  private final int type;
  private final int scoreMicros;
  private final Entropy entropy = new Entropy();

  public AwsKeys(final Rule rule) {
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
    final int end = anchorEnd + TAIL_BYTES;
    if (!TokenText.tokenMayBegin(text, anchorStart)
        || TokenClass.BASE32.runEnd(text, anchorEnd, Math.min(length, end)) != end
        || !TokenText.tokenEnds(text, end, length)
        || entropy.micros(text, anchorEnd, end) < ID_ENTROPY_MICROS) {
      return;
    }
    final boolean example =
        TokenText.startsWith(text, end - EXAMPLE.length, end, EXAMPLE)
            || !hasAccount(text, anchorEnd);
    out.add(type, anchorStart, end, example ? EXAMPLE_SCORE_MICROS : scoreMicros, Evidence.PREFIX);
    secrets(text, length, end, Math.min(length, end + AFTER_BYTES_MAX + SECRET_BYTES), out);
  }

  /**
   * Ids issued since 2019 hold the account's number: of the first six bytes of the tail in base32,
   * all bits but the first and the last seven. It has twelve decimal digits. Older ids begin with I
   * or J and hold none.
   */
  private static boolean hasAccount(final byte[] text, final int tail) {
    if (text[tail] == 'I' || text[tail] == 'J') {
      return true;
    }
    long bits = 0;
    for (int i = 0; i < 10; i++) {
      bits = bits << 5 | TokenClass.BASE32.value(text[tail + i]);
    }
    final long sixBytes = bits >>> 2;
    return (sixBytes & 0x7fffffffff80L) >>> 7 <= 999_999_999_999L;
  }

  private void secrets(
      final byte[] text, final int length, final int from, final int to, final Hits out) {
    int p = from;
    while (p < to && text[p] != 0) {
      final int end = TokenClass.BASE64.runEnd(text, p, Math.min(length, p + SECRET_BYTES + 1));
      if (end - p == SECRET_BYTES && isSecret(text, p, end, entropy)) {
        out.add(FindingTypes.AWS_SECRET_KEY, p, end, scoreMicros, Evidence.CONTEXT);
      }
      p = TokenClass.BASE64.runEnd(text, end, to) + 1;
    }
  }

  /** Forty characters of base64 that are no digest in hexadecimal and no words. */
  static boolean isSecret(final byte[] text, final int from, final int to, final Entropy entropy) {
    return to - from == SECRET_BYTES
        && TokenClass.BASE64.runEnd(text, from, to) == to
        && TokenText.contains(text, from, to, TokenText.DIGIT)
        && TokenText.contains(text, from, to, TokenText.UPPER)
        && TokenText.contains(text, from, to, TokenText.LOWER)
        && entropy.micros(text, from, to) >= SECRET_ENTROPY_MICROS;
  }
}
