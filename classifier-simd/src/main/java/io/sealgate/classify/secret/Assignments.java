package io.sealgate.classify.secret;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.pack.Rule;

/**
 * A name that ends in an anchor such as {@code password}, a separator, and a value that looks
 * random: {@code db_password = "..."}, {@code --token=...}, {@code "apiKey": "..."}, {@code my
 * password is ...}. {@code words}, when given, must stand within 120 bytes before the anchor, or
 * the value is not the rule's. With {@code shapes}, the value must have one of them. Not
 * thread-safe.
 */
public final class Assignments implements AnchorRule {
  private static final int NAME_REST_BYTES_MAX = 24;
  private static final int SPACES_MAX = 4;
  private static final int VALUE_BYTES_MIN = 8;
  private static final int VALUE_BYTES_MAX = 256;
  private static final int WORDS_BYTES_BEFORE = 120;

  /** Eight different characters have three bits. */
  private static final int QUOTED_ENTROPY_MICROS = 2_750_000;

  private static final int BARE_ENTROPY_MICROS = 2_850_000;

  /** Long and varied as only a generator makes them. */
  private static final int RANDOM_BYTES_MIN = 20;

  private static final int RANDOM_ENTROPY_MICROS = 3_500_000;

  /** What a random value adds to the rule's score. */
  private static final int RANDOM_BONUS_MICROS = 200_000;

  private static final byte[][] SCHEMES = {
    "bearer ".getBytes(US_ASCII), "basic ".getBytes(US_ASCII), "token ".getBytes(US_ASCII)
  };

  private final int type;
  private final int scoreMicros;
  private final TokenShape[] shapes;
  private final byte[][] words;
  private final Entropy entropy = new Entropy();

  public Assignments(final Rule rule) {
    type = rule.type();
    scoreMicros = rule.scoreMicros();
    shapes = rule.values("shapes").stream().map(TokenShape::new).toArray(TokenShape[]::new);
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
    final int limit = Math.min(length, anchorStart + Reach.LEFT_BYTES_MAX / 2);
    final int name = nameEnd(text, anchorEnd, limit);
    final boolean prose = isIs(text, name, limit);
    final int separator = prose ? name + 4 : separatorEnd(text, name, limit);
    if (separator < 0) {
      return;
    }
    int value = skipSpaces(text, separator, limit);
    int quote = value;
    while (quote < limit && text[quote] == '\\') {
      quote++;
    }
    final boolean quoted = quote < limit && isQuote(text[quote]);
    value = quoted ? quote + 1 : value;
    for (final byte[] scheme : SCHEMES) {
      value += Placeholders.startsWith(text, value, limit, scheme) ? scheme.length : 0;
    }
    final int end =
        valueEnd(text, value, Math.min(length, value + VALUE_BYTES_MAX), quoted || prose);
    final int last = quoted ? end : withoutPunctuation(text, value, end);
    if (hasWords(text, anchorStart, value)) {
      value(text, length, value, last, quoted, prose, out);
    }
  }

  /** The rest of a name such as {@code secret_key} or {@code tokenValue}, and its quote. */
  private static int nameEnd(final byte[] text, final int at, final int limit) {
    int p = TokenClass.BASE64URL.runEnd(text, at, Math.min(limit, at + NAME_REST_BYTES_MAX));
    while (p < limit && (text[p] == '\\' || isQuote(text[p]) || text[p] == ']')) {
      p++;
    }
    return p;
  }

  private static boolean isIs(final byte[] text, final int at, final int limit) {
    return limit - at > 4
        && text[at] == ' '
        && (text[at + 1] | 0x20) == 'i'
        && (text[at + 2] | 0x20) == 's'
        && (text[at + 3] == ' ' || text[at + 3] == ':');
  }

  /** After {@code =}, {@code :}, {@code :=}, {@code =>}, {@code ==}; -1 when there is none. */
  private static int separatorEnd(final byte[] text, final int at, final int limit) {
    int p = skipSpaces(text, at, limit);
    final int first = p;
    while (p < limit && p - first < 2 && (text[p] == '=' || text[p] == ':')) {
      p++;
    }
    if (p == first) {
      return -1;
    }
    return p < limit && text[p] == '>' ? p + 1 : p;
  }

