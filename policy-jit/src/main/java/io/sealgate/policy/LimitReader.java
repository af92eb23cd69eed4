package io.sealgate.policy;

import io.sealgate.policy.RuleSpec.Band;
import io.sealgate.policy.RuleSpec.Budget;
import io.sealgate.policy.RuleSpec.Quota;
import io.sealgate.policy.limit.BudgetLimit.Period;
import io.sealgate.policy.limit.Per;
import io.sealgate.policy.limit.RateLimit;
import io.sealgate.policy.limit.RateLimit.Unit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads rates and budgets. */
final class LimitReader {
  private static final long TOKENS_MAX = 1_000_000_000_000L;
  private static final long DOLLARS_MAX = 1_000_000_000L;

  private LimitReader() {}

  static Quota rateLimit(Fields fields) throws PolicyException {
    final String counted = counted(fields);
    final Unit unit = Unit.valueOf(counted.toUpperCase(Locale.ROOT));
    final long most = unit == Unit.TOKENS ? TOKENS_MAX : RateLimit.AMOUNT_MAX;
    final long amount = fields.whole(counted, 0, 1, most);
    if (unit == Unit.CONCURRENT) {
      fields.refuseUnless(
          !fields.has("window_seconds"), "window_seconds", "calls in progress have no window");
      fields.refuseUnless(!fields.has("burst"), "burst", "calls in progress have no burst");
    } else {
      fields.required("window_seconds", "give the window's length");
    }
    return new Quota(
        unit,
        amount,
        fields.whole("window_seconds", 1, 1, RateLimit.WINDOW_MILLIS_MAX / 1_000) * 1_000,
        fields.whole("burst", amount, 1, most),
        per(fields, "user"));
  }

  private static String counted(Fields fields) throws PolicyException {
    final List<String> given =
        Stream.of("requests", "tokens", "concurrent").filter(fields::has).toList();
    if (given.isEmpty()) {
      fields.required("requests", "give the number of requests, tokens or concurrent calls");
    }
    if (given.size() > 1) {
      throw fields.refuse(
          fields.line(given.get(1)),
          "the rate_limit counts both " + given.get(0) + " and " + given.get(1),
          "write a rule for each");
    }
    return given.getFirst();
  }

  static Budget costBudget(Fields fields) throws PolicyException {
    fields.required("period", "give it one of: day, week, month, total");
    final Period period =
        Period.valueOf(
            fields
                .oneOf("period", "", List.of("day", "week", "month", "total"))
                .toUpperCase(Locale.ROOT));
    if (!fields.has("soft") && !fields.has("hard")) {
      throw fields.refuse(
          fields.line(), "the cost_budget has no bound", "give soft, hard or both, in US dollars");
    }
    final long soft = fields.microDollars("soft", -1, DOLLARS_MAX);
    final long hard = fields.microDollars("hard", -1, DOLLARS_MAX);
    fields.refuseUnless(
        soft < 0 || hard < 0 || soft <= hard, "soft", "the warning must come before the end");
    return new Budget(period, soft, hard, per(fields, "org"));
  }

  private static Per per(Fields fields, String defaultValue) throws PolicyException {
    return Per.valueOf(
        fields
            .oneOf("per", defaultValue, List.of("user", "team", "org", "agent", "tool", "use_case"))
            .toUpperCase(Locale.ROOT));
  }

  /** The bounds within which narrower scopes may replace the limit. */
  static Optional<Band> band(Fields fields, boolean dollars) throws PolicyException {
    if (!fields.has("overridable")) {
      return Optional.empty();
    }
    final Fields band = fields.mapping("overridable");
    band.refuseUnknown("overridable", SchemaFields.BAND);
    band.required("min", "state the least that a narrower scope may set");
    band.required("max", "state the most that a narrower scope may set");
    final long min = dollars ? band.microDollars("min", 0, DOLLARS_MAX) : number(band, "min");
    final long max = dollars ? band.microDollars("max", 0, DOLLARS_MAX) : number(band, "max");
    band.refuseUnless(min <= max, "min", "it must not be above max");
    return Optional.of(new Band(min, max));
  }

  private static long number(Fields band, String key) throws PolicyException {
    return band.whole(key, 0, 1, TOKENS_MAX);
  }
}
