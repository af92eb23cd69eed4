package io.sealgate.policy.cel;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.HashMap;
import java.util.Map;

/** What of a syntax tree a type-check depends on: everything but the values of literals. */
final class TreeKey {
  private final StringBuilder key = new StringBuilder();
  private final Map<Long, CelConstant> constants = new HashMap<>();

  String of(CelExpr root) {
    visit(root);
    return key.toString();
  }

  /** After {@link #of}: the literals by their ids. */
  Map<Long, CelConstant> constants() {
    return constants;
  }

  private void visit(CelExpr e) {
    key.append('(').append(e.id());
    switch (e.getKind()) {
      case CONSTANT -> {
        constants.put(e.id(), e.constant());
        constant(e.constant());
      }
      case IDENT -> key.append(" i ").append(e.ident().name());
      case SELECT -> {
        key.append(e.select().testOnly() ? " h " : " s ").append(e.select().field()).append(' ');
        visit(e.select().operand());
      }
      case CALL -> {
        key.append(" c ").append(e.call().function());
        e.call()
            .target()
            .ifPresent(
                target -> {
                  key.append(" . ");
                  visit(target);
                });
        e.call().args().forEach(this::visit);
      }
      case LIST -> {
        key.append(" l ").append(e.list().optionalIndices());
        e.list().elements().forEach(this::visit);
      }
      case MAP -> {
        key.append(" m ");
        for (final CelExpr.CelMap.Entry entry : e.map().entries()) {
          key.append(entry.id()).append(entry.optionalEntry() ? '?' : ':');
          visit(entry.key());
          visit(entry.value());
        }
      }
      case STRUCT -> {
        key.append(" n ").append(e.struct().messageName());
        for (final CelExpr.CelStruct.Entry entry : e.struct().entries()) {
          key.append(entry.id()).append(entry.optionalEntry() ? '?' : ':');
          key.append(entry.fieldKey()).append(' ');
          visit(entry.value());
        }
      }
      case COMPREHENSION -> {
        final CelExpr.CelComprehension c = e.comprehension();
        key.append(" f ").append(c.iterVar()).append(' ').append(c.iterVar2());
        key.append(' ').append(c.accuVar());
        visit(c.iterRange());
        visit(c.accuInit());
        visit(c.loopCondition());
        visit(c.loopStep());
        visit(c.result());
      }
      default -> key.append(" ?");
    }
    key.append(')');
  }

  private void constant(CelConstant constant) {
    key.append(" k ").append(constant.getKind());
    if (constant.getKind() == CelConstant.Kind.BOOLEAN_VALUE) {
      key.append(constant.booleanValue());
    }
  }
}
