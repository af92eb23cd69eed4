package io.sealgate.policy.limit;

/**
 * What calls may cost together in a period, in millionths of a US dollar. Periods are counted in
 * UTC; weeks start on Monday.
 *
 * @param key names the budget across publishes
 * @param softMicroDollars above this the call is allowed with a warning; -1 for none
 * @param hardMicroDollars above this the call is refused; -1 for none
 * @param enforced false if the rule is in observe mode
 */
public record BudgetLimit(
    String key,
    long softMicroDollars,
    long hardMicroDollars,
    Period period,
    Per per,
    boolean enforced) {

  /** How long a budget lasts. */
  public enum Period {
    DAY,
    WEEK,
    MONTH,
    TOTAL;

    private static final long DAY_MILLIS = 86_400_000L;
    private static final int DAYS_TO_MARCH_OF_YEAR_0 = 719_468;
    private static final int DAYS_PER_ERA = 146_097;

    /** The number of the period that holds a moment. */
    public long index(long epochMillis) {
      final long day = Math.floorDiv(epochMillis, DAY_MILLIS);
      return switch (this) {
        case DAY -> day;
        // 1970-01-01 was a Thursday: the Monday before was day -3.
        case WEEK -> Math.floorDiv(day + 3, 7);
        case MONTH -> month(day);
        case TOTAL -> 0;
      };
    }

    /** Milliseconds until the next period starts; {@link Long#MAX_VALUE} if there is none. */
    public long millisLeft(long epochMillis) {
      if (this == TOTAL) {
        return Long.MAX_VALUE;
      }
      final long day = Math.floorDiv(epochMillis, DAY_MILLIS);
      final long index = index(epochMillis);
      long next = day + 1;
      while (index(next * DAY_MILLIS) == index) {
        next++;
      }
      return next * DAY_MILLIS - epochMillis;
    }

    /**
     * Months since year 0 of the proleptic Gregorian calendar, by counting days from 1 March so
     * that leap days come last (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
     */
    private static long month(long epochDay) {
      final long shifted = epochDay + DAYS_TO_MARCH_OF_YEAR_0;
      final long era = Math.floorDiv(shifted, DAYS_PER_ERA);
      final long dayOfEra = shifted - era * DAYS_PER_ERA;
      final long yearOfEra =
          (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
      final long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
      final long monthFromMarch = (5 * dayOfYear + 2) / 153;
      return (era * 400 + yearOfEra) * 12 + monthFromMarch + 2;
    }
  }
}
