package io.sealgate.policy.cel;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Timestamps, from year 1 to 9999 in nanoseconds (RFC 3339 as text), and durations, whose range is
 * that of a signed 64-bit count of nanoseconds.
 */
public final class Times {
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final BigDecimal NANOS_MIN = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal NANOS_MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final Pattern RFC_3339 =
      Pattern.compile(
          "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?"
              + "(Z|[+-][0-9]{2}:[0-9]{2})");
  private static final Pattern DURATION_PART =
      Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
  private static final Pattern OFFSET = Pattern.compile("([+-]?)([0-9]{2}):([0-9]{2})");

  private Times() {}

  /** The duration, or an error if it is out of range. */
  static Object duration(Duration d) {
    try {
      d.toNanos();
      return d;
    } catch (ArithmeticException e) {
      return new CelError("a duration leaves the range of 64-bit nanoseconds");
    }
  }

  /** The timestamp, or an error if it is out of range. */
  static Object instant(Instant t) {
    return t.isBefore(EARLIEST) || t.isAfter(LATEST)
        ? new CelError("a timestamp leaves the years 1 to 9999")
        : t;
  }

  /** {@code timestamp(value)}. */
  public static Object timestamp(Object value) {
    return switch (value) {
      case Instant t -> t;
      case Long seconds ->
          seconds < EARLIEST.getEpochSecond() || seconds > LATEST.getEpochSecond()
              ? new CelError("a timestamp leaves the years 1 to 9999")
              : Instant.ofEpochSecond(seconds);
      case String text -> parseInstant(text);
      default -> CelError.noOverload("timestamp", value);
    };
  }

  private static Object parseInstant(String text) {
    if (RFC_3339.matcher(text).matches()) {
      try {
        return instant(OffsetDateTime.parse(text).toInstant());
      } catch (DateTimeException e) {
        return new CelError("timestamp() of a text that names no point in time");
      }
    }
    return new CelError("timestamp() of a text that is not RFC 3339");
  }

  /** {@code duration(value)}: texts like {@code -1h2m3.5s}. */
  public static Object duration(Object value) {
    return switch (value) {
      case Duration d -> d;
      case String text -> parseDuration(text);
      default -> CelError.noOverload("duration", value);
    };
  }

  private static Object parseDuration(String text) {
    final boolean signed = text.startsWith("-") || text.startsWith("+");
    final String parts = signed ? text.substring(1) : text;
    if (parts.equals("0")) {
      return Duration.ZERO;
    }
    final Matcher matcher = DURATION_PART.matcher(parts);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (end < parts.length() && matcher.find(end) && matcher.start() == end) {
      final BigDecimal unit =
          BigDecimal.valueOf(
              switch (matcher.group(2)) {
                case "ns" -> 1;
                case "us", "µs", "μs" -> 1_000;
                case "ms" -> 1_000_000;
                case "s" -> NANOS_PER_SECOND;
                case "m" -> 60 * NANOS_PER_SECOND;
                default -> 3_600 * NANOS_PER_SECOND;
              });
      nanos = nanos.add(new BigDecimal(matcher.group(1)).multiply(unit));
      end = matcher.end();
    }
    if (end < parts.length() || parts.isEmpty()) {
      return new CelError("duration() of a text that is no duration");
    }
    if (text.startsWith("-")) {
      nanos = nanos.negate();
    }
    return nanos.compareTo(NANOS_MIN) < 0 || nanos.compareTo(NANOS_MAX) > 0
        ? new CelError("a duration leaves the range of 64-bit nanoseconds")
        : Duration.ofNanos(nanos.longValue());
  }

  /** RFC 3339 with as many digits of the second as it takes. */
  static String text(Instant t) {
    final String seconds = t.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
    return seconds.substring(0, seconds.length() - 1) + fraction(t.getNano()) + "Z";
  }

  /** Seconds with as many digits as it takes. */
  static String text(Duration d) {
    return Formats.plain(BigDecimal.valueOf(d.toNanos(), 9)) + "s";
  }

  private static String fraction(int nanos) {
    return nanos == 0 ? "" : Formats.plain(BigDecimal.valueOf(nanos, 9)).substring(1);
  }

