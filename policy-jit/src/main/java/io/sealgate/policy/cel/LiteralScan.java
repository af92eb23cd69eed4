package io.sealgate.policy.cel;

import dev.cel.common.ast.CelConstant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The literals of an expression's text that can be told without a parser: strings in one pair of
 * quotes without escapes, and whole decimal numbers without a sign. Texts with the same {@link
 * #key} differ in nothing but the values of these literals, so their syntax trees do too.
 *
 * @param key the text with a mark in the place of each literal
 * @param literals in the order of the text
 */
record LiteralScan(String key, List<Literal> literals) {
  private static final int DIGITS_MAX = 18;
  private static final char STRING_MARK = '\u0001';
  private static final char INT_MARK = '\u0002';

  /** One literal and where it starts. */
  record Literal(int offset, CelConstant value) {}

  /** Empty for a text with anything whose extent is not plain to see. */
  static Optional<LiteralScan> of(String text) {
    return new Scanner(text).scan();
  }

  private static final class Scanner {
    private final String text;
    private final StringBuilder key = new StringBuilder();
    private final List<Literal> literals = new ArrayList<>();
    private int at;

    Scanner(String text) {
      this.text = text;
    }

    Optional<LiteralScan> scan() {
      while (at < text.length()) {
        final char c = text.charAt(at);
        final boolean understood =
            switch (c) {
              case '"', '\'' -> string(c);
              case '`', '\\' -> false;
              case '/' -> at + 1 < text.length() && text.charAt(at + 1) != '/' && verbatim(c);
              case ' ', '\n', '\t' -> verbatim(c);
              default -> c > ' ' && c < 0x7f && (isDigit(c) ? number() : verbatim(c));
            };
        if (!understood) {
          return Optional.empty();
        }
      }
      return Optional.of(new LiteralScan(key.toString(), literals));
    }

    private boolean verbatim(char c) {
      key.append(c);
      at++;
      return true;
    }

    private boolean string(char quote) {
      final int end = text.indexOf(quote, at + 1);
      // A letter before it says that it is raw or bytes; a quote after it, that three enclose it.
      if (end < 0
          || at > 0 && isWord(text.charAt(at - 1))
          || end + 1 < text.length() && text.charAt(end + 1) == quote) {
        return false;
      }
      final String value = text.substring(at + 1, end);
      for (int i = 0; i < value.length(); i++) {
        if (value.charAt(i) < ' ' || value.charAt(i) >= 0x7f || value.charAt(i) == '\\') {
          return false;
        }
      }
      literals.add(new Literal(at, CelConstant.ofValue(value)));
      key.append(STRING_MARK);
      at = end + 1;
      return true;
    }

    private boolean number() {
      int end = at;
      while (end < text.length() && isDigit(text.charAt(end))) {
        end++;
      }
      final String digits = text.substring(at, end);
      if (digits.length() > DIGITS_MAX
          || digits.length() > 1 && digits.charAt(0) == '0'
          || at > 0 && isWord(text.charAt(at - 1))
          || end < text.length() && isWord(text.charAt(end))
          || isNegated()) {
        key.append(digits);
      } else {
        literals.add(new Literal(at, CelConstant.ofValue(Long.parseLong(digits))));
        key.append(INT_MARK);
      }
      at = end;
      return true;
    }

    private boolean isNegated() {
      int before = at - 1;
      while (before >= 0 && text.charAt(before) <= ' ') {
        before--;
      }
      return before >= 0 && text.charAt(before) == '-';
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }

    private static boolean isWord(char c) {
      return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '.';
    }
  }
}
