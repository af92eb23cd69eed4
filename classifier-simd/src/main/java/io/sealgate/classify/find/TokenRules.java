package io.sealgate.classify.find;

import io.sealgate.classify.check.Check;
import io.sealgate.classify.check.Checks;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Finder;
import io.sealgate.classify.pack.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Identifiers of digits and letters, by the rules of finder {@code token}. The token around a digit
 * run is measured once; its length and where its letters stand pick the few shapes that can match,
 * from a table built out of the packs.
 *
 * <p>A candidate must not be part of a longer number: no hyphen or full stop with a digit beyond it
 * on either side, and groups of up to three digits parted by spaces must not be one stretch of a
 * row of equal groups that goes on. Other groups may stand beside it. A shape that is weak by
 * itself counts with a context word, or, at the default score, if its checksum agrees and it is no
 * {@linkplain PlainNumbers plain number}. One that could be a hash in hexadecimal needs the word
 * too. Where a word names one of the types that fit a token, the others do not count.
 *
 * <p>One instance per thread.
 */
final class TokenRules {
  /** Letters and digits in one group of a shape. */
  static final int TOKEN_BYTES_MAX = 32;

  /** Bytes of a shape with its separators. */
  static final int SHAPE_BYTES_MAX = 64;

  private static final int ROW_DIGITS_MAX = 3;

  /** Tokens of which every arrangement of letters is looked up. */
  private static final int MASKED_BYTES_MAX = 8;

  /** More than all entries of one length. */
  private static final int MATCHES_MAX = 256;

  /** A shape with what its rule says about a match. */
  private record Entry(
      Shape shape,
      boolean weak,
      boolean contextRequired,
      Check check,
      int rule,
      int type,
      int score,
      int scoreWithContext,
      Evidence evidence) {}

  /** What may follow a group inside a shape; last, anything else. */
  private static final String FOLLOWERS = " -./:+";

  private static final int OTHER = FOLLOWERS.length();
  private static final byte[] FOLLOWER = followers();

  /** By the length of the group and what follows it. */
  private final Entry[][][] groups = new Entry[TOKEN_BYTES_MAX + 1][OTHER + 1][];

  /** Shapes of one group, by its length. */
  private final Entry[][] singles = new Entry[TOKEN_BYTES_MAX + 1][];

  /**
   * For short tokens, by length and what follows: a set of the places of letters with which some
   * shape can begin there.
   */
  private final BitSet[][] beginnings = new BitSet[MASKED_BYTES_MAX + 1][OTHER + 1];

  private final ContextWords context;
  private final byte[] symbols = new byte[SHAPE_BYTES_MAX];

  /** What fits the token at hand. */
  private final Entry[] matched = new Entry[MATCHES_MAX];

  private final int[] starts = new int[MATCHES_MAX];
  private final boolean[] named = new boolean[MATCHES_MAX];
  private int matches;

