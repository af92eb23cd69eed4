package io.sealgate.gateway.cli;

import io.sealgate.classify.CodePoints;
import io.sealgate.policy.json.JsonText;
import java.util.TreeSet;

/**
 * One line of {@code classify}: a text's findings as JSON. Offsets go in as bytes of the text's
 * UTF-8 and come out as Unicode code points, end exclusive. Reused line after line.
 */
final class FindingLine {
  private static final double MICROS = 1_000_000.0;

  private final StringBuilder line = new StringBuilder();
  private final TreeSet<String> labels = new TreeSet<>();
  private CodePoints codePoints = new CodePoints(new byte[0], 0, 0);

  /**
   * Starts a line.
   *
   * @param id the text's id as JSON
   * @param utf8 the text in {@code [0, length)}; must stay unchanged until {@link #end}
   */
  void begin(final String id, final byte[] utf8, final int length) {
    line.setLength(0);
    labels.clear();
    codePoints = new CodePoints(utf8, 0, length);
    line.append("{\"id\":").append(id).append(",\"findings\":[");
  }

  /** Adds a finding; starts must ascend. */
  void add(
      final String type,
      final int start,
      final int end,
      final int scoreMicros,
      final String evidence,
      final String rule) {
    if (!labels.isEmpty()) {
      line.append(',');
    }
    labels.add(type);
    line.append("{\"type\":");
    JsonText.quote(line, type);
    line.append(",\"start\":").append(codePoints.at(start));
    line.append(",\"end\":").append(codePoints.at(end));
    line.append(",\"score\":").append(scoreMicros / MICROS);
    line.append(",\"evidence\":");
    JsonText.quote(line, evidence);
    line.append(",\"rule\":");
    JsonText.quote(line, rule);
    line.append('}');
  }

  /** The line, with its line feed. */
  CharSequence end() {
    line.append("],\"labels\":[");
    String comma = "";
    for (final String label : labels) {
      line.append(comma);
      JsonText.quote(line, label);
      comma = ",";
    }
    return line.append("]}\n");
  }
}
