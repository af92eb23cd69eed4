package io.sealgate.classify;

import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the finder tests share. */
public final class Texts {
  private static final Scanner SCANNER = scanner();

  private Texts() {}

  private static Scanner scanner() {
    try (Classifier classifier = Classifier.compile(List.of())) {
      return classifier.scanner();
    } catch (final ClassifierException e) {
      throw new AssertionError(e);
    }
  }

  /** Each text as one segment. */
  public static Segments segments(final String... texts) {
    final Segments segments = new Segments();
    for (final String text : texts) {
      segments.addText(utf8(text), 0, utf8(text).length);
    }
    return segments;
  }

  public static byte[] utf8(final String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Resolved findings as {@code TYPE=matched text}. */
  public static List<String> findings(final String text) {
    return findings(text, 0);
  }

  /** What is found in a text as one segment. */
  public static Findings resolved(final String text) {
    final Findings findings = new Findings();
    try {
      SCANNER.scan(segments(text), findings);
    } catch (final ClassifierException e) {
      throw new AssertionError(e);
    }
    return findings;
  }

  /** What is found in a text that comes in pieces, cut at these ascending offsets. */
  static Findings streamed(final byte[] utf8, final int... cuts) throws ClassifierException {
    final Findings findings = new Findings();
    final StreamClassifier stream = new StreamClassifier(SCANNER);
    int from = 0;
    for (final int cut : cuts) {
      stream.push(utf8, from, cut - from, findings);
      from = cut;
    }
    stream.push(utf8, from, utf8.length - from, findings);
    stream.finish(findings);
    return findings;
  }

  /** All of findings, one line each. */
  public static String dump(final Findings findings) {
    final StringBuilder lines = new StringBuilder();
    for (int i = 0; i < findings.size(); i++) {
      lines
          .append(FindingTypes.name(findings.type(i)))
          .append(' ')
          .append(findings.start(i))
          .append('-')
          .append(findings.end(i))
          .append(' ')
          .append(findings.scoreMicros(i))
          .append(' ')
          .append(findings.evidence(i))
          .append(' ')
          .append(findings.rule(i))
          .append('\n');
    }
    return lines.toString();
  }

  /** As {@link #findings(String)} from a score on. */
  public static List<String> findings(final String text, final int scoreMicrosMin) {
    final byte[] bytes = utf8(text);
    final Findings findings = resolved(text);
    final List<String> found = new ArrayList<>();
    for (int i = 0; i < findings.size(); i++) {
      if (findings.scoreMicros(i) < scoreMicrosMin) {
        continue;
      }
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
  public static String dump(final Hits hits) {
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
