package io.sealgate.classify.hyperscan;

/**
 * How large an expression may become in Hyperscan's compiler: the number of its characters and
 * classes once all bounded repeats are written out. An estimate that decides where to compile, not
 * whether.
 */
public final class ExpressionCost {
  /** Grows no further. */
  public static final int COST_MAX = 1_000_000;

  /** Everything but some characters is several byte sequences in UTF-8. */
  private static final int WIDE_CLASS = 8;

  /** A class of a Unicode property is hundreds of them. */
  private static final int PROPERTY_CLASS = 500;

  private final String expression;
  private int at;

  private ExpressionCost(final String expression) {
    this.expression = expression;
  }

  /** At most {@link #COST_MAX}; anything for an expression whose syntax is wrong. */
  public static int of(final String expression) {
    final var cost = new ExpressionCost(expression);
    long total = 0;
    while (cost.at < expression.length()) {
      total += cost.sequence(0);
      cost.at++;
    }
    return (int) Math.min(total, COST_MAX);
  }

  /** Up to the parenthesis that closes it, or the end. */
  private long sequence(final int depth) {
    long total = 0;
    while (at < expression.length() && expression.charAt(at) != ')') {
      total = Math.min(total + atom(depth) * repeats(), COST_MAX);
    }
    return total;
  }

  private long atom(final int depth) {
    final char c = expression.charAt(at++);
    switch (c) {
      case '\\' -> {
        final char escaped = at < expression.length() ? expression.charAt(at++) : 0;
        if (escaped != 'p' && escaped != 'P') {
          return escaped == 'D' || escaped == 'W' || escaped == 'S' ? WIDE_CLASS : 1;
        }
        final int close = expression.indexOf('}', at);
        at = expression.startsWith("{", at) && close > 0 ? close + 1 : at;
        return PROPERTY_CLASS;
      }
      case '.' -> {
        return WIDE_CLASS;
      }
      case '[' -> {
        return characterClass();
      }
      case '(' -> {
        if (depth > 200) {
          at = expression.length();
          return COST_MAX;
        }
        final long inside = sequence(depth + 1);
        at = Math.min(at + 1, expression.length());
        return Math.max(inside, 1);
      }
      default -> {
        return 1;
      }
    }
  }

  private long characterClass() {
    final boolean negated = at < expression.length() && expression.charAt(at) == '^';
    int cost = negated ? WIDE_CLASS : 1;
    // A bracket that comes first is a member.
    at += negated ? 2 : 1;
    while (at < expression.length() && expression.charAt(at) != ']') {
      if (expression.charAt(at) == '\\') {
        cost = PROPERTY_CLASS;
        at++;
      }
      at++;
    }
    at = Math.min(at + 1, expression.length());
    return cost;
  }

  /** The larger bound of {@code {n,m}}; one for any other repeat and for none. */
  private long repeats() {
    if (at >= expression.length() || expression.charAt(at) != '{') {
      return 1;
    }
    final int close = expression.indexOf('}', at);
    if (close < 0) {
      return 1;
    }
    long largest = 1;
    long number = 0;
    for (int i = at + 1; i < close; i++) {
      final char c = expression.charAt(i);
      if (c == ',') {
        number = 0;
      } else if (c >= '0' && c <= '9') {
        number = Math.min(number * 10 + c - '0', COST_MAX);
        largest = Math.max(largest, number);
      } else {
        return 1;
      }
    }
    at = close + 1;
    return largest;
  }
}