  private static ZonedDateTime at(Instant t, Object zone) {
    if (!(zone instanceof String name)) {
      return null;
    }
    final Matcher offset = OFFSET.matcher(name);
    try {
      if (offset.matches()) {
        final int sign = offset.group(1).equals("-") ? -1 : 1;
        return t.atZone(
            ZoneOffset.ofHoursMinutes(
                sign * Integer.parseInt(offset.group(2)),
                sign * Integer.parseInt(offset.group(3))));
      }
      return ZoneId.getAvailableZoneIds().contains(name) ? t.atZone(ZoneId.of(name)) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** One field of a timestamp at a zone. */
  private interface Field {
    long of(ZonedDateTime t);
  }

  private static Object field(String function, Object value, Object zone, Field field) {
    if (!(value instanceof Instant t) || !(zone instanceof String)) {
      return CelError.noOverload(function, value, zone);
    }
    final ZonedDateTime at = at(t, zone);
    return at == null ? new CelError("there is no such time zone") : (Object) field.of(at);
  }

  private static Object field(
      String function, Object value, long nanosPerUnit, long units, Field field) {
    return switch (value) {
      case Duration d when units > 0 -> d.toNanos() / nanosPerUnit % units;
      case Duration d when nanosPerUnit > 0 -> d.toNanos() / nanosPerUnit;
      case Instant _ -> field(function, value, "UTC", field);
      default -> CelError.noOverload(function, value);
    };
  }

  /** Year, in UTC. */
  public static Object getFullYear(Object t) {
    return getFullYear(t, "UTC");
  }

  /** Year, at a zone. */
  public static Object getFullYear(Object t, Object zone) {
    return field("getFullYear", t, zone, ZonedDateTime::getYear);
  }

  /** Month from 0, in UTC. */
  public static Object getMonth(Object t) {
    return getMonth(t, "UTC");
  }

  /** Month from 0, at a zone. */
  public static Object getMonth(Object t, Object zone) {
    return field("getMonth", t, zone, at -> at.getMonthValue() - 1);
  }

  /** Day of the month from 1, in UTC. */
  public static Object getDate(Object t) {
    return getDate(t, "UTC");
  }

  /** Day of the month from 1, at a zone. */
  public static Object getDate(Object t, Object zone) {
    return field("getDate", t, zone, ZonedDateTime::getDayOfMonth);
  }

  /** Day of the month from 0, in UTC. */
  public static Object getDayOfMonth(Object t) {
    return getDayOfMonth(t, "UTC");
  }

  /** Day of the month from 0, at a zone. */
  public static Object getDayOfMonth(Object t, Object zone) {
    return field("getDayOfMonth", t, zone, at -> at.getDayOfMonth() - 1);
  }

  /** Day of the year from 0, in UTC. */
  public static Object getDayOfYear(Object t) {
    return getDayOfYear(t, "UTC");
  }

  /** Day of the year from 0, at a zone. */
  public static Object getDayOfYear(Object t, Object zone) {
    return field("getDayOfYear", t, zone, at -> at.getDayOfYear() - 1);
  }

  /** Day of the week from 0 for Sunday, in UTC. */
  public static Object getDayOfWeek(Object t) {
    return getDayOfWeek(t, "UTC");
  }

  /** Day of the week from 0 for Sunday, at a zone. */
  public static Object getDayOfWeek(Object t, Object zone) {
    return field("getDayOfWeek", t, zone, at -> at.getDayOfWeek().getValue() % 7);
  }

  /** Hour in UTC, or all hours of a duration. */
  public static Object getHours(Object t) {
    return field("getHours", t, 3_600 * NANOS_PER_SECOND, 0, ZonedDateTime::getHour);
  }

  /** Hour at a zone. */
  public static Object getHours(Object t, Object zone) {
    return field("getHours", t, zone, ZonedDateTime::getHour);
  }

  /** Minute in UTC, or all minutes of a duration. */
  public static Object getMinutes(Object t) {
    return field("getMinutes", t, 60 * NANOS_PER_SECOND, 0, ZonedDateTime::getMinute);
  }

  /** Minute at a zone. */
  public static Object getMinutes(Object t, Object zone) {
    return field("getMinutes", t, zone, ZonedDateTime::getMinute);
  }

  /** Second in UTC, or all seconds of a duration. */
  public static Object getSeconds(Object t) {
    return field("getSeconds", t, NANOS_PER_SECOND, 0, ZonedDateTime::getSecond);
  }

  /** Second at a zone. */
  public static Object getSeconds(Object t, Object zone) {
    return field("getSeconds", t, zone, ZonedDateTime::getSecond);
  }

  /** Milliseconds of the second in UTC, or those beyond the seconds of a duration. */
  public static Object getMilliseconds(Object t) {
    return field("getMilliseconds", t, 1_000_000, 1_000, at -> at.getNano() / 1_000_000);
  }

  /** Milliseconds of the second at a zone. */
  public static Object getMilliseconds(Object t, Object zone) {
    return field("getMilliseconds", t, zone, at -> at.getNano() / 1_000_000);
  }
}
