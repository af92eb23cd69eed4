package io.sealgate.classify.secret;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.pack.Rule;

/**
 * URLs with a password (RFC 3986, section 3.2.1): {@code scheme://user:password@host}. {@code
 * words} are the schemes the rule is for; without them it is for all. Placeholders are no
 * passwords. The hit is the whole URL, of which at most {@link Reach#SPAN_BYTES_MAX} bytes.
 * Stateless.
 */
public final class UrlPasswords implements AnchorRule {
  private static final int SCHEME_BYTES_MAX = 24;

  /** User and password; a longer one is read no further. */
  private static final int AUTHORITY_BYTES_MAX = 384;

  private final int type;
  private final int scoreMicros;
  private final byte[][] schemes;

  public UrlPasswords(final Rule rule) {
    type = rule.type();
    scoreMicros = rule.scoreMicros();
    schemes =
        rule.values("words").stream()
            .map(scheme -> scheme.getBytes(US_ASCII))
            .toArray(byte[][]::new);
  }

  @Override
  public void confirm(
      final byte[] text,
      final int length,
      final int anchorStart,
      final int anchorEnd,
      final Hits out) {
    final int start = schemeStart(text, anchorStart);
    if (start < 0 || !isOurs(text, start, anchorStart)) {
      return;
    }
    final int limit = Math.min(length, anchorEnd + AUTHORITY_BYTES_MAX);
    int at = -1;
    int colon = -1;
    int end = anchorEnd;
    while (end < limit
        && !endsUrl(text[end])
        && (text[end] >= 0 || at < 0)
        && text[end] != '/'
        && text[end] != '?') {
      if (text[end] == '@') {
        at = end;
      } else if (text[end] == ':' && colon < 0) {
        colon = end;
      }
      end++;
    }
    final boolean password =
        colon >= 0
            && at > colon + 1
            && at + 1 < end
            && !TokenText.startsWith(text, anchorEnd, at, new byte[] {'$', '{'})
            && !Placeholders.is(text, colon + 1, at);
    if (!password) {
      return;
    }
    final int urlLimit = Math.min(length, start + Reach.SPAN_BYTES_MAX);
    while (end < urlLimit && !endsUrl(text[end]) && text[end] >= 0) {
      end++;
    }
    while (isPunctuation(text[end - 1])) {
      end--;
    }
    out.add(type, start, end, scoreMicros, Evidence.FORMAT);
  }

  /** RFC 3986, section 3.1. */
  private static int schemeStart(final byte[] text, final int colon) {
    final int limit = Math.max(0, colon - SCHEME_BYTES_MAX);
    int start = colon;
    while (start > limit && isScheme(text[start - 1])) {
      start--;
    }
    while (start < colon && !TokenText.is(text[start], TokenText.UPPER | TokenText.LOWER)) {
      start++;
    }
    return start < colon ? start : -1;
  }

  private static boolean isScheme(final byte b) {
    return TokenText.is(b, TokenText.ALPHANUMERIC) || b == '+' || b == '-' || b == '.';
  }

  private boolean isOurs(final byte[] text, final int from, final int to) {
    for (final byte[] scheme : schemes) {
      if (to - from >= scheme.length
          && Placeholders.startsWith(text, to - scheme.length, to, scheme)
          && (to - from == scheme.length || text[to - scheme.length - 1] == '+')) {
        return true;
      }
      if (to - from > scheme.length
          && Placeholders.startsWith(text, from, to, scheme)
          && text[from + scheme.length] == '+') {
        return true;
      }
    }
    return schemes.length == 0;
  }

  private static boolean endsUrl(final byte b) {
    return b <= ' ' && b >= 0
        || b == '"'
        || b == '\''
        || b == '<'
        || b == '>'
        || b == '`'
        || b == '\\'
        || b == '|'
        || b == '^';
  }

  private static boolean isPunctuation(final byte b) {
    return b == '.' || b == ',' || b == ';' || b == ':' || b == '!' || b == ')' || b == ']';
  }
}
