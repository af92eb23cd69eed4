package io.sealgate.log;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The origin line of one shard: {@code <base>/audit/<yyyy>q<n>}, a schema-less URL as
 * tlog-checkpoint asks for. A shard covers one quarter of a year in UTC; where one does not hold a
 * quarter, the next has a number behind it: {@code 2026q4}, {@code 2026q4-02}. Names sort by time.
 */
public final class LogOrigin {
  /** Longest base name in characters; it stands in every checkpoint. */
  public static final int BASE_LENGTH_MAX = 200;

  private static final Pattern BASE =
      Pattern.compile("[A-Za-z0-9._~:/-]{1," + BASE_LENGTH_MAX + "}");
  private static final Pattern ORIGIN =
      Pattern.compile("(.+)/audit/([0-9]{4}q[1-4](?:-[0-9]{2})?)");
  private static final Pattern SHARD = Pattern.compile("[0-9]{4}q[1-4](-[0-9]{2})?");
  private static final int PART_MAX = 99;

  /** Years of four digits, from the epoch on. */
  private static final Instant FIRST = Instant.EPOCH;

  private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

  private final String base;
  private final String shard;

  private LogOrigin(String base, String shard) {
    this.base = base;
    this.shard = shard;
  }

  /**
   * The origin of the shard that a moment falls into.
   *
   * @param base the log's name, for example {@code gw1.example.com}
   * @throws IllegalArgumentException if the base is not a schema-less URL or the year has not four
   *     digits
   */
  public static LogOrigin of(String base, Instant moment) {
    if (moment.isBefore(FIRST) || !moment.isBefore(END)) {
      throw new IllegalArgumentException(
          "the time " + moment + " is out of range; check the clock");
    }
    ZonedDateTime utc = moment.atZone(ZoneOffset.UTC);
    return new LogOrigin(
        checkBase(base), utc.getYear() + "q" + ((utc.getMonthValue() - 1) / 3 + 1));
  }

  /**
   * The shard that follows this one at a moment: that of the moment's quarter if it is later, else
   * the next part of this one's. A clock that went back never leads back to an older shard.
   *
   * @throws IllegalArgumentException if a quarter would have more than 99 parts
   */
  public LogOrigin next(Instant moment) {
    LogOrigin now = of(base, moment);
    if (now.shard.compareTo(quarter()) > 0) {
      return now;
    }
    int part = (shard.equals(quarter()) ? 1 : Integer.parseInt(shard.substring(7))) + 1;
    if (part > PART_MAX) {
      throw new IllegalArgumentException(
          "shard " + shard + " is the last of its quarter; give shards a larger map");
    }
    return new LogOrigin(base, quarter() + (part < 10 ? "-0" : "-") + part);
  }

  /** Whether a moment lies in a later quarter than this shard's. */
  public boolean isBefore(Instant moment) {
    return of(base, moment).shard.compareTo(quarter()) > 0;
  }

  /** The first moment after the shard's quarter. */
  public Instant quarterEnd() {
    int year = Integer.parseInt(shard.substring(0, 4));
    int quarter = shard.charAt(5) - '0';
    return ZonedDateTime.of(year, quarter * 3 - 2, 1, 0, 0, 0, 0, ZoneOffset.UTC)
        .plusMonths(3)
        .toInstant();
  }

  private String quarter() {
    return shard.substring(0, 6);
  }

  /**
   * Reads an origin line.
   *
   * @throws IllegalArgumentException if it does not name a shard
   */
  public static LogOrigin parse(String origin) {
    Matcher matcher = ORIGIN.matcher(origin);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a shard origin: " + origin);
    }
    return new LogOrigin(checkBase(matcher.group(1)), matcher.group(2));
  }

  /** Whether a directory name is that of a shard. Such names sort by time. */
  public static boolean isShard(String directory) {
    return SHARD.matcher(directory).matches();
  }

  private static String checkBase(String base) {
    if (!BASE.matcher(base).matches() || base.contains("://")) {
      throw new IllegalArgumentException(
          "log name '" + base + "' is not a URL without schema, such as gw1.example.com");
    }
    return base;
  }

  /** The log's name without the shard. */
  public String base() {
    return base;
  }

  /** The shard's directory name, {@code <yyyy>q<n>} or {@code <yyyy>q<n>-<part>}. */
  public String shard() {
    return shard;
  }

  /** The origin line. */
  public String name() {
    return base + "/audit/" + shard;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LogOrigin that && name().equals(that.name());
  }

  @Override
  public int hashCode() {
    return name().hashCode();
  }

  @Override
  public String toString() {
    return name();
  }
}
