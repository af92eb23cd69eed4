package io.sealgate.policy.cel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bools that several parts of an expression have in common, literals included: those that
 * cannot fail and cost little, so that they may be computed beforehand, the largest only.
 */
final class CommonTerms {
  private final Map<Expr, Integer> counts = new HashMap<>();
  private final List<Expr> terms = new ArrayList<>();
  private final Map<Expr, Integer> numbers = new HashMap<>();
  private final StringBuilder key = new StringBuilder();

  CommonTerms(Expr root) {
    root.operands().forEach(this::count);
    root.operands().forEach(this::choose);
  }

  /** In the order in which they come first. */
  List<Expr> terms() {
    return terms;
  }

  /** Same for expressions of one shape that have the same places in common. */
  String key() {
    return key.toString();
  }

  private void count(Expr e) {
    if (isEligible(e)) {
      counts.merge(e, 1, Integer::sum);
    }
    e.operands().forEach(this::count);
  }

  private void choose(Expr e) {
    if (isEligible(e) && counts.get(e) > 1) {
      final int number = numbers.computeIfAbsent(e, _ -> numbers.size());
      if (number == terms.size()) {
        terms.add(e);
      }
      key.append(' ').append(number);
      return;
    }
    key.append('(');
    e.operands().forEach(this::choose);
    key.append(')');
  }

  private static boolean isEligible(Expr e) {
    return e.type() == Type.BOOL && !(e instanceof Expr.BoolLiteral) && !e.canFail() && isCheap(e);
  }

  private static boolean isCheap(Expr e) {
    return !(e instanceof Expr.Matches || e instanceof Expr.Local || e.type() == Type.VALUE)
        && e.operands().stream().allMatch(CommonTerms::isCheap);
  }
}
