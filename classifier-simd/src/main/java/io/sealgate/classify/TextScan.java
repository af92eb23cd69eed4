package io.sealgate.classify;

import io.sealgate.classify.anchor.Anchors;
import io.sealgate.classify.find.RunFinders;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.hyperscan.HyperscanDatabase;
import io.sealgate.classify.hyperscan.HyperscanScan;
import io.sealgate.classify.tripwire.HiddenText;
import io.sealgate.classify.view.Base64Runs;
import io.sealgate.classify.view.ByteMasks;
import io.sealgate.classify.view.DetectionCopy;
import io.sealgate.classify.view.SpecialBytes;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Finds all hits in one text that lies in memory, whatever they overlap: in the text as it is, in
 * its detection copy, and in what its base64 runs hold. One thread at a time. Holds no reference to
 * the databases; its owner does.
 */
final class TextScan implements AutoCloseable {
  /** Encoded text within encoded text is read to this depth. */
  private static final int DECODED_DEPTH_MAX = 2;

  private final PatternSet patterns;

  private final HyperscanDatabase literals;

  /** Null when no pattern needs it. */
  private final HyperscanDatabase expressions;

  private final HyperscanScan hyperscan;
  private final RunFinders runFinders;
  private final Anchors anchors = new Anchors();
  private final TopicMatches topicMatches;
  private final ByteMasks[] masks = new ByteMasks[DECODED_DEPTH_MAX + 1];
  private final LiteralMatches[] matches = new LiteralMatches[DECODED_DEPTH_MAX + 1];
  private final Base64Runs[] runs = new Base64Runs[DECODED_DEPTH_MAX + 1];
  private final Overlaps decodedOverlaps = new Overlaps();
  private final Findings decodedFindings = new Findings();
  private final Hits[] decodedHits = new Hits[DECODED_DEPTH_MAX + 1];
  private final DetectionCopy copy = new DetectionCopy();
  private final DetectionCopy decodedCopy = new DetectionCopy();

  TextScan(
      final PatternSet patterns,
      final HyperscanDatabase literals,
      final HyperscanDatabase expressions)
      throws ClassifierException {
    this.patterns = patterns;
    this.literals = literals;
    this.expressions = expressions;
    runFinders = new RunFinders(patterns.phoneRegions());
    topicMatches = patterns.topicMatches();
    final int idsMax = Math.max(patterns.literals().size(), patterns.expressions().size());
    hyperscan =
        new HyperscanScan(
            idsMax,
            Stream.of(literals, expressions)
                .filter(Objects::nonNull)
                .toArray(HyperscanDatabase[]::new));
    for (int depth = 0; depth <= DECODED_DEPTH_MAX; depth++) {
      masks[depth] = new ByteMasks();
      matches[depth] = new LiteralMatches();
      runs[depth] = new Base64Runs();
      decodedHits[depth] = new Hits();
    }
  }

  /** Whether some pattern can only be matched against whole segments. */
  boolean needsWholeSegments() {
    return expressions != null;
  }

  /** Adds what {@code text[0, length)} holds as it is; offsets are indices of {@code text}. */
  void scan(final byte[] text, final int length, final Hits out) throws ClassifierException {
    scan(text, length, 0, out);
  }

  /** As {@link #scan}, and adds what the detection copy holds when that is another text. */
  void scanBoth(final byte[] text, final int length, final Hits out) throws ClassifierException {
    scan(text, length, 0, out);
    if (!isDisguised(text, length, 0)) {
      return;
    }
    copy.read(text, length, masks[0]);
    if (copy.same()) {
      return;
    }
    final int first = out.size();
    if (copy.changesOnlyTo(patterns.bytesOfNoLiteral())) {
      scanRuns(copy.bytes(), copy.length(), 0, out);
      final LiteralMatches found = matches[0];
      for (int match = 0; match < found.count(); match++) {
        final int literal = found.literal(match);
        final int end = found.end(match);
        final int copyEnd = copy.unchangedEnd(end - patterns.literalBytes(literal), end);
        if (copyEnd >= 0) {
          confirm(literal, copyEnd, copy.bytes(), copy.length(), out);
        }
      }
      topicMatches.flush(out);
      scanDecoded(copy.bytes(), copy.length(), 0, out);
    } else {
      scan(copy.bytes(), copy.length(), 0, out);
    }
    for (int hit = first; hit < out.size(); hit++) {
      out.move(hit, copy.textStart(out.start(hit)), copy.textEnd(out.end(hit)));
    }
  }

