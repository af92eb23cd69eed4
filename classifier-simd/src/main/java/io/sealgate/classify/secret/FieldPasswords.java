package io.sealgate.classify.secret;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.pack.Rule;

/**
 * The password of a connection string made of fields ({@code Server=...;Password=...}): right after
 * the anchor, with one of the {@code words} within 160 bytes before it. Stateless.
 */
public final class FieldPasswords implements AnchorRule {
  private static final int WORDS_BYTES_BEFORE = 160;
  private static final int VALUE_BYTES_MIN = 4;
  private static final int VALUE_BYTES_MAX = 256;

  private final int type;
  private final int scoreMicros;
  private final byte[][] words;

  public FieldPasswords(final Rule rule) {
    type = rule.type();
    scoreMicros = rule.scoreMicros();
    words =
        rule.values("words").stream().map(word -> word.getBytes(US_ASCII)).toArray(byte[][]::new);
  }

  @Override
  public void confirm(
      final byte[] text,
      final int length,
      final int anchorStart,
      final int anchorEnd,
      final Hits out) {
    final int limit = Math.min(length, anchorEnd + VALUE_BYTES_MAX);
    int end = anchorEnd;
    while (end < limit && isValue(text[end])) {
      end++;
    }
    if (end - anchorEnd >= VALUE_BYTES_MIN
        && !Placeholders.is(text, anchorEnd, end)
        && hasWord(text, anchorStart)) {
      out.add(type, anchorEnd, end, scoreMicros, Evidence.CONTEXT);
    }
  }

  private static boolean isValue(final byte b) {
    return (b > ' ' || b < 0)
        && b != ';'
        && b != '&'
        && b != '"'
        && b != '\''
        && b != '\\'
        && b != ','
        && b != '<';
  }

  private boolean hasWord(final byte[] text, final int anchorStart) {
    final int earliest = Math.max(0, anchorStart - WORDS_BYTES_BEFORE);
    for (int p = anchorStart - 1; p >= earliest && text[p] != Reach.SEPARATOR; p--) {
      for (final byte[] word : words) {
        if (Placeholders.startsWith(text, p, anchorStart, word)) {
          return true;
        }
      }
    }
    return false;
  }
}
