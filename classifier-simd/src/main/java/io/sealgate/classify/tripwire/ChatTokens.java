package io.sealgate.classify.tripwire;

import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Rule;

/**
 * Control tokens of chat templates of the form {@code <|name|>}: the anchor is {@code <|} and a
 * name of lower-case letters, digits and underscores must follow. Stateless.
 */
public final class ChatTokens implements AnchorRule {
  private static final int NAME_BYTES_MIN = 3;
  private static final int NAME_BYTES_MAX = 32;

  private final int type;
  private final int scoreMicros;

  public ChatTokens(final Rule rule) {
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
    int p = anchorEnd;
    final int limit = Math.min(length - 1, anchorEnd + NAME_BYTES_MAX);
    while (p < limit && isName(text[p])) {
      p++;
    }
    if (p - anchorEnd >= NAME_BYTES_MIN && p < length - 1 && text[p] == '|' && text[p + 1] == '>') {
      out.add(type, anchorStart, p + 2, scoreMicros, Evidence.PATTERN);
    }
  }

  private static boolean isName(final byte b) {
    return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_';
  }
}
