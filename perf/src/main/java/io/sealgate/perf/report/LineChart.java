package io.sealgate.perf.report;

import static io.sealgate.perf.report.BarChart.add;
import static io.sealgate.perf.report.BarChart.escape;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lines on two logarithmic scales as SVG: how a cost grows. */
public final class LineChart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 460;
  private static final int LEFT = 80;
  private static final int RIGHT = 230;
  private static final int TOP = 50;
  private static final int BOTTOM = 60;
  private static final int LEGEND_ROW = 20;
  private static final String[] COLOURS = {
    "#2a6fb0", "#d1632a", "#3c8f4a", "#8a52a6", "#777777", "#b58a00"
  };

  private final String title;
  private final String abscissa;
  private final String ordinate;
  private final Map<String, SortedMap<Double, Double>> lines = new LinkedHashMap<>();

  /** A chart without lines; the axes' titles name their units. */
  public LineChart(final String title, final String abscissa, final String ordinate) {
    this.title = title;
    this.abscissa = abscissa;
    this.ordinate = ordinate;
  }

  /** Adds a point, both values above zero; the first of a name begins a line. */
  public LineChart point(final String line, final double x, final double y) {
    lines.computeIfAbsent(line, name -> new TreeMap<>()).put(x, y);
    return this;
  }

  /** The chart as an SVG document. */
  public String svg() {
    double lowX = Double.MAX_VALUE;
    double highX = 1;
    double lowY = Double.MAX_VALUE;
    double highY = Double.MIN_NORMAL;
    for (final SortedMap<Double, Double> line : lines.values()) {
      lowX = Math.min(lowX, line.firstKey());
      highX = Math.max(highX, line.lastKey());
      for (final double y : line.values()) {
        lowY = Math.min(lowY, y);
        highY = Math.max(highY, y);
      }
    }
    final Axis x = Axis.of(lowX, highX, LEFT, WIDTH - RIGHT);
    final Axis y = Axis.of(lowY, highY, HEIGHT - BOTTOM, TOP);
    final StringBuilder out = new StringBuilder();
    add(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"13\">%n",
        WIDTH,
        HEIGHT);
    add(out, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n");
    add(out, "<text x=\"10\" y=\"24\" font-size=\"16\">%s</text>%n", escape(title));
    grid(out, x, y);
    int index = 0;
    for (final Map.Entry<String, SortedMap<Double, Double>> line : lines.entrySet()) {
      line(out, line.getKey(), line.getValue(), index++, x, y);
    }
    return out.append("</svg>\n").toString();
  }

  private void grid(final StringBuilder out, final Axis x, final Axis y) {
    for (int decade = x.low(); decade <= x.high(); decade++) {
      final double at = x.at(Math.pow(10, decade));
      add(
          out,
          "<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\" stroke=\"#ddd\"/>%n",
          at,
          TOP,
          HEIGHT - BOTTOM);
      add(
          out,
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#666\">%.0f</text>%n",
          at,
          HEIGHT - BOTTOM + 18,
          Math.pow(10, decade));
    }
    for (int decade = y.low(); decade <= y.high(); decade++) {
      final double at = y.at(Math.pow(10, decade));
      add(
          out,
          "<line x1=\"%2$d\" x2=\"%3$d\" y1=\"%1$.1f\" y2=\"%1$.1f\" stroke=\"#ddd\"/>%n",
          at,
          LEFT,
          WIDTH - RIGHT);
      add(
          out,
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#666\">%s</text>%n",
          LEFT - 6,
          at + 4,
          Markdown.number(Math.pow(10, decade)));
    }
    add(
        out,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
        (LEFT + WIDTH - RIGHT) / 2,
        HEIGHT - 14,
        escape(abscissa));
    add(out, "<text x=\"10\" y=\"%d\">%s</text>%n", TOP - 8, escape(ordinate));
  }

  private static void line(
      final StringBuilder out,
      final String name,
      final SortedMap<Double, Double> points,
      final int index,
      final Axis x,
      final Axis y) {
    final String colour = COLOURS[index % COLOURS.length];
    final StringBuilder path = new StringBuilder();
    points.forEach((px, py) -> add(path, "%.1f,%.1f ", x.at(px), y.at(py)));
    add(
        out,
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
        path.toString().strip(),
        colour);
    final int legend = TOP + index * LEGEND_ROW;
    add(
        out,
        "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>%n",
        WIDTH - RIGHT + 20,
        legend,
        colour);
    add(out, "<text x=\"%d\" y=\"%d\">%s</text>%n", WIDTH - RIGHT + 40, legend + 6, escape(name));
  }

  /** Whole decades from {@code low} to {@code high} between two pixel positions. */
  private record Axis(int low, int high, int from, int to) {
    static Axis of(final double min, final double max, final int from, final int to) {
      final int low = (int) Math.floor(Math.log10(min));
      return new Axis(low, Math.max(low + 1, (int) Math.ceil(Math.log10(max))), from, to);
    }

    double at(final double value) {
      return from + (to - from) * (Math.log10(value) - low) / (high - low);
    }
  }
}
