package io.sealgate.classify.anchor;

import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.BuiltInPacks;
import io.sealgate.classify.pack.Finder;
import io.sealgate.classify.pack.Rule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All anchored rules of the built-in packs. Hyperscan finds the literals in one pass; the rules of
 * a literal confirm what stands around it. One instance per thread.
 */
public final class Anchors {
  /** A literal and the places of its rules in {@link #NUMBERS}. */
  private record Anchor(AnchorLiteral literal, int bytes, int[] rules) {}

  /** Among literals no shorter than this Hyperscan moves on by two bytes, else byte by byte. */
  private static final int SHORT_BYTES_MAX = 2;

  /** Which of all built-in rules the anchored ones are. */
  private static final int[] NUMBERS = numbers();

  private static final Anchor[] ANCHORS = anchors();

  private final AnchorRule[] rules;

  /** With rules of its own. */
  public Anchors() {
    rules = new AnchorRule[NUMBERS.length];
    for (int rule = 0; rule < rules.length; rule++) {
      rules[rule] = AnchorValidators.create(BuiltInPacks.rules().get(NUMBERS[rule]));
    }
  }

  /** What to find, the short ones first; the index is what {@link #confirm} takes. */
  public static List<AnchorLiteral> literals() {
    final List<AnchorLiteral> literals = new ArrayList<>(ANCHORS.length);
    for (final Anchor anchor : ANCHORS) {
      literals.add(anchor.literal());
    }
    return literals;
  }

  /** How many of {@link #literals} have at most {@value #SHORT_BYTES_MAX} bytes. */
  public static int shortCount() {
    int count = 0;
    while (count < ANCHORS.length && ANCHORS[count].bytes() <= SHORT_BYTES_MAX) {
      count++;
    }
    return count;
  }

  /**
   * Adds what the rules of a literal confirm around it.
   *
   * @param literal its index in {@link #literals}
   * @param end one past its last byte
   */
  public void confirm(
      final int literal, final int end, final byte[] text, final int length, final Hits out) {
    final Anchor anchor = ANCHORS[literal];
    for (final int rule : anchor.rules()) {
      out.by(NUMBERS[rule]);
      rules[rule].confirm(text, length, end - anchor.bytes(), end, out);
    }
  }

  // Without lambdas and records as keys: a starting JVM takes longer to link the first of them than
  // for all the rest of these tables.

  private static int[] numbers() {
    final List<Rule> all = BuiltInPacks.rules();
    final int[] numbers = new int[all.size()];
    int count = 0;
    for (int number = 0; number < numbers.length; number++) {
      if (all.get(number).finder() == Finder.ANCHOR) {
        numbers[count++] = number;
      }
    }
    return Arrays.copyOf(numbers, count);
  }

  private static Anchor[] anchors() {
    final Map<String, AnchorLiteral> literals = new LinkedHashMap<>();
    final Map<String, int[]> rules = new HashMap<>();
    for (int rule = 0; rule < NUMBERS.length; rule++) {
      final Rule of = BuiltInPacks.rules().get(NUMBERS[rule]);
      for (final String text : of.values("anchors")) {
        final boolean ignoreCase = of.flag("ignore_case");
        final String key = (ignoreCase ? "i" : "c").concat(text);
        literals.putIfAbsent(key, new AnchorLiteral(text, ignoreCase));
        final int[] before = rules.getOrDefault(key, new int[0]);
        final int[] with = Arrays.copyOf(before, before.length + 1);
        with[before.length] = rule;
        rules.put(key, with);
      }
    }
    final List<Anchor> shorter = new ArrayList<>();
    final List<Anchor> longer = new ArrayList<>();
    for (final Map.Entry<String, AnchorLiteral> entry : literals.entrySet()) {
      final AnchorLiteral literal = entry.getValue();
      final int bytes = literal.text().getBytes(StandardCharsets.UTF_8).length;
      (bytes <= SHORT_BYTES_MAX ? shorter : longer)
          .add(new Anchor(literal, bytes, rules.get(entry.getKey())));
    }
    shorter.addAll(longer);
    return shorter.toArray(new Anchor[0]);
  }
}
