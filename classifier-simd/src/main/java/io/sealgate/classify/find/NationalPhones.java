package io.sealgate.classify.find;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Rule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Phone numbers in the national form of the rule's regions. In groups and beginning with the trunk
 * prefix 0, or in groups as only one region has them, a number counts by itself; all others need a
 * word of the rule.
 *
 * <p>Of the regions whose numbers have that many digits, the first {@value #CONFIRMATIONS_MAX} are
 * asked. One instance per thread.
 */
final class NationalPhones {
  private static final int CONFIRMATIONS_MAX = 4;
  static final int DIGITS_MIN = 8;
  private static final int TRUNK_DIGITS_MIN = 9;
  private static final int DIGITS_MAX = 12;
  private static final int GROUPS_MAX = 6;
  private static final int TRIES_MAX = 3;

  // Fewest and most digits without the trunk prefix, and whether there is one (Italy's 0 stays).
  // They only spare the library questions; of other regions it is asked about more.
  private static final Map<String, int[]> PLANS =
      Map.ofEntries(
          Map.entry("US", new int[] {10, 10, 0}),
          Map.entry("CA", new int[] {10, 10, 0}),
          Map.entry("GB", new int[] {9, 10, 1}),
          Map.entry("DE", new int[] {8, 11, 1}),
          Map.entry("FR", new int[] {9, 9, 1}),
          Map.entry("IT", new int[] {8, 10, 1}),
          Map.entry("ES", new int[] {9, 9, 0}),
          Map.entry("NL", new int[] {9, 9, 1}),
          Map.entry("BE", new int[] {8, 9, 1}),
          Map.entry("CH", new int[] {9, 9, 1}),
          Map.entry("AT", new int[] {8, 11, 1}),
          Map.entry("SE", new int[] {8, 9, 1}),
          Map.entry("IE", new int[] {8, 9, 1}),
          Map.entry("PT", new int[] {9, 9, 0}),
          Map.entry("PL", new int[] {9, 9, 0}),
          Map.entry("IL", new int[] {8, 9, 1}),
          Map.entry("TR", new int[] {10, 10, 1}),
          Map.entry("ZA", new int[] {9, 9, 1}),
          Map.entry("AU", new int[] {9, 9, 1}),
          Map.entry("JP", new int[] {9, 10, 1}),
          Map.entry("KR", new int[] {8, 10, 1}),
          Map.entry("IN", new int[] {10, 10, 1}),
          Map.entry("CN", new int[] {10, 11, 1}),
          Map.entry("BR", new int[] {10, 11, 0}),
          Map.entry("MX", new int[] {10, 10, 0}),
          Map.entry("PH", new int[] {9, 10, 1}));

  // Groups that are a region's own, so that they need no trunk prefix.
  private static final Map<String, int[]> FORMS =
      Map.of("TR", new int[] {3, 3, 2, 2}, "BR", new int[] {2, 5, 4}, "ES", new int[] {3, 2, 2, 2});

  private record Region(String code, int digitsMin, int digitsMax, boolean trunk, int[] form) {}

  private final Rule rule;
  private final int ruleIndex;
  private final ContextWords context;
  private final PhonePlans plans;
  private final List<Region> regions = new ArrayList<>();
  private final Region[] formed;
  private final int[] groupEnds = new int[GROUPS_MAX];
  private final int[] groupDigits = new int[GROUPS_MAX];

  NationalPhones(
      final Rule rule,
      final int ruleIndex,
      final PhoneRegions regions,
      final ContextWords context,
      final PhonePlans plans) {
    this.rule = rule;
    this.ruleIndex = ruleIndex;
    this.context = context;
    this.plans = plans;
    for (final String code : regions.codes()) {
      final int[] known = PLANS.get(code);
      final int[] plan = known != null ? known : new int[] {7, 11, plans.trunkZero(code) ? 1 : 0};
      this.regions.add(new Region(code, plan[0], plan[1], plan[2] == 1, FORMS.get(code)));
    }
    formed = this.regions.stream().filter(region -> region.form() != null).toArray(Region[]::new);
  }

  /** Looks for a number whose first digits are the run at {@code start}. */
  void find(final byte[] text, final int length, final int start, final int run, final Hits out) {
    final int before = Ascii.at(text, start - 1, length);
    final boolean bracket = before == '(';
    final boolean trunk = text[start] == '0';
    if (run > DIGITS_MAX
        || before == '+'
        || (before == '-' || before == '.' || before == '/' || before == ' ')
            && Ascii.digit(Ascii.at(text, start - 2, length))
        || trunk && Ascii.at(text, start + 1, length) == '0') {
      return;
    }
    for (int groups = groups(text, length, start), tries = 0;
        groups > 0 && tries < TRIES_MAX;
        groups--, tries++) {
      final int digits = groupDigits[groups - 1];
      final int end = groupEnds[groups - 1];
      if (digits < DIGITS_MIN) {
        return;
      }
      if (groups > 1 && digits == groupDigits[groups - 2] + 1) {
        continue; // one digit alone is no part of it
      }
      if (years(text, start, groups)) {
        return;
      }
      final int from = bracket && closed(text, start, end) ? start - 1 : start;
      final boolean plain =
          trunk
              ? groups > 1 && digits >= TRUNK_DIGITS_MIN && !date(groups)
              : formed(groups) != null;
      if (edge(text, length, end)
          && (plain || context.near(text, length, from, end, ruleIndex))
          && confirmed(text, start, end, groups, trunk)) {
        final boolean named = context.near(text, length, from, end, ruleIndex);
        out.by(ruleIndex);
        out.add(
            rule.type(),
            from,
            end,
            named ? rule.scoreWithContextMicros() : rule.scoreMicros(),
            named ? Evidence.CONTEXT : Evidence.PATTERN);
        return;
      }
    }
  }

  /** Whether the bracket before a number ends inside it. */
  private static boolean closed(final byte[] text, final int start, final int end) {
    for (int i = start; i < end; i++) {
      if (text[i] == ')') {
        return true;
      }
    }
    return false;
  }

  /** Collects groups of digits with a gap of one or two bytes between them. */
  private int groups(final byte[] text, final int length, final int start) {
    int groups = 0;
    int digits = 0;
    int at = start;
    while (groups < GROUPS_MAX) {
      final int run = Ascii.digits(text, at, length, DIGITS_MAX + 1);
      if (run == 0 || digits + run > DIGITS_MAX) {
        break;
      }
      digits += run;
      at += run;
      groupEnds[groups] = at;
      groupDigits[groups++] = digits;
      final int gap = Ascii.at(text, at, length);
      if (gap != ' ' && gap != '-' && gap != '.' && gap != '/' && gap != ')') {
        break;
      }
      if (gap == '.' && digits == 1) {
        return 0; // a decimal
      }
      at++;
      final int second = Ascii.at(text, at, length);
      at += second == '(' || gap == ')' && second == ' ' ? 1 : 0;
    }
    return groups;
  }

  /** From one year of the last or this century to another. */
  private boolean years(final byte[] text, final int start, final int groups) {
    return groups == 2
        && groupDigits[0] == 4
        && groupDigits[1] == 8
        && year(text, start)
        && year(text, groupEnds[1] - 4);
  }

  private static boolean year(final byte[] text, final int at) {
    return text[at] == '1' && text[at + 1] == '9' || text[at] == '2' && text[at + 1] == '0';
  }

  /** Two, two and four digits are more often a date. */
  private boolean date(final int groups) {
    return groups == 3 && groupDigits[0] <= 2 && groupDigits[1] <= 4 && groupDigits[2] <= 8;
  }

  /** The region whose own form these groups have, or null. */
  private Region formed(final int groups) {
    for (final Region region : formed) {
      if (region.form().length == groups) {
        int digits = 0;
        int same = 0;
        while (same < groups && groupDigits[same] == digits + region.form()[same]) {
          digits = groupDigits[same++];
        }
        if (same == groups) {
          return region;
        }
      }
    }
    return null;
  }

  private static boolean edge(final byte[] text, final int length, final int end) {
    final int next = Ascii.at(text, end, length);
    return !Ascii.alnum(next)
        && !((next == '-' || next == '.' || next == ':' || next == '/')
            && Ascii.digit(Ascii.at(text, end + 1, length)));
  }

  private boolean confirmed(
      final byte[] text, final int start, final int end, final int groups, final boolean trunk) {
    final String number = new String(text, start, end - start, StandardCharsets.US_ASCII);
    final Region formed = trunk ? null : formed(groups);
    if (formed != null && plans.valid(number, formed.code())) {
      return true;
    }
    final int national = groupDigits[groups - 1] - (trunk ? 1 : 0);
    int tries = 0;
    for (int i = 0; i < regions.size() && tries < CONFIRMATIONS_MAX; i++) {
      final Region region = regions.get(i);
      if (national < region.digitsMin()
          || national > region.digitsMax()
          || trunk && !region.trunk()) {
        continue;
      }
      tries++;
      if (plans.valid(number, region.code())) {
        return true;
      }
    }
    return false;
  }
}
