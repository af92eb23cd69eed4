package io.sealgate.policy.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What qualified names stand for, in the order that CEL tries name spaces. */
final class Names {
  private final Schema schema;
  private final FrontEnd.Tree tree;

  Names(Schema schema, FrontEnd.Tree tree) {
    this.schema = schema;
    this.tree = tree;
  }

  /** A name and its fields joined with dots, with the leading dot if it has one; else null. */
  static String qualified(CelExpr node) {
    if (node.getKind() == Kind.IDENT) {
      return node.ident().name();
    }
    if (node.getKind() != Kind.SELECT || node.select().testOnly()) {
      return null;
    }
    final String operand = qualified(node.select().operand());
    return operand == null ? null : operand + "." + node.select().field();
  }

  /** A leading dot says that no container is to be tried. */
  static String withoutDot(String name) {
    return name.startsWith(".") ? name.substring(1) : name;
  }

  /** The variable or type of a name that is no local variable. */
  Optional<Expr> resolve(CelExpr node, String qualified) throws RefusedException {
    final CelReference reference = tree.references().get(node.id());
    if (tree.types() != null && reference == null) {
      return Optional.empty();
    }
    final List<String> candidates =
        reference == null ? candidates(qualified) : List.of(withoutDot(reference.name()));
    for (final String candidate : candidates) {
      final Optional<Expr.Read> variable = schema.variable(candidate);
      if (variable.isPresent()) {
        return variable.map(Expr.class::cast);
      }
      final TypeName type = TypeName.named(candidate);
      if (type != null) {
        return Optional.of(new Expr.Literal(Type.VALUE, type));
      }
    }
    if (reference != null) {
      throw outside(node, "the name '" + reference.name() + "'");
    }
    return Optional.empty();
  }

  /** A name nobody knows: outside the profile if it looks like protobuf's, else an error value. */
  Expr unbound(CelExpr node) throws RefusedException {
    final String name = node.ident().name();
    final String bare = withoutDot(name);
    if (tree.types() != null
        || bare.startsWith("google")
        || bare.startsWith("cel")
        || bare.chars().anyMatch(Character::isUpperCase)) {
      throw outside(node, "the name '" + bare + "'");
    }
    return new Expr.Literal(Type.VALUE, new CelError("no such variable: " + bare));
  }

  /** The function of the profile, or of those it refuses, that a name stands for; else null. */
  String function(String qualified) {
    for (final String candidate : candidates(qualified)) {
      if (Functions.isNamespaced(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private List<String> candidates(String qualified) {
    if (qualified.startsWith(".")) {
      return List.of(withoutDot(qualified));
    }
    final List<String> candidates = new ArrayList<>();
    String container = schema.frontEnd().container();
    while (!container.isEmpty()) {
      candidates.add(container + "." + qualified);
      container = container.substring(0, Math.max(0, container.lastIndexOf('.')));
    }
    candidates.add(qualified);
    return candidates;
  }

  RefusedException outside(CelExpr node, String what) {
    return new RefusedException(
        what + " is not supported" + at(node), "see the profile of CEL that conditions have");
  }

  String at(CelExpr node) {
    final Integer offset = tree.positions().get(node.id());
    return offset == null ? "" : " (at character " + (offset + 1) + ")";
  }
}