  /**
   * @param rules all rules; those of other finders are passed over
   * @param context of the same rules
   */
  TokenRules(final List<Rule> rules, final ContextWords context) {
    this.context = context;
    final List<List<Entry>> lists = new ArrayList<>();
    for (int i = 0; i <= TOKEN_BYTES_MAX; i++) {
      lists.add(new ArrayList<>());
    }
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).finder() == Finder.TOKEN) {
        add(rules.get(i), i, lists);
      }
    }
    for (int i = 0; i <= TOKEN_BYTES_MAX; i++) {
      final List<Entry> entries = lists.get(i);
      singles[i] = entries.stream().filter(e -> e.shape().single()).toArray(Entry[]::new);
      for (int follower = 0; follower <= OTHER; follower++) {
        final int c = follower == OTHER ? 0 : FOLLOWERS.charAt(follower);
        groups[i][follower] =
            entries.stream()
                .filter(e -> !e.shape().single() && e.shape().mayBeFollowedBy(c))
                .toArray(Entry[]::new);
        if (i <= MASKED_BYTES_MAX) {
          beginnings[i][follower] = beginnings(singles[i], groups[i][follower], i);
        }
      }
    }
  }

  private static BitSet beginnings(
      final Entry[] singles, final Entry[] groups, final int tokenLength) {
    final BitSet possible = new BitSet(1 << tokenLength);
    for (int letters = 0; letters < 1 << tokenLength; letters++) {
      for (final Entry[] entries : new Entry[][] {singles, groups}) {
        for (final Entry entry : entries) {
          if (entry.shape().mayBe(letters)) {
            possible.set(letters);
          }
        }
      }
    }
    return possible;
  }

  /**
   * Whether some shape may fit a token; if not, {@link #find} finds nothing there.
   *
   * @param tokenLength at most {@link #TOKEN_BYTES_MAX}
   * @param letters a bit for each place of a letter, 0 for that of a digit
   * @param next the byte after the token
   */
  boolean mayBegin(final int tokenLength, final long letters, final int next) {
    return tokenLength > MASKED_BYTES_MAX
        || beginnings[tokenLength][FOLLOWER[next]].get((int) letters);
  }

  private static byte[] followers() {
    final byte[] followers = new byte[256];
    Arrays.fill(followers, (byte) OTHER);
    for (int i = 0; i < OTHER; i++) {
      followers[FOLLOWERS.charAt(i)] = (byte) i;
    }
    return followers;
  }

  private static void add(final Rule rule, final int index, final List<List<Entry>> lists) {
    final String validator = rule.value("validator");
    final Checks check =
        validator.isEmpty()
            ? null
            : Checks.of(validator)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "rule %s: unknown validator %s; there are %s"
                                .formatted(rule.id(), validator, Checks.keys())));
    for (final boolean weak : new boolean[] {false, true}) {
      for (final String text : rule.values(weak ? "weak_shapes" : "shapes")) {
        final Shape shape = new Shape(text);
        final boolean checksum = check != null && check.checksum();
        lists
            .get(shape.anchorLength())
            .add(
                new Entry(
                    shape,
                    weak,
                    rule.contextRequired() || weak && !checksum,
                    check == null ? null : check.check(),
                    index,
                    rule.type(),
                    weak ? Hits.SCORE_MICROS_DEFAULT : rule.scoreMicros(),
                    rule.scoreWithContextMicros(),
                    checksum ? Evidence.CHECKSUM : weak ? Evidence.CONTEXT : Evidence.FORMAT));
      }
    }
  }

  /**
   * Tries all shapes on a token.
   *
   * @param start first byte of the token, which is letters and digits as far as it goes
   * @param tokenLength at most {@link #TOKEN_BYTES_MAX}
   */
  void find(
      final byte[] text, final int length, final int start, final int tokenLength, final Hits out) {
    final Entry[] whole = singles[tokenLength];
    final Entry[] parts =
        groups[tokenLength][FOLLOWER[Ascii.at(text, start + tokenLength, length)]];
    if (whole.length == 0 && parts.length == 0) {
      return;
    }
    long letters = 0;
    for (int i = 0; i < tokenLength; i++) {
      letters |= (text[start + i] > '9' ? 1L : 0) << i;
    }
    matches = 0;
    if (whole.length != 0 && !partOfMore(0, text, length, start, start + tokenLength)) {
      for (final Entry entry : whole) {
        if (entry.shape().mayBe(letters)) {
          match(entry, text, length, start);
        }
      }
    }
    for (final Entry entry : parts) {
      if (entry.shape().mayBe(letters)) {
        group(entry, text, length, start - entry.shape().anchorOffset());
      }
    }
    for (int i = 0; i < matches; i++) {
      emit(i, out);
    }
  }

  private void group(final Entry entry, final byte[] text, final int length, final int start) {
    final int end = start + entry.shape().bytes();
    if (!Ascii.alnum(Ascii.at(text, start - 1, length))
        && !Ascii.alnum(Ascii.at(text, end, length))
        && match(entry, text, length, start)
        && partOfMore(entry.shape().lastSeparator(text, start), text, length, start, end)) {
      matches--;
    }
  }

  /** Whether the text has the shape and what its rule asks for; if so, it is the last match. */
  private boolean match(final Entry entry, final byte[] text, final int length, final int start) {
    final int n = entry.shape().match(text, length, start, symbols);
    if (n == 0 || entry.check() != null && !entry.check().agrees(symbols, n)) {
      return false;
    }
    final int end = start + entry.shape().bytes();
    final boolean near = context.near(text, length, start, end, entry.rule());
    if (!near
        && (entry.contextRequired()
            || entry.weak() && PlainNumbers.plain(text, start, end)
            || entry.shape().single() && hexadecimal(text, start, end))) {
      return false;
    }
    matched[matches] = entry;
    starts[matches] = start;
    named[matches++] = near;
    return true;
  }

  /** Whether all is as programs print hashes, with a lower-case letter among it. */
  private static boolean hexadecimal(final byte[] text, final int start, final int end) {
    boolean letters = false;
    for (int i = start; i < end; i++) {
      if (text[i] > '9' && (text[i] < 'a' || text[i] > 'f')) {
        return false;
      }
      letters |= text[i] > '9';
    }
    return letters;
  }

  private void emit(final int match, final Hits out) {
    final Entry entry = matched[match];
    final int end = starts[match] + entry.shape().bytes();
    for (int i = 0; i < matches && !named[match]; i++) {
      if (named[i] && starts[i] == starts[match] && starts[i] + matched[i].shape().bytes() == end) {
        return;
      }
    }
    out.by(entry.rule());
    out.add(
        entry.type(),
        starts[match],
        end,
        named[match] ? entry.scoreWithContext() : entry.score(),
        entry.evidence());
  }

  private static boolean partOfMore(
      final int separator, final byte[] text, final int length, final int start, final int end) {
    final int before = Ascii.at(text, start - 1, length);
    final int after = Ascii.at(text, end, length);
    if (joins(before, separator) && Ascii.digit(Ascii.at(text, start - 2, length))
        || joins(after, separator) && Ascii.digit(Ascii.at(text, end + 1, length))) {
      return true;
    }
    return separator == ' ' && (rowBefore(text, length, start) || rowAfter(text, length, end));
  }

  private static boolean joins(final int c, final int separator) {
    return c == '-' || c == '.' || c == separator && separator != ' ' && separator != 0;
  }

  private static boolean rowBefore(final byte[] text, final int length, final int start) {
    final int group = Ascii.digits(text, start, length, ROW_DIGITS_MAX + 1);
    if (group == 0
        || group > ROW_DIGITS_MAX
        || Ascii.digits(text, start + group + 1, length, group + 1) != group
        || Ascii.at(text, start - 1, length) != ' ') {
      return false;
    }
    int same = 0;
    while (same <= group && Ascii.digit(Ascii.at(text, start - 2 - same, length))) {
      same++;
    }
    final int before = start - 2 - same;
    return same == group
        && !Ascii.alnum(Ascii.at(text, before, length))
        && !(joins(Ascii.at(text, before, length), '/')
            && Ascii.digit(Ascii.at(text, before - 1, length)));
  }

  private static boolean rowAfter(final byte[] text, final int length, final int end) {
    int group = 0;
    while (group <= ROW_DIGITS_MAX && Ascii.digit(Ascii.at(text, end - 1 - group, length))) {
      group++;
    }
    if (group == 0
        || group > ROW_DIGITS_MAX
        || !groupEndsAt(text, length, end - group - 1, group)
        || Ascii.at(text, end, length) != ' '
        || Ascii.digits(text, end + 1, length, group + 1) != group) {
      return false;
    }
    final int after = end + 1 + group;
    return !Ascii.alnum(Ascii.at(text, after, length))
        && !(joins(Ascii.at(text, after, length), '/')
            && Ascii.digit(Ascii.at(text, after + 1, length)));
  }

  private static boolean groupEndsAt(
      final byte[] text, final int length, final int end, final int digits) {
    int same = 0;
    while (same <= digits && Ascii.digit(Ascii.at(text, end - 1 - same, length))) {
      same++;
    }
    return same == digits;
  }
}
