package io.sealgate.classify.find;

import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Rule;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Personal data that only its words give away: confirms what stands after an anchor. */
public final class AnchorRules {
  private static final int GAP_BYTES_MAX = 24;
  private static final int BIC_BYTES = 8;
  private static final int BIC_BRANCH_BYTES = 3;
  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

  private static final int NAMES_MAX = 3;
  private static final int NAME_BYTES_MAX = 40;

  private AnchorRules() {}

  /**
   * What confirms a rule of finder {@code anchor}; empty when its validator is not one of these.
   */
  public static Optional<AnchorRule> of(final Rule rule) {
    return Optional.ofNullable(
        switch (rule.value("validator")) {
          case "www" ->
              (text, length, start, end, out) -> Urls.findBare(text, length, start, rule, out);
          case "swift" ->
              (text, length, start, end, out) -> swift(text, length, start, end, rule, out);
          case "person" ->
              (text, length, start, end, out) -> person(text, length, start, end, rule, out);
          default -> null;
        });
  }

  /** A code of ISO 9362 in capitals within a few words after the anchor, in the same line. */
  private static void swift(
      final byte[] text,
      final int length,
      final int anchorStart,
      final int anchorEnd,
      final Rule rule,
      final Hits out) {
    if (Ascii.alnum(Ascii.at(text, anchorStart - 1, length))
        || Ascii.alnum(Ascii.at(text, anchorEnd, length))) {
      return;
    }
    int at = anchorEnd;
    while (at - anchorEnd <= GAP_BYTES_MAX && at < length && text[at] != 0 && text[at] != '\n') {
      int end = at;
      while (end - at <= BIC_BYTES + BIC_BRANCH_BYTES && Ascii.alnum(Ascii.at(text, end, length))) {
        end++;
      }
      if (bic(text, at, end)) {
        out.add(rule.type(), at, end, rule.scoreMicros(), Evidence.CONTEXT);
        return;
      }
      at = end == at ? at + 1 : end;
    }
  }

  private static boolean bic(final byte[] text, final int start, final int end) {
    if (end - start != BIC_BYTES && end - start != BIC_BYTES + BIC_BRANCH_BYTES) {
      return false;
    }
    for (int i = start; i < end; i++) {
      final boolean capital = text[i] >= 'A' && text[i] <= 'Z';
      if (!capital && (i < start + 6 || !Ascii.digit(text[i]))) {
        return false;
      }
    }
    final String country = "" + (char) text[start + 4] + (char) text[start + 5];
    return COUNTRIES.contains(country) || country.equals("XK");
  }

  /** One to three capitalised words; letters beyond ASCII count, as in Müller or Łukasz. */
  private static void person(
      final byte[] text,
      final int length,
      final int anchorStart,
      final int anchorEnd,
      final Rule rule,
      final Hits out) {
    if (Words.wordEndsAt(text, anchorStart) && Words.wordBeginsAt(text, anchorStart, length)) {
      return;
    }
    int end = anchorEnd;
    int at = anchorEnd;
    for (int names = 0; names < NAMES_MAX; names++) {
      final int name = nameEnd(text, length, at);
      if (name < 0) {
        break;
      }
      end = name;
      final boolean initial = name - at == 1 && Ascii.at(text, name, length) == '.';
      at = initial ? name + 1 : name;
      if (Ascii.at(text, at, length) != ' ') {
        break;
      }
      at++;
    }
    if (end - anchorEnd > 1) {
      out.add(rule.type(), anchorEnd, end, rule.scoreMicros(), Evidence.CONTEXT);
    }
  }

  private static int nameEnd(final byte[] text, final int length, final int start) {
    final int first = Ascii.at(text, start, length);
    final boolean capital = first >= 'A' && first <= 'Z' || first >= 0xC3 && first <= 0xC9;
    int end = start;
    while (capital && end - start <= NAME_BYTES_MAX && nameByte(Ascii.at(text, end, length))) {
      end++;
    }
    while (end > start && (text[end - 1] == '-' || text[end - 1] == '\'')) {
      end--;
    }
    // Past Latin's blocks an uncased script would run on.
    return end == start || end - start > NAME_BYTES_MAX ? -1 : end;
  }

  private static boolean nameByte(final int c) {
    return Ascii.letter(c) || c == '-' || c == '\'' || c >= 0x80 && c <= 0xC9;
  }
}
