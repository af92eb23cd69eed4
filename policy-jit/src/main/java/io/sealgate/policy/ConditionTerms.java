package io.sealgate.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes a condition's text apart at its {@code &&}, {@code ||} and {@code !}, so that each term can
 * be shown with its value. A text that it cannot take apart is one term.
 */
final class ConditionTerms {
  private final String text;
  private int depth;
  private int at;

  private ConditionTerms(String text) {
    this.text = text;
  }

  /** The terms in the order in which they are written. */
  static List<String> of(String text) {
    final List<String> terms = new ArrayList<>();
    collect(text.strip(), terms);
    return terms;
  }

  private static void collect(String text, List<String> terms) {
    final List<String> parts = new ConditionTerms(text).parts();
    if (parts.size() > 1) {
      parts.forEach(part -> collect(part, terms));
    } else if (text.startsWith("!") && isEnclosed(text.substring(1).strip())) {
      collect(text.substring(1).strip(), terms);
    } else if (isEnclosed(text)) {
      collect(text.substring(1, text.length() - 1).strip(), terms);
    } else {
      terms.add(text);
    }
  }

  /** The text between logical operators outside of brackets; all of it if there is a choice. */
  private List<String> parts() {
    final List<String> parts = new ArrayList<>();
    int from = 0;
    while (at < text.length()) {
      final char c = text.charAt(at);
      if (depth == 0 && (text.startsWith("&&", at) || text.startsWith("||", at))) {
        parts.add(text.substring(from, at).strip());
        from = at + 2;
        at += 2;
      } else if (depth == 0 && c == '?' && !text.startsWith(".", at - 1)) {
        return List.of(text);
      } else {
        step();
      }
    }
    parts.add(text.substring(from).strip());
    return parts;
  }

  /** Whether the first bracket is closed by the last character. */
  private static boolean isEnclosed(String text) {
    if (!text.startsWith("(")) {
      return false;
    }
    final ConditionTerms terms = new ConditionTerms(text);
    do {
      terms.step();
    } while (terms.at < text.length() && terms.depth > 0);
    return terms.at == text.length() && terms.depth == 0;
  }

  /** Goes over one character, string or comment. */
  private void step() {
    final char c = text.charAt(at);
    switch (c) {
      case '(', '[', '{' -> {
        depth++;
        at++;
      }
      case ')', ']', '}' -> {
        depth--;
        at++;
      }
      case '"', '\'' -> string(c);
      case '/' -> {
        if (text.startsWith("//", at)) {
          final int end = text.indexOf('\n', at);
          at = end < 0 ? text.length() : end;
        } else {
          at++;
        }
      }
      default -> at++;
    }
  }

  private void string(char quote) {
    final boolean raw = at > 0 && "rR".indexOf(text.charAt(at - 1)) >= 0;
    final String three = String.valueOf(quote).repeat(3);
    final String end = text.startsWith(three, at) ? three : String.valueOf(quote);
    at += end.length();
    while (at < text.length() && !text.startsWith(end, at)) {
      at += !raw && text.charAt(at) == '\\' ? 2 : 1;
    }
    at = Math.min(text.length(), at + end.length());
  }
}
