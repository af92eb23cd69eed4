package io.sealgate.perf.report;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/** A report as it grows: headings, paragraphs, tables, and targets with what was reached. */
public final class Markdown {
  private final StringBuilder out = new StringBuilder();

  /** Appends a line, formatted as by {@link String#format} with a point in decimals. */
  public Markdown line(final String format, final Object... arguments) {
    out.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
    out.append('\n');
    return this;
  }

  /** Appends an empty line, a heading of the second level and an empty line. */
  public Markdown heading(final String title) {
    return line("").line("## " + title).line("");
  }

  /** Appends a table row. */
  public Markdown row(final Object... cells) {
    out.append('|');
    for (final Object cell : cells) {
      out.append(' ').append(cell).append(" |");
    }
    out.append('\n');
    return this;
  }

  /** Appends a table's head; numbers stand to the right from the second column on. */
  public Markdown columns(final String... titles) {
    row((Object[]) titles);
    out.append("|---|").append("---:|".repeat(titles.length - 1)).append('\n');
    return this;
  }

  /** Begins the table of what was measured with what. */
  public Markdown facts(final String command) {
    return line("| | |")
        .line("|---|---|")
        .row("Date", LocalDate.now(ZoneOffset.UTC))
        .row("Command", "`" + command + "`");
  }

  /** Appends a row that judges a measured value. */
  public Markdown target(final String target, final String measured, final boolean reached) {
    return row(target, measured, reached ? "reached" : "**missed**");
  }

  /** A number with three significant digits. */
  public static String number(final double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    final double size = Math.abs(value);
    final int decimals = size == 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** The report so far. */
  @Override
  public String toString() {
    return out.toString();
  }
}
