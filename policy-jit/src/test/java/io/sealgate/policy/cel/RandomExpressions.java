package io.sealgate.policy.cel;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Writes random well-typed expressions over the variables of {@link CelFuzzTest}. Leaves out where
 * dev.cel 0.14 is known to differ from CEL: comparisons of bools (errors in them become values),
 * the order of -0.0 or NaN and an int, math.trunc (goes through int), optional indexes beyond 32
 * bits, searches in empty texts, differences of durations with fractions and unlike signs (refused
 * as invalid).
 */
final class RandomExpressions {
  private final Random random;
  private final List<String> intNames = new ArrayList<>(List.of("i", "j"));
  private final List<String> textNames = new ArrayList<>(List.of("s", "t"));
  private int variables;

  RandomExpressions(Random random) {
    this.random = random;
  }

  @SafeVarargs
  private <T> T any(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** An expression of any type. */
  String any(int depth) {
    return switch (random.nextInt(14)) {
      case 0, 1, 2 -> bool(depth);
      case 3, 4 -> integer(depth);
      case 5 -> unsigned(depth);
      case 6 -> real(depth);
      case 7, 8 -> text(depth);
      case 9 -> ints(depth);
      case 10 -> texts(depth);
      case 11 -> map(depth);
      case 12 -> duration(depth) + (random.nextBoolean() ? " < " + duration(depth) : "");
      default -> optional(depth) + any(".hasValue()", ".value()", ".orValue(7)");
    };
  }

  String bool(int depth) {
    if (depth <= 0) {
      return any("b", "true", "false");
    }
    final int d = depth - 1;
    return switch (random.nextInt(20)) {
      case 0, 1, 2 -> "(" + bool(d) + " && " + bool(d) + ")";
      case 3, 4, 5 -> "(" + bool(d) + " || " + bool(d) + ")";
      case 6 -> "!(" + bool(d) + ")";
      case 7 -> "(" + bool(d) + " ? " + bool(d) + " : " + bool(d) + ")";
      case 8 -> "(" + integer(d) + compare() + integer(d) + ")";
      case 9 ->
          random.nextBoolean()
              ? "(" + real(d) + compare() + real(d) + ")"
              : "("
                  + any("x", "1.5", "3.0", "-2.25")
                  + compare()
                  + any(integer(d), unsigned(d))
                  + ")";
      case 10 -> "(" + unsigned(d) + compare() + any(unsigned(d), integer(d)) + ")";
      case 11 -> "(" + text(d) + compare() + text(d) + ")";
      case 12 -> "(" + ints(d) + equality() + ints(d) + ")";
      case 13 -> "(" + timestamp(d) + compare() + timestamp(d) + ")";
      case 14 -> "(" + integer(d) + " in " + ints(d) + ")";
      case 15 -> "(" + text(d) + " in " + any(texts(d), map(d)) + ")";
      case 16 -> text(d) + any(".startsWith(", ".endsWith(", ".contains(") + text(d) + ")";
      case 17 -> overInts(any("all", "exists", "exists_one"), d);
      case 18 -> overTexts(any("all", "exists", "exists_one"), d);
      default -> any("has(m.a)", "has(m.z)", "(" + map(d) + equality() + map(d) + ")");
    };
  }

  private String compare() {
    return any(" == ", " != ", " < ", " <= ", " > ", " >= ");
  }

  private String equality() {
    return any(" == ", " != ");
  }

  private String overInts(String macro, int d) {
    final String list = ints(d);
    return list + "." + macro + "(" + with(intNames, () -> bool(d)) + ")";
  }

  private String overTexts(String macro, int d) {
    final String list = texts(d);
    return list + "." + macro + "(" + with(textNames, () -> bool(d)) + ")";
  }

  /** A variable and a body that may read it. */
  private String with(List<String> names, Supplier<String> body) {
    final String name = "v" + variables++;
    names.add(name);
    final String text = name + ", " + body.get();
    names.remove(name);
    return text;
  }

  private String name(List<String> names) {
    return names.get(random.nextInt(names.size()));
  }

  String integer(int depth) {
    if (depth <= 0) {
      return any(name(intNames), name(intNames), "0", "1", "2", "-3", "7", "9223372036854775807");
    }
    final int d = depth - 1;
    return switch (random.nextInt(14)) {
      case 0, 1, 2, 3 ->
          "(" + integer(d) + any(" + ", " - ", " * ", " / ", " % ") + integer(d) + ")";
      case 4 -> "-(" + integer(d) + ")";
      case 5 -> "(" + bool(d) + " ? " + integer(d) + " : " + integer(d) + ")";
      case 6 -> "size(" + any(text(d), ints(d), texts(d), map(d), bytes(d)) + ")";
      case 7 -> ints(d) + "[" + any("0", "1", integer(d)) + "]";
      case 8 -> map(d) + any(".a", "[\"b\"]", "[" + text(d) + "]");
      case 9 -> "int(" + any(real(d), unsigned(d), text(d), timestamp(d)) + ")";
      case 10 -> "(\"a\" + " + text(d) + ")" + any(".indexOf(", ".lastIndexOf(") + text(d) + ")";
      case 11 ->
          timestamp(d)
              + any(".getHours(", ".getMonth(", ".getDayOfWeek(", ".getFullYear(", ".getDate(")
              + any("", "\"Europe/Paris\"", "\"America/New_York\"", "\"UTC\"")
              + ")";
      case 12 -> "cel.bind(" + bound(d) + ")";
      default -> optional(d) + ".orValue(" + integer(d) + ")";
    };
  }

  private String bound(int d) {
    final String name = "v" + variables++;
    final String value = integer(d);
    intNames.add(name);
    final String body = integer(d);
    intNames.remove(name);
    return name + ", " + value + ", " + body;
  }

  private String unsigned(int depth) {
    if (depth <= 0) {
      return any("u", "0u", "1u", "7u", "18446744073709551615u");
    }
    final int d = depth - 1;
    return switch (random.nextInt(4)) {
      case 0 -> "uint(" + any(integer(d), real(d)) + ")";
      default -> "(" + unsigned(d) + any(" + ", " - ", " * ", " / ", " % ") + unsigned(d) + ")";
    };
  }

  private String real(int depth) {
    if (depth <= 0) {
      return any("x", "0.0", "1.5", "-2.25", "1e300", "-0.0", "3.0");
    }
    final int d = depth - 1;
    return switch (random.nextInt(6)) {
      case 0 -> "double(" + any(integer(d), unsigned(d)) + ")";
      case 1 -> "-(" + real(d) + ")";
      case 2 -> any("math.ceil(", "math.floor(", "math.abs(") + real(d) + ")";
      default -> "(" + real(d) + any(" + ", " - ", " * ", " / ") + real(d) + ")";
    };
  }

  private String text(int depth) {
    if (depth <= 0) {
      return any(
          name(textNames),
          name(textNames),
          "\"\"",
          "\"a\"",
          "\"x\uD83D\uDE00y\"",
          "\"12\"",
          "\"é\"");
    }
    final int d = depth - 1;
    return switch (random.nextInt(12)) {
      case 0, 1 -> "(" + text(d) + " + " + text(d) + ")";
      case 2 -> "(" + bool(d) + " ? " + text(d) + " : " + text(d) + ")";
      case 3 -> "string(" + any(integer(d), unsigned(d), bool(d), bytes(d)) + ")";
      case 4 -> text(d) + ".substring(" + any("0", "1", integer(d)) + ")";
      case 5 -> text(d) + ".charAt(" + any("0", "1", integer(d)) + ")";
      case 6 -> text(d) + any(".lowerAscii()", ".upperAscii()", ".trim()", ".reverse()");
      case 7 -> text(d) + ".replace(" + text(d) + ", " + text(0) + ")";
      case 8 -> texts(d) + ".join(" + any("", "\"-\"") + ")";
      case 9 -> texts(d) + "[" + any("0", "1") + "]";
      default -> name(textNames);
    };
  }

  private String bytes(int d) {
    return any("b\"ab\"", "b\"\\xff\"", "bytes(" + text(d) + ")");
  }

  private String ints(int depth) {
    if (depth <= 0) {
      return any("l", "[1, 2, 3]", "l");
    }
    final int d = depth - 1;
    return switch (random.nextInt(9)) {
      case 0 -> "[" + integer(d) + ", " + integer(d) + "]";
      case 1 -> "(" + ints(d) + " + " + ints(d) + ")";
      case 2 -> overInts("filter", d);
      case 3 -> ints(d) + ".map(" + with(intNames, () -> integer(d)) + ")";
      case 4 -> texts(d) + ".map(" + with(textNames, () -> integer(d)) + ")";
      case 5 -> "[" + integer(d) + ", ?" + optional(d) + "]";
      case 6 -> ints(d) + any(".distinct()", ".sort()", ".reverse()");
      case 7 -> "(" + bool(d) + " ? " + ints(d) + " : " + ints(d) + ")";
      default -> "l";
    };
  }

  private String texts(int depth) {
    if (depth <= 0) {
      return any("[\"a\", \"b\", \"é\"]", "k");
    }
    final int d = depth - 1;
    return switch (random.nextInt(5)) {
      case 0 -> "[" + text(d) + ", " + text(d) + "]";
      case 1 -> overTexts("filter", d);
      case 2 -> text(d) + ".split(" + any("\"\"", "\"a\"", text(d)) + ")";
      case 3 -> map(d) + ".map(" + with(textNames, () -> text(d)) + ")";
      default -> "k";
    };
  }

  private String map(int depth) {
    if (depth <= 0) {
      return any("m", "{\"a\": 1}", "m");
    }
    final int d = depth - 1;
    return "{" + text(0) + ": " + integer(d) + ", " + text(d) + ": " + integer(d) + "}";
  }

  private String timestamp(int depth) {
    if (depth <= 0) {
      return any("w", "timestamp(0)", "timestamp(\"2026-03-29T01:30:00.5Z\")");
    }
    return any(
        "timestamp(" + integer(depth - 1) + ")",
        "(" + timestamp(depth - 1) + any(" + ", " - ") + duration(depth - 1) + ")");
  }

  private String duration(int depth) {
    if (depth <= 0) {
      return any("duration(\"1h30m\")", "duration(\"-3s\")", "duration(\"90000s\")");
    }
    return "(" + duration(depth - 1) + any(" + ", " - ") + duration(depth - 1) + ")";
  }

  private String optional(int depth) {
    final int d = depth - 1;
    return depth <= 0
        ? any("m.?a", "m.?z", "l[?0]", "optional.of(i)")
        : switch (random.nextInt(6)) {
          case 0 -> "optional.of(" + integer(d) + ")";
          case 1 -> "optional.ofNonZeroValue(" + integer(d) + ")";
          case 2 -> ints(d) + "[?" + any("0", "1", "i % 5") + "]";
          case 3 -> map(d) + "[?" + text(d) + "]";
          case 4 -> optional(d) + ".or(" + optional(d) + ")";
          default -> optional(d) + ".optMap(" + with(intNames, () -> integer(d)) + ")";
        };
  }
}
