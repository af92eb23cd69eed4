package io.sealgate.classify.tripwire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.pack.Rule;
import java.util.Locale;

/**
 * Links and images of Markdown and HTML that carry data out when they are shown: an address with a
 * query (or the last part of a path) that a model is to fill in, or that already holds encoded
 * text. The anchor is {@code <img}, or ends with {@code http} of the address. {@code words} are
 * what such a placeholder says. A link that is not an image must have a placeholder. The hit is the
 * address. Stateless.
 */
public final class DataLinks implements AnchorRule {
  private static final int URL_BYTES_MAX = Reach.SPAN_BYTES_MAX - 96;

  /** Shorter runs of base64 or hexadecimal are identifiers. */
  private static final int DATA_BYTES_MIN = 32;

  /** So many words in a query are a sentence. */
  private static final int ESCAPED_SPACES_MIN = 5;

  private static final int ALT_BYTES_MAX = 64;

  private static final int SCHEME_BYTES = "http".length();

  private final int type;
  private final int scoreMicros;
  private final byte[][] words;

  public DataLinks(final Rule rule) {
    type = rule.type();
    scoreMicros = rule.scoreMicros();
    words =
        rule.values("words").stream()
            .map(word -> word.toLowerCase(Locale.ROOT).getBytes(US_ASCII))
            .toArray(byte[][]::new);
  }

  @Override
  public void confirm(
      final byte[] text,
      final int length,
      final int anchorStart,
      final int anchorEnd,
      final Hits out) {
    final int limit = Math.min(length, anchorEnd + URL_BYTES_MAX);
    final boolean html = text[anchorStart] == '<';
    final int from = html ? htmlAddress(text, anchorEnd, limit) : anchorEnd - SCHEME_BYTES;
    if (from < 0 || !isHttp(text, from, limit)) {
      return;
    }
    int to = from;
    while (to < limit && !endsAddress(text[to], html)) {
      to++;
    }
    final int image = html ? anchorStart : imageStart(text, anchorStart);
    final int query = query(text, from, to);
    if (query < 0) {
      return;
    }
    final int path = image >= 0 ? path(text, from, to) : query;
    if (hasPlaceholder(text, path, to) || image >= 0 && hasData(text, query, to)) {
      out.add(type, from, to, scoreMicros, Evidence.PATTERN);
    }
  }

  /** After {@code <img}: the value of {@code src}. */
  private static int htmlAddress(final byte[] text, final int at, final int limit) {
    for (int p = at; p < limit - 4 && text[p] != '>' && text[p] != Reach.SEPARATOR; p++) {
      if ((text[p] | 0x20) == 's'
          && (text[p + 1] | 0x20) == 'r'
          && (text[p + 2] | 0x20) == 'c'
          && text[p + 3] == '=') {
        int value = p + 4;
        while (value < limit
            && (text[value] == '"' || text[value] == '\'' || text[value] == '\\')) {
          value++;
        }
        return value;
      }
    }
    return -1;
  }

  private static boolean isHttp(final byte[] text, final int at, final int limit) {
    return limit - at > 8
        && (text[at] | 0x20) == 'h'
        && (text[at + 1] | 0x20) == 't'
        && (text[at + 2] | 0x20) == 't'
        && (text[at + 3] | 0x20) == 'p'
        && (text[at + 4] == ':' || text[at + 5] == ':');
  }

  /** Placeholders may hold spaces, so only the closing mark of the link or a line ends it. */
  private static boolean endsAddress(final byte b, final boolean html) {
    return b == Reach.SEPARATOR
        || b == '\n'
        || b == '\r'
        || (html ? b == '"' || b == '\'' : b == ')' || b == '"');
  }

  /** The first byte after {@code ?}, or of the last part of the path; -1 when there is neither. */
  private static int query(final byte[] text, final int from, final int to) {
    int slash = -1;
    int slashes = 0;
    for (int p = from; p < to; p++) {
      if (text[p] == '?') {
        return p + 1;
      }
      if (text[p] == '/' && ++slashes > 2) {
        slash = p + 1;
      }
    }
    return slash;
  }

  /** After the host; there is one when there is a query. */
  private static int path(final byte[] text, final int from, final int to) {
    int slashes = 0;
    int p = from;
    while (p < to && slashes < 3 && text[p] != '?') {
      slashes += text[p++] == '/' ? 1 : 0;
    }
    return p;
  }

  /** The {@code !} of {@code ![alt](}, whose closing bracket the anchor begins with; or -1. */
  private static int imageStart(final byte[] text, final int anchorStart) {
    final int earliest = Math.max(1, anchorStart - ALT_BYTES_MAX);
    for (int p = anchorStart - 1; p >= earliest && text[p] != Reach.SEPARATOR; p--) {
      if (text[p] == '[') {
        return text[p - 1] == '!' ? p - 1 : -1;
      }
    }
    return -1;
  }

  /** Braces or brackets around one of the words, or such a word in capital letters. */
  private boolean hasPlaceholder(final byte[] text, final int from, final int to) {
    for (int p = from; p < to; p++) {
      final boolean opens =
          text[p] == '{'
              || text[p] == '['
              || text[p] == '<'
              || text[p] == '='
              || text[p] == '/'
              || text[p] == '$'
              || text[p] == '%';
      if (!opens && p > from) {
        continue;
      }
      int word = p;
      while (word < to && !isLetter(text[word])) {
        word++;
      }
      if (text[p] == '%') {
        word = p + 3;
      }
      final boolean braced = opens && text[p] != '=' && text[p] != '/';
      for (final byte[] expected : words) {
        if (startsWith(text, word, to, expected)
            && (braced || isUpper(text, word, word + expected.length))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean startsWith(
      final byte[] text, final int at, final int to, final byte[] expected) {
    if (to - at < expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      final byte b = text[at + i];
      final byte folded = b == '-' || b == ' ' ? (byte) '_' : isLetter(b) ? (byte) (b | 0x20) : b;
      if (folded != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUpper(final byte[] text, final int from, final int to) {
    for (int p = from; p < to; p++) {
      if (text[p] >= 'a' && text[p] <= 'z') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(final byte b) {
    return (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
  }

  /** A sentence in escapes, or a run of base64 or hexadecimal that decodes to readable text. */
  private static boolean hasData(final byte[] text, final int from, final int to) {
    int spaces = 0;
    int run = from;
    for (int p = from; p <= to; p++) {
      final boolean inside = p < to && EncodedText.isEncoded(text[p]);
      if (!inside) {
        if (p - run >= DATA_BYTES_MIN && EncodedText.isReadable(text, run, p)) {
          return true;
        }
        run = p + 1;
      }
      if (p < to
          && (text[p] == '+'
              || text[p] == '%' && p + 2 < to && text[p + 1] == '2' && text[p + 2] == '0')) {
        spaces++;
      }
    }
    return spaces >= ESCAPED_SPACES_MIN;
  }
}
