package io.sealgate.gateway.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a moment: an instant, or a day, which begins at midnight UTC. */
final class MomentConverter implements ITypeConverter<Instant> {
  @Override
  public Instant convert(final String text) {
    try {
      return text.contains("T")
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (final DateTimeException e) {
      throw new TypeConversionException(
          "'" + text + "' is no time; write 2026-11-21 or 2026-11-21T10:00:00Z (UTC)");
    }
  }
}
