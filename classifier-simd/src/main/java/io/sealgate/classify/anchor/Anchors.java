package io.sealgate.classify.anchor;

import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.BuiltInPacks;
import io.sealgate.classify.pack.Finder;
import io.sealgate.classify.pack.Rule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * All anchored rules of the built-in packs. Hyperscan finds the literals in one pass; the rules of
 * a literal confirm what stands around it. One instance per thread.
 */
public final class Anchors {
  /** A literal and the places of its rules in {@link #RULES}. */
  private record Anchor(AnchorLiteral literal, int bytes, int[] rules) {}

  /** Among literals no shorter than this Hyperscan moves on by two bytes, else byte by byte. */
  private static final int SHORT_BYTES_MAX = 2;

  /** Which of all built-in rules the anchored ones are. */
  private static final int[] NUMBERS = numbers();

  private static final List<Rule> RULES =
      Arrays.stream(NUMBERS).mapToObj(BuiltInPacks.rules()::get).toList();
  private static final List<Anchor> ANCHORS = anchors();

  private final AnchorRule[] rules;

  /** With rules of its own. */
  public Anchors() {
    rules = RULES.stream().map(AnchorValidators::create).toArray(AnchorRule[]::new);
  }

  /** What to find, the short ones first; the index is what {@link #confirm} takes. */
  public static List<AnchorLiteral> literals() {
    return ANCHORS.stream().map(Anchor::literal).toList();
  }

  /** How many of {@link #literals} have at most {@value #SHORT_BYTES_MAX} bytes. */
  public static int shortCount() {
    return (int) ANCHORS.stream().filter(anchor -> anchor.bytes() <= SHORT_BYTES_MAX).count();
  }

  /**
   * Adds what the rules of a literal confirm around it.
   *
   * @param literal its index in {@link #literals}
   * @param end one past its last byte
   */
  public void confirm(
      final int literal, final int end, final byte[] text, final int length, final Hits out) {
    final Anchor anchor = ANCHORS.get(literal);
    for (final int rule : anchor.rules()) {
      out.by(NUMBERS[rule]);
      rules[rule].confirm(text, length, end - anchor.bytes(), end, out);
    }
  }

  private static int[] numbers() {
    return IntStream.range(0, BuiltInPacks.rules().size())
        .filter(number -> BuiltInPacks.rules().get(number).finder() == Finder.ANCHOR)
        .toArray();
  }

  private static List<Anchor> anchors() {
    final Map<AnchorLiteral, List<Integer>> byLiteral = new LinkedHashMap<>();
    for (int rule = 0; rule < RULES.size(); rule++) {
      final boolean ignoreCase = RULES.get(rule).flag("ignore_case");
      for (final String text : RULES.get(rule).values("anchors")) {
        byLiteral
            .computeIfAbsent(new AnchorLiteral(text, ignoreCase), literal -> new ArrayList<>())
            .add(rule);
      }
    }
    final List<Anchor> anchors = new ArrayList<>();
    byLiteral.forEach(
        (literal, rules) ->
            anchors.add(
                new Anchor(
                    literal,
                    literal.text().getBytes(StandardCharsets.UTF_8).length,
                    rules.stream().mapToInt(Integer::intValue).toArray())));
    anchors.sort(Comparator.comparing(anchor -> anchor.bytes() > SHORT_BYTES_MAX));
    return List.copyOf(anchors);
  }
}
