package io.sealgate.perf.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Horizontal bars on a logarithmic scale as SVG: measured values that span decades. */
public final class BarChart {
  private static final int LABEL_WIDTH = 330;
  private static final int PLOT_WIDTH = 460;
  private static final int VALUE_WIDTH = 110;
  private static final int ROW_HEIGHT = 24;
  private static final int HEAD_HEIGHT = 56;
  private static final int FOOT_HEIGHT = 30;
  private static final int TEXT_RISE = 16;

  private record Bar(String label, double value, boolean own) {}

  private final String title;
  private final String unit;
  private final List<Bar> bars = new ArrayList<>();

  /** A chart without bars. */
  public BarChart(final String title, final String unit) {
    this.title = title;
    this.unit = unit;
  }

  /**
   * Adds a bar.
   *
   * @param own whether it is the product's, not a baseline's
   */
  public BarChart bar(final String label, final double value, final boolean own) {
    bars.add(new Bar(label, value, own));
    return this;
  }

  /** The chart as an SVG document. */
  public String svg() {
    final double min = bars.stream().mapToDouble(Bar::value).min().orElse(1);
    final double max = bars.stream().mapToDouble(Bar::value).max().orElse(1);
    final double low = Math.floor(Math.log10(min));
    final double high = Math.max(low + 1, Math.ceil(Math.log10(max)));
    final int height = HEAD_HEIGHT + bars.size() * ROW_HEIGHT + FOOT_HEIGHT;
    final int width = LABEL_WIDTH + PLOT_WIDTH + VALUE_WIDTH;
    final StringBuilder out = new StringBuilder();
    add(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"13\">%n",
        width,
        height);
    add(out, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n");
    add(out, "<text x=\"10\" y=\"24\" font-size=\"16\">%s</text>%n", escape(title));
    for (int decade = (int) low; decade <= high; decade++) {
      final double x = x(Math.pow(10, decade), low, high);
      add(
          out,
          "<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\" stroke=\"#ddd\"/>%n",
          x,
          HEAD_HEIGHT - 8,
          height - FOOT_HEIGHT);
      add(
          out,
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#666\">%s</text>%n",
          x,
          height - 10,
          decade < 0 ? Markdown.number(Math.pow(10, decade)) : "1e" + decade);
    }
    add(
        out,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#666\">%s</text>%n",
        width - 10,
        height - 10,
        escape(unit));
    for (int i = 0; i < bars.size(); i++) {
      bar(out, bars.get(i), HEAD_HEIGHT + i * ROW_HEIGHT, low, high);
    }
    return out.append("</svg>\n").toString();
  }

  private static void bar(
      final StringBuilder out, final Bar bar, final int y, final double low, final double high) {
    final double end = x(bar.value(), low, high);
    add(
        out,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
        LABEL_WIDTH - 8,
        y + TEXT_RISE,
        escape(bar.label()));
    add(
        out,
        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
        LABEL_WIDTH,
        y + 3,
        Math.max(1, end - LABEL_WIDTH),
        ROW_HEIGHT - 6,
        bar.own() ? "#2a6fb0" : "#b9b9b9");
    add(
        out,
        "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
        end + 6,
        y + TEXT_RISE,
        Markdown.number(bar.value()));
  }

  private static double x(final double value, final double low, final double high) {
    return LABEL_WIDTH + PLOT_WIDTH * (Math.log10(value) - low) / (high - low);
  }

  static void add(final StringBuilder out, final String format, final Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments));
  }

  static String escape(final String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
