package io.sealgate.classify;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tenant's patterns cut into what is found as bytes in one pass over all text and what needs the
 * start of a match and is run segment by segment.
 */
final class PatternSet {
  /** Bounds of a repeat; tens of thousands overflow the stack of Hyperscan's compiler. */
  static final int REPEAT_MAX = 1_000;

  private static final Pattern REPEAT = Pattern.compile("(?<!\\\\[xop])\\{([0-9]*),?([0-9]*)\\}");

  /** The first of a literal's identifiers that belongs to a tenant. */
  private static final int FIRST_TENANT_LITERAL = Secrets.literals().size();

  private final List<HyperscanDatabase.Expression> literals = new ArrayList<>();
  private final List<HyperscanDatabase.Expression> expressions = new ArrayList<>();
  private final Evidence[] evidence;
  private final boolean[] wordFirst;
  private final boolean[] wordLast;
  private final int[] literalRules;
  private final int[] literalBytes;
  private final int[] expressionRules;

  PatternSet(final List<TenantPattern> patterns) throws ClassifierException {
    if (patterns.size() > TenantPattern.PATTERNS_MAX) {
      throw new ClassifierException(
          patterns.size() + " patterns are more than " + TenantPattern.PATTERNS_MAX);
    }
    evidence = new Evidence[patterns.size()];
    wordFirst = new boolean[patterns.size()];
    wordLast = new boolean[patterns.size()];
    literalRules = new int[patterns.size()];
    literalBytes = new int[patterns.size()];
    expressionRules = new int[patterns.size()];
    for (final String literal : Secrets.literals()) {
      literals.add(
          new HyperscanDatabase.Expression(
              literal, HyperscanDatabase.Expression.escape(literal), 0));
    }
    for (int rule = 0; rule < patterns.size(); rule++) {
      add(patterns.get(rule), rule);
    }
  }

  private void add(final TenantPattern pattern, final int rule) throws ClassifierException {
    final int bytes = checkedLength(pattern);
    final int caseFlag = pattern.caseSensitive() ? 0 : Hyperscan.FLAG_CASELESS;
    final String text = pattern.expression();
    if (pattern.regex()) {
      evidence[rule] = Evidence.PATTERN;
      checkRepeats(pattern);
      addExpression(pattern, text, caseFlag, rule);
      return;
    }
    evidence[rule] = Evidence.KEYWORD;
    wordFirst[rule] = Words.isWordCharacter(text.codePointAt(0));
    wordLast[rule] = Words.isWordCharacter(text.codePointBefore(text.length()));
    final String escaped = HyperscanDatabase.Expression.escape(text);
    if (bytes != text.length() && !pattern.caseSensitive()) {
      // Other cases of a letter may have another length, so the start has to be reported.
      addExpression(pattern, escaped, caseFlag, rule);
      return;
    }
    final int literal = literals.size() - FIRST_TENANT_LITERAL;
    literalRules[literal] = rule;
    literalBytes[literal] = bytes;
    literals.add(new HyperscanDatabase.Expression(pattern.name(), escaped, caseFlag));
  }

  private void addExpression(
      final TenantPattern pattern, final String expression, final int caseFlag, final int rule) {
    expressionRules[expressions.size()] = rule;
    expressions.add(
        new HyperscanDatabase.Expression(
            pattern.name(),
            expression,
            caseFlag | Hyperscan.FLAG_UTF8 | Hyperscan.FLAG_SOM_LEFTMOST));
  }

  private static void checkRepeats(final TenantPattern pattern) throws ClassifierException {
    final Matcher repeats = REPEAT.matcher(pattern.expression());
    while (repeats.find()) {
      if (tooLarge(repeats.group(1)) || tooLarge(repeats.group(2))) {
        throw refused(pattern, "a repeat is bounded by more than " + REPEAT_MAX, null);
      }
    }
  }

  private static boolean tooLarge(final String digits) {
    return digits.length() > 9 || !digits.isEmpty() && Integer.parseInt(digits) > REPEAT_MAX;
  }

  private static int checkedLength(final TenantPattern pattern) throws ClassifierException {
    final int bytes;
    try {
      bytes =
          StandardCharsets.UTF_8
              .newEncoder()
              .encode(CharBuffer.wrap(pattern.expression()))
              .remaining();
    } catch (final CharacterCodingException e) {
      throw refused(pattern, "it holds half of a surrogate pair", e);
    }
    if (bytes == 0) {
      throw refused(pattern, "it is empty", null);
    }
    if (bytes > TenantPattern.EXPRESSION_BYTES_MAX) {
      throw refused(
          pattern, bytes + " bytes are more than " + TenantPattern.EXPRESSION_BYTES_MAX, null);
    }
    if (pattern.expression().indexOf(0) >= 0) {
      throw refused(pattern, "it holds the character U+0000", null);
    }
    return bytes;
  }

  private static ClassifierException refused(
      final TenantPattern pattern, final String why, final Throwable cause) {
    return new ClassifierException("pattern \"" + pattern.name() + "\" is refused: " + why, cause);
  }

  /** Secrets first, then keywords. */
  List<HyperscanDatabase.Expression> literals() {
    return literals;
  }

  /** May be empty. */
  List<HyperscanDatabase.Expression> expressions() {
    return expressions;
  }

  /** Of each pattern, by its index. */
  Evidence[] evidence() {
    return evidence;
  }

  static boolean isSecret(final int literal) {
    return literal < FIRST_TENANT_LITERAL;
  }

  /** Adds a keyword of {@link #literals} that ends before {@code end}, if its edges are right. */
  void literal(
      final int literal,
      final int end,
      final byte[] text,
      final int length,
      final TenantMatches out) {
    final int index = literal - FIRST_TENANT_LITERAL;
    match(literalRules[index], end - literalBytes[index], end, text, length, out);
  }

  /** Adds a match of {@link #expressions}, if its edges are right. */
  void expression(
      final int expression,
      final int start,
      final int end,
      final byte[] text,
      final int length,
      final TenantMatches out) {
    match(expressionRules[expression], start, end, text, length, out);
  }

  private void match(
      final int rule,
      final int start,
      final int end,
      final byte[] text,
      final int length,
      final TenantMatches out) {
    if (wordFirst[rule] && Words.wordEndsAt(text, start)
        || wordLast[rule] && Words.wordBeginsAt(text, end, length)) {
      return;
    }
    out.add(rule, start, end);
  }
}
