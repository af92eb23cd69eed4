package io.sealgate.classify;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the finder tests share. */
final class Texts {
  private Texts() {}

  /** Each text as one segment. */
  static Segments segments(final String... texts) {
    final Segments segments = new Segments();
    for (final String text : texts) {
      segments.addText(utf8(text), 0, utf8(text).length);
    }
    return segments;
  }

  static byte[] utf8(final String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Resolved findings as {@code TYPE=matched text}. */
  static List<String> findings(final String text) {
    final Segments segments = segments(text);
    final byte[] bytes = segments.text();
    final Hits hits = new Hits();
    new RunFinders().scan(bytes, segments.textLength(), hits);
    final Findings findings = new Findings();
    findings.resolve(hits, segments);
    final List<String> found = new ArrayList<>();
    for (int i = 0; i < findings.size(); i++) {
      found.add(
          FindingTypes.name(findings.type(i))
              + '='
              + new String(
                  bytes,
                  findings.start(i),
                  findings.end(i) - findings.start(i),
                  StandardCharsets.UTF_8));
    }
    return found;
  }

  /** Raw hits, one line each, in the order they were found. */
  static String dump(final Hits hits) {
    final StringBuilder lines = new StringBuilder();
    for (int i = 0; i < hits.size(); i++) {
      lines
          .append(FindingTypes.name(hits.type(i)))
          .append(' ')
          .append(hits.start(i))
          .append(' ')
          .append(hits.end(i))
          .append(' ')
          .append(hits.scoreMicros(i))
          .append(' ')
          .append(hits.evidence(i))
          .append('\n');
    }
    return lines.toString();
  }
}