  private static int skipSpaces(final byte[] text, final int at, final int limit) {
    int p = at;
    while (p < limit && p - at < SPACES_MAX && (text[p] == ' ' || text[p] == '\t')) {
      p++;
    }
    return p;
  }

  private static boolean isQuote(final byte b) {
    return b == '"' || b == '\'' || b == '`';
  }

  private static int valueEnd(
      final byte[] text, final int at, final int limit, final boolean anyMark) {
    int p = at;
    while (p < limit && isValue(text[p], anyMark)) {
      p++;
    }
    return p;
  }

  private static int withoutPunctuation(final byte[] text, final int from, final int end) {
    int p = end;
    while (p > from && isTrailing(text[p - 1])) {
      p--;
    }
    return p;
  }

  private static boolean isValue(final byte b, final boolean anyMark) {
    if (b <= ' ' || b == 0x7F || b == '\\' || isQuote(b)) {
      // Bytes of other scripts are negative: no generator of secrets makes them.
      return false;
    }
    return anyMark || b != ',' && b != ';' && b != '&' && b != '(' && b != ')' && b != '}';
  }

  private static boolean isTrailing(final byte b) {
    return b == '.' || b == ',' || b == ';' || b == ')' || b == '!' || b == '?' || b == ':'
        || b == ']';
  }

  private boolean hasWords(final byte[] text, final int anchorStart, final int value) {
    if (words.length == 0) {
      return true;
    }
    for (int p = Math.max(0, anchorStart - WORDS_BYTES_BEFORE); p < value; p++) {
      for (final byte[] word : words) {
        if (Placeholders.startsWith(text, p, value, word)) {
          return TokenText.indexOf(text, p, value, new byte[] {Reach.SEPARATOR}) < 0;
        }
      }
    }
    return false;
  }

  private void value(
      final byte[] text,
      final int length,
      final int from,
      final int to,
      final boolean quoted,
      final boolean prose,
      final Hits out) {
    if (shapes.length > 0) {
      for (final TokenShape shape : shapes) {
        if (shape.end(text, from, to) == to
            && entropy.micros(text, from, to) >= BARE_ENTROPY_MICROS) {
          out.add(type, from, to, scoreMicros, Evidence.CONTEXT);
          return;
        }
      }
      return;
    }
    final boolean call = to < length && text[to] == '(';
    if (to - from < VALUE_BYTES_MIN || call || Placeholders.is(text, from, to)) {
      return;
    }
    final int bits = entropy.micros(text, from, to);
    final boolean varied = bits >= (quoted ? QUOTED_ENTROPY_MICROS : BARE_ENTROPY_MICROS);
    if (!varied || !isMixed(text, from, to, quoted && !prose)) {
      return;
    }
    final boolean random = to - from >= RANDOM_BYTES_MIN && bits >= RANDOM_ENTROPY_MICROS;
    final int score = scoreMicros + (random ? RANDOM_BONUS_MICROS : 0);
    out.add(type, from, to, score, Evidence.CONTEXT);
  }

  /**
   * Digits and letters; where no quotes tell a value from code and prose, also more than one kind
   * of letter, or a mark that names and words do not have.
   */
  private static boolean isMixed(
      final byte[] text, final int from, final int to, final boolean quoted) {
    int digits = 0;
    int upper = 0;
    int lower = 0;
    int marks = 0;
    int dots = 0;
    for (int p = from; p < to; p++) {
      final byte b = text[p];
      if (TokenText.is(b, TokenText.DIGIT)) {
        digits++;
      } else if (TokenText.is(b, TokenText.UPPER)) {
        upper++;
      } else if (TokenText.is(b, TokenText.LOWER)) {
        lower++;
      } else if (b == '.' || b == '_' || b == '-' || b == '/' || b == ':') {
        dots++;
      } else {
        marks++;
      }
    }
    if (digits == 0 && marks == 0 || upper + lower == 0) {
      return false;
    }
    if (quoted) {
      return digits > 0;
    }
    // An unquoted path, name or expression has dots or few digits.
    return marks > 0 && digits > 0
        || dots == 0 && digits >= 2
        || digits * 5 >= to - from && dots <= 4;
  }
}
