package io.sealgate.classify.secret;

import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.pack.Rule;
import java.math.BigDecimal;
import java.util.List;

/**
 * A token with a fixed prefix or infix: one of its {@code shapes} stands at the anchor, nothing is
 * glued to it, its bytes are varied enough ({@code entropy}, 2.5 bits by default), and its check
 * agrees. Of several shapes that fit, the longest counts. Not thread-safe.
 */
public final class TokenRule implements AnchorRule {
  private enum Check {
    NONE,
    /** At least one digit after the anchor. */
    DIGIT,
    BASE62_CRC32,
    GRAFANA_CRC32,
    BECH32
  }

  private static final int CHECKSUM_SCORE_MICROS = 1_000_000;

  /** A known prefix before a token that is longer than those issued today. */
  private static final int LENGTH_UNKNOWN_SCORE_MICROS = 700_000;

  private static final int BASE62_BYTES = Base62Crc32.CHECKED_BYTES + Base62Crc32.CHECKSUM_BYTES;

  private static final int CRC32_HEX_DIGITS = 8;
  private static final String ENTROPY_BITS = "2.5";

  private final int type;
  private final int scoreMicros;
  private final TokenShape[] shapes;
  private final Check check;
  private final int entropyMicros;
  private final Base62Crc32 base62Crc32 = new Base62Crc32();
  private final Entropy entropy = new Entropy();

  /**
   * @throws IllegalArgumentException when a shape or the validator is not known
   */
  public TokenRule(final Rule rule) {
    type = rule.type();
    scoreMicros = rule.scoreMicros();
    final List<String> texts = rule.values("shapes");
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("rule " + rule.id() + " has no shapes; add 'shapes'");
    }
    shapes = texts.stream().map(TokenShape::new).toArray(TokenShape[]::new);
    check =
        switch (rule.value("validator")) {
          case "" -> Check.NONE;
          case "digit" -> Check.DIGIT;
          case "base62-crc32" -> Check.BASE62_CRC32;
          case "grafana-crc32" -> Check.GRAFANA_CRC32;
          case "bech32" -> Check.BECH32;
          default ->
              throw new IllegalArgumentException(
                  "rule " + rule.id() + " names no known validator: " + rule.value("validator"));
        };
    final String bits = rule.value("entropy");
    entropyMicros =
        new BigDecimal(bits.isEmpty() ? ENTROPY_BITS : bits).movePointRight(6).intValueExact();
  }

  @Override
  public void confirm(
      final byte[] text,
      final int length,
      final int anchorStart,
      final int anchorEnd,
      final Hits out) {
    int start = TokenShape.NONE;
    int end = TokenShape.NONE;
    for (final TokenShape shape : shapes) {
      final int from = shape.start(text, anchorStart);
      if (from < 0 || !TokenText.tokenMayBegin(text, from)) {
        continue;
      }
      final int limit = Math.min(length, from + Reach.SPAN_BYTES_MAX);
      final int to = shape.end(text, anchorEnd, limit);
      final boolean whole =
          to >= 0 && (to == from + Reach.SPAN_BYTES_MAX || TokenText.tokenEnds(text, to, length));
      if (whole && to - from > end - start) {
        start = from;
        end = to;
      }
    }
    if (end > 0 && entropy.micros(text, start, end) >= entropyMicros) {
      check(text, start, anchorEnd, end, out);
    }
  }

  private void check(
      final byte[] text, final int start, final int tail, final int end, final Hits out) {
    switch (check) {
      case NONE -> out.add(type, start, end, scoreMicros, Evidence.PREFIX);
      case DIGIT -> {
        if (TokenText.contains(text, tail, end, TokenText.DIGIT)) {
          out.add(type, start, end, scoreMicros, Evidence.PREFIX);
        }
      }
      case BASE62_CRC32 -> {
        if (base62Crc32.agrees(text, tail)) {
          checked(start, end, out);
        } else if (end - tail > BASE62_BYTES) {
          out.add(type, start, end, LENGTH_UNKNOWN_SCORE_MICROS, Evidence.PREFIX);
        }
      }
      case GRAFANA_CRC32 -> {
        final int sum = end - CRC32_HEX_DIGITS;
        if (hex(text, sum, end) == TokenChecks.grafanaCrc32(text, start, sum - 1)) {
          checked(start, end, out);
        }
      }
      case BECH32 -> {
        if (TokenChecks.bech32(text, start, end)) {
          checked(start, end, out);
        }
      }
    }
  }

  private void checked(final int start, final int end, final Hits out) {
    out.add(type, start, end, CHECKSUM_SCORE_MICROS, Evidence.PREFIX_AND_CHECKSUM);
  }

  private static int hex(final byte[] text, final int from, final int to) {
    int value = 0;
    for (int p = from; p < to; p++) {
      value = value << 4 | TokenClass.HEX.value(text[p]);
    }
    return value;
  }
}