  private void scan(final byte[] text, final int length, final int depth, final Hits out)
      throws ClassifierException {
    scanRuns(text, length, depth, out);
    final LiteralMatches found = matches[depth];
    findLiterals(text, length, depth, found);
    for (int match = 0; match < found.count(); match++) {
      confirm(found.literal(match), found.end(match), text, length, out);
    }
    topicMatches.flush(out);
    if (depth < DECODED_DEPTH_MAX) {
      scanDecoded(text, length, depth, out);
    }
  }

  private void scanRuns(final byte[] text, final int length, final int depth, final Hits out) {
    final ByteMasks marked = masks[depth];
    marked.read(text, length);
    runFinders.scan(text, length, marked, out);
    HiddenText.find(text, length, marked, out);
  }

  private void findLiterals(
      final byte[] text, final int length, final int depth, final LiteralMatches out)
      throws ClassifierException {
    out.clear();
    ShortAnchors.find(text, masks[depth], out);
    hyperscan.load(text, length);
    hyperscan.scan(literals, 0, length, false);
    for (int i = 0; i < hyperscan.count(); i++) {
      out.add(hyperscan.id(i) + ShortAnchors.count(), hyperscan.end(i));
    }
  }

  private void confirm(
      final int literal, final int end, final byte[] text, final int length, final Hits out) {
    if (PatternSet.isAnchor(literal)) {
      anchors.confirm(literal, end, text, length, out);
    } else {
      patterns.literal(literal, end, text, length, out, topicMatches);
    }
  }

  private boolean isDisguised(final byte[] text, final int length, final int depth) {
    return SpecialBytes.firstDisguise(text, length, masks[depth]) < length;
  }

  /** What is found in an encoded run has the run for its span. */
  private void scanDecoded(final byte[] text, final int length, final int depth, final Hits out)
      throws ClassifierException {
    final Base64Runs found = runs[depth];
    int from = 0;
    while (found.find(text, from, length, masks[depth])) {
      from = found.end();
      final int bytes = found.decode(text);
      if (bytes > 0) {
        final Hits inner = decodedHits[depth];
        inner.clear();
        scan(found.decoded(), bytes, depth + 1, inner);
        if (isDisguised(found.decoded(), bytes, depth + 1)) {
          decodedCopy.read(found.decoded(), bytes, masks[depth + 1]);
          final int first = inner.size();
          scan(decodedCopy.bytes(), decodedCopy.length(), DECODED_DEPTH_MAX, inner);
          for (int hit = first; hit < inner.size(); hit++) {
            inner.move(
                hit, decodedCopy.textStart(inner.start(hit)), decodedCopy.textEnd(inner.end(hit)));
          }
        }
        addRun(inner, bytes, found.start(), runEnd(text, found, length), out);
      }
    }
  }

  private static int runEnd(final byte[] text, final Base64Runs run, final int length) {
    int end = Math.min(run.end(), run.start() + Base64Runs.CHARACTERS_MAX);
    final int padded = Math.min(length, end + Base64Runs.PADDING_BYTES_MAX);
    while (end < padded && text[end] == '=') {
      end++;
    }
    return end;
  }

  /** Adds what wins in {@code bytes} of decoded text, for the run that holds it. */
  private void addRun(
      final Hits inner, final int bytes, final int start, final int end, final Hits out) {
    if (inner.size() == 0) {
      return;
    }
    final Findings found = decodedFindings;
    found.clear();
    decodedOverlaps.begin();
    decodedOverlaps.resolve(inner, 0, bytes, null, found);
    for (int i = 0; i < found.size(); i++) {
      out.add(found.type(i), start, end, found.scoreMicros(i), found.evidence(i), found.rule(i));
      out.markEncoded();
    }
  }

  /**
   * Adds the matches of expressions, segment by segment: over the whole text a match that began in
   * one segment could hide the one that lies in the next.
   */
  void scanExpressions(final Segments in, final Hits out) throws ClassifierException {
    hyperscan.load(in.text(), in.textLength());
    for (int segment = 0; segment < in.count(); segment++) {
      if (in.start(segment) < in.end(segment)) {
        hyperscan.scan(expressions, in.start(segment), in.end(segment), true);
      }
    }
    for (int i = 0; i < hyperscan.count(); i++) {
      patterns.expression(
          hyperscan.id(i), hyperscan.start(i), hyperscan.end(i), in.text(), in.textLength(), out);
    }
  }

  @Override
  public void close() {
    hyperscan.close();
  }
}
