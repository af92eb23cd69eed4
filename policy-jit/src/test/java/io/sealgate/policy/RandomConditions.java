package io.sealgate.policy;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes random well-typed conditions over the schema, and random calls for them. */
final class RandomConditions {
  private static final List<String> TEXTS =
      List.of(
          "",
          "gpt-4",
          "gpt-4o",
          "claude",
          "ada",
          "a",
          "é",
          "\uD83D\uDE00",
          "x\uD83D\uDE00y",
          "acme");
  private static final List<Long> INTS =
      List.of(0L, 1L, -1L, 2L, 3L, 7L, 100L, Long.MAX_VALUE, Long.MIN_VALUE, 3_037_000_500L);
  private static final List<String> INT_ATTRIBUTES =
      List.of(
          "call.max_tokens",
          "call.messages",
          "call.tools",
          "call.body_bytes",
          "call.text_bytes",
          "time.hour_utc",
          "time.day_of_week",
          "findings.CREDIT_CARD",
          "findings[\"API_KEY\"]",
          "size(labels)");
  private static final List<String> TEXT_ATTRIBUTES =
      List.of(
          "call.model",
          "call.provider",
          "call.dialect",
          "caller.org",
          "caller.team",
          "caller.user",
          "caller.environment",
          "caller.use_case");
  private static final List<String> REGEXES =
      List.of("^gpt", "o$", "^a+$", "x.y", "", "(?i)GPT-[0-9]+", "^.$");

  private final Random random;
  private final boolean comparesBools;

  RandomConditions(Random random) {
    this(random, true);
  }

  RandomConditions(Random random, boolean comparesBools) {
    this.random = random;
    this.comparesBools = comparesBools;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  String bool(int depth) {
    if (depth == 0) {
      return any(List.of("call.stream", "true", "false", "(\"US_SSN\" in labels)"));
    }
    final int d = depth - 1;
    final int choice = random.nextInt(16);
    return switch (choice == 8 && !comparesBools ? 0 : choice) {
      case 0, 1, 2 -> "(" + bool(d) + " && " + bool(d) + ")";
      case 3, 4, 5 -> "(" + bool(d) + " || " + bool(d) + ")";
      case 6 -> "!" + "(" + bool(d) + ")";
      case 7 -> "(" + bool(d) + " ? " + bool(d) + " : " + bool(d) + ")";
      case 8 -> "(" + bool(d) + any(List.of(" == ", " != ")) + bool(d) + ")";
      case 9, 10 -> "(" + integer(d) + comparison() + integer(d) + ")";
      case 11 -> "(" + real(d) + comparison() + real(d) + ")";
      case 12 -> "(" + text(d) + any(List.of(" == ", " != ")) + text(d) + ")";
      case 13 -> "(" + integer(d) + " in " + list(() -> intLiteral()) + ")";
      case 14 -> "(" + text(d) + " in " + list(() -> quoted(any(TEXTS))) + ")";
      default -> textTest(d);
    };
  }

  private String textTest(int d) {
    if (random.nextInt(3) == 0) {
      return text(d) + ".matches(" + quoted(any(REGEXES)) + ")";
    }
    return text(d) + any(List.of(".startsWith", ".endsWith", ".contains")) + "(" + text(d) + ")";
  }

  private String comparison() {
    return any(List.of(" == ", " != ", " < ", " <= ", " > ", " >= "));
  }

  private String list(java.util.function.Supplier<String> element) {
    return IntStream.range(0, 1 + random.nextInt(4))
        .mapToObj(_ -> element.get())
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private String intLiteral() {
    return Long.toString(any(INTS));
  }

  private String integer(int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return random.nextInt(3) == 0 ? intLiteral() : any(INT_ATTRIBUTES);
    }
    final int d = depth - 1;
    return switch (random.nextInt(8)) {
      case 0 -> "(" + bool(d) + " ? " + integer(d) + " : " + integer(d) + ")";
      case 1 -> "size(" + text(d) + ")";
      case 2 -> "-(" + integer(d) + ")";
      default ->
          "(" + integer(d) + any(List.of(" + ", " - ", " * ", " / ", " % ")) + integer(d) + ")";
    };
  }

  private String real(int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return any(List.of("0.0", "1.5", "-2.25", "1e300", "0.1", "-0.0"));
    }
    final int d = depth - 1;
    return switch (random.nextInt(6)) {
      case 0 -> "(" + bool(d) + " ? " + real(d) + " : " + real(d) + ")";
      case 1 -> "double(" + integer(d) + ")";
      case 2 -> "-(" + real(d) + ")";
      default -> "(" + real(d) + any(List.of(" + ", " - ", " * ", " / ")) + real(d) + ")";
    };
  }

  private String text(int depth) {
    if (depth > 0 && random.nextInt(5) == 0) {
      final int d = depth - 1;
      return "(" + bool(d) + " ? " + text(d) + " : " + text(d) + ")";
    }
    return random.nextInt(3) == 0 ? quoted(any(TEXTS)) : any(TEXT_ATTRIBUTES);
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  Facts facts() {
    final Facts facts =
        new Facts()
                .model(any(TEXTS))
                .provider(any(TEXTS))
                .dialect(any(TEXTS))
                .org(any(TEXTS))
                .team(any(TEXTS))
                .user(any(TEXTS))
                .environment(any(TEXTS))
                .useCase(any(TEXTS))
                .stream(random.nextBoolean())
                .maxTokens(any(INTS))
                .messageCount(any(INTS))
                .toolCount(random.nextInt(3))
                .bodyBytes(any(INTS))
                .textBytes(random.nextInt(100));
    for (int i = random.nextInt(4); i > 0; i--) {
      facts.addFinding(any(List.of(0, 1, 2, TestTypes.API_KEY)), 900_000);
    }
    facts.at(random.nextLong(4_000_000_000_000L));
    return facts;
  }
}
