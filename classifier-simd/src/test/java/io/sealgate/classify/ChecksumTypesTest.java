package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.check.Checks;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.BuiltInPacks;
import io.sealgate.classify.pack.Finder;
import io.sealgate.classify.pack.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For every rule with a checksum: instances made from its shapes, valid and broken, in the places
 * where text has them. The checksum of the generator is the rule's own check, whose arithmetic the
 * examples of the packs pin down.
 */
final class ChecksumTypesTest {
  private static final String DIGITS = "0123456789";
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final int INSTANCES = 12;
  private static final int TRIES_MAX = 3_000_000;

  /** {@code %s} is the instance. None holds a context word. */
  private static final List<String> PLACES =
      List.of(
          "%s",
          "It is %s.",
          "{\"value\":\"%s\",\"n\":7}",
          "7,Ann Lee,%s,x",
          "7;%s;x",
          "var x = \"%s\"; // y",
          "x_y=%s&z=1",
          "https://a.example/q?k=%s&z=1",
          "(%s)",
          "号码%s。",
          "2026 %s",
          "%s 20261",
          "41, %s, 99");

  private record Instance(Rule rule, boolean weak, String shape) {}

  static Stream<String> rules() {
    return checked().stream().map(Rule::id);
  }

  private static List<Rule> checked() {
    return BuiltInPacks.all().stream()
        .flatMap(pack -> pack.rules().stream())
        .filter(rule -> rule.finder() == Finder.TOKEN)
        .filter(rule -> Checks.of(rule.value("validator")).map(Checks::checksum).orElse(false))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void shouldFindEveryValidInstanceAndNoBrokenOne(final String id) {
    final Rule rule = checked().stream().filter(r -> r.id().equals(id)).findFirst().orElseThrow();
    final Random random = new Random(id.hashCode());
    final List<Instance> shapes = new ArrayList<>();
    rule.values("shapes").forEach(shape -> shapes.add(new Instance(rule, false, shape)));
    rule.values("weak_shapes").forEach(shape -> shapes.add(new Instance(rule, true, shape)));
    for (final Instance shape : shapes) {
      for (int i = 0; i < INSTANCES; i++) {
        final String valid = generate(shape, random, true);
        final String broken = generate(shape, random, false);
        final String word = shape.weak() ? rule.context().getFirst() + " " : "";
        for (final String place : PLACES) {
          check(rule, word + place.replace("%s", valid), valid, true);
          check(rule, word + place.replace("%s", broken), broken, false);
        }
      }
    }
    assertTrue(exact * 100L >= all * 75L, exact + " of " + all + " exactly");
  }

  /** Of all instances that have to be found, and of those found as exactly this type and span. */
  private int all;

  private int exact;

  private void check(
      final Rule rule, final String text, final String span, final boolean expected) {
    final String finding = FindingTypes.name(rule.type()) + '=' + span;
    final List<String> found = Texts.findings(text, Hits.SCORE_MICROS_DEFAULT);
    if (expected) {
      // Another type or a neighbouring group may agree as well; then the bytes are claimed by it.
      final boolean claimed = found.stream().anyMatch(f -> overlaps(text, span, f));
      assertTrue(found.contains(finding) || claimed, () -> text + " gave " + found);
      exact += found.contains(finding) ? 1 : 0;
      all++;
    } else {
      assertFalse(found.contains(finding), () -> text + " gave " + found);
    }
  }

  private static boolean overlaps(final String text, final String span, final String finding) {
    if (finding.startsWith("URL=")) {
      return false;
    }
    final String other = finding.substring(finding.indexOf('=') + 1);
    final int start = text.indexOf(span);
    final int otherStart = text.indexOf(other);
    return otherStart < start + span.length() && start < otherStart + other.length();
  }

  /** An instance of the shape whose checksum agrees, or does not, drawn at random. */
  private static String generate(final Instance shape, final Random random, final boolean valid) {
    final var check = Checks.of(shape.rule().value("validator")).orElseThrow().check();
    final char separator = random.nextBoolean() ? ' ' : '-';
    final byte[] symbols = new byte[64];
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      final String text = draw(shape.shape(), separator, random);
      int n = 0;
      for (int i = 0; i < text.length(); i++) {
        if (Character.isLetterOrDigit(text.charAt(i))) {
          symbols[n++] = (byte) text.charAt(i);
        }
      }
      if (check.agrees(symbols, n) == valid
          && (valid || !anyAgrees(shape.rule(), symbols, n))
          && text.chars().anyMatch(Character::isDigit)) {
        return text;
      }
    }
    throw new IllegalStateException("no instance of " + shape.shape());
  }

  /** Another rule of the same type may be more lenient. */
  private static boolean anyAgrees(final Rule rule, final byte[] symbols, final int n) {
    return checked().stream()
        .filter(other -> other.type() == rule.type())
        .anyMatch(
            other -> Checks.of(other.value("validator")).orElseThrow().check().agrees(symbols, n));
  }

  private static String draw(final String shape, final char separator, final Random random) {
    final StringBuilder out = new StringBuilder();
    String last = "";
    for (int i = 0; i < shape.length(); i++) {
      final char c = shape.charAt(i);
      if (c == '{') {
        final int close = shape.indexOf('}', i);
        for (int k = Integer.parseInt(shape.substring(i + 1, close)); k > 1; k--) {
          out.append(last.charAt(random.nextInt(last.length())));
        }
        i = close;
        continue;
      }
      if (c == '[') {
        final int close = shape.indexOf(']', i);
        last = members(shape.substring(i + 1, close));
        i = close;
      } else {
        last =
            switch (c) {
              case '9' -> DIGITS;
              case 'A' -> LETTERS;
              case 'N' -> DIGITS + LETTERS;
              case 'H' -> DIGITS + "ABCDEF";
              case '~' -> String.valueOf(separator);
              default -> String.valueOf(c);
            };
      }
      out.append(last.charAt(random.nextInt(last.length())));
    }
    return out.toString();
  }

  private static String members(final String set) {
    final StringBuilder members = new StringBuilder();
    for (int i = 0; i < set.length(); i++) {
      final boolean range = i + 2 < set.length() && set.charAt(i + 1) == '-';
      final char to = range ? set.charAt(i + 2) : set.charAt(i);
      for (char c = set.charAt(i); c <= to; c++) {
        members.append(c);
      }
      i += range ? 2 : 0;
    }
    return members.toString();
  }
}
