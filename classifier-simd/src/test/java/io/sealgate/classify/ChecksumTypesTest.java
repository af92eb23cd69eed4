package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.check.Checks;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.pack.BuiltInPacks;
import io.sealgate.classify.pack.Finder;
import io.sealgate.classify.pack.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For every rule with a checksum: instances made from its shapes, valid and broken, in the places
 * where text has them. The checksum of the generator is the rule's own check; that its arithmetic
 * is the issuer's, {@link IssuedNumbersTest} shows.
 */
final class ChecksumTypesTest {
  private static final String DIGITS = "0123456789";
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final int INSTANCES = 100;
  private static final int INSTANCES_LONG = 2_000;
  private static final int JOINED_PER_MILLE_MAX = 10;
  private static final int TRIES_MAX = 3_000_000;

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
    check(id, INSTANCES);
  }

  @ParameterizedTest
  @MethodSource("rules")
  @Tag("long")
  void shouldFindEveryOfThousandsOfValidInstancesAndNoBrokenOne(final String id) {
    check(id, INSTANCES_LONG);
  }

  private static void check(final String id, final int instances) {
    final Rule rule = checked().stream().filter(r -> r.id().equals(id)).findFirst().orElseThrow();
    final Random random = new Random(id.hashCode());
    for (final String shape : shapes(rule)) {
      int joined = 0;
      for (int i = 0; i < instances; i++) {
        final String valid = generate(rule, shape, random, true);
        final String broken = generate(rule, shape, random, false);
        joined += NumberPlaces.joined(FindingTypes.name(rule.type()), valid);
        NumberPlaces.assertInNone(FindingTypes.name(rule.type()), broken);
      }
      final int missed = joined;
      assertTrue(
          joined * 1_000L <= (long) instances * NumberPlaces.COUNT * JOINED_PER_MILLE_MAX,
          () -> id + ' ' + shape + ": " + missed + " joined to what stands beside them");
    }
  }

  private static List<String> shapes(final Rule rule) {
    final List<String> shapes = new ArrayList<>(rule.values("shapes"));
    if (!rule.contextRequired()) {
      shapes.addAll(rule.values("weak_shapes"));
    }
    return shapes;
  }

  /** An instance of the shape whose checksum agrees, or does not, drawn at random. */
  private static String generate(
      final Rule rule, final String shape, final Random random, final boolean valid) {
    final var check = Checks.of(rule.value("validator")).orElseThrow().check();
    final char separator = random.nextBoolean() ? ' ' : '-';
    final byte[] symbols = new byte[64];
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      final String text = draw(shape, separator, random);
      int n = 0;
      for (int i = 0; i < text.length(); i++) {
        if (Character.isLetterOrDigit(text.charAt(i))) {
          symbols[n++] = (byte) text.charAt(i);
        }
      }
      if (check.agrees(symbols, n) == valid
          && (valid || !anyAgrees(rule, symbols, n))
          && text.chars().anyMatch(Character::isDigit)) {
        return text;
      }
    }
    throw new IllegalStateException("no instance of " + shape);
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
