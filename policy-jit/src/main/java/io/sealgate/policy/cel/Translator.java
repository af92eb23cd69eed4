package io.sealgate.policy.cel;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelReference;
import io.sealgate.policy.cel.Expr.CompareOp;
import io.sealgate.policy.cel.Expr.Variable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Syntax tree to {@link Expr}: bare values where the type-check proves their types, boxed ones
 * elsewhere. Refuses what is outside the profile.
 */
final class Translator {
  private static final int LIST_LENGTH_MAX = 1_024;
  private static final Expr TRUE = new Expr.BoolLiteral(true);

  private final Schema schema;
  private final FrontEnd.Tree tree;
  private final Names names;
  private final BareOperations bareOperations;
  private final Deque<Map<String, Variable>> scopes = new ArrayDeque<>();

  private Translator(Schema schema, FrontEnd.Tree tree) {
    this.schema = schema;
    this.tree = tree;
    this.names = new Names(schema, tree);
    this.bareOperations = new BareOperations(tree.types());
  }

  static Expr translate(Schema schema, String text) throws RefusedException {
    final FrontEnd.Tree known = schema.frontEnd().known(text);
    if (known != null) {
      try {
        return translate(schema, known);
      } catch (RefusedException _) {
        // Refused again below, with the positions of this text.
      }
    }
    return translate(schema, schema.frontEnd().read(text));
  }

  private static Expr translate(Schema schema, FrontEnd.Tree tree) throws RefusedException {
    final Translator translator = new Translator(schema, tree);
    final Expr expr = translator.translate(tree.root());
    if (schema.publishes()) {
      Cost.check(expr);
    }
    return expr;
  }

  private Expr translate(CelExpr node) throws RefusedException {
    return switch (node.getKind()) {
      case CONSTANT -> constant(tree.constant(node));
      case IDENT, SELECT -> name(node);
      case CALL -> call(node);
      case LIST -> list(node.list());
      case MAP -> map(node.map());
      case COMPREHENSION -> comprehension(node.comprehension());
      case STRUCT -> throw names.outside(node, "a protobuf message");
      default -> throw names.outside(node, "this kind of expression");
    };
  }

  private static Expr constant(CelConstant constant) throws RefusedException {
    return switch (constant.getKind()) {
      case BOOLEAN_VALUE -> new Expr.BoolLiteral(constant.booleanValue());
      case INT64_VALUE -> new Expr.Literal(Type.INT, constant.int64Value());
      case DOUBLE_VALUE -> new Expr.Literal(Type.DOUBLE, constant.doubleValue());
      case STRING_VALUE -> new Expr.Literal(Type.STRING, constant.stringValue());
      case UINT64_VALUE -> value(new Uint(constant.uint64Value().longValue()));
      case BYTES_VALUE -> value(new Bytes(constant.bytesValue().toByteArray()));
      case NULL_VALUE -> value(Null.VALUE);
      default -> throw new RefusedException("a literal of this type", "write another literal");
    };
  }

  private static Expr value(Object value) {
    return new Expr.Literal(Type.VALUE, value);
  }

  private static Expr failure(String message) {
    return value(new CelError(message));
  }

  // Names and fields.

  private Variable local(String name) {
    for (final Map<String, Variable> scope : scopes) {
      if (scope.containsKey(name)) {
        return scope.get(name);
      }
    }
    return null;
  }

  private boolean isLocal(String qualified) {
    final int dot = qualified.indexOf('.');
    return local(dot < 0 ? qualified : qualified.substring(0, dot)) != null;
  }

  private Expr name(CelExpr node) throws RefusedException {
    if (node.getKind() == Kind.IDENT && local(node.ident().name()) != null) {
      return new Expr.Local(local(node.ident().name()));
    }
    final String qualified = Names.qualified(node);
    if (qualified != null && !isLocal(qualified)) {
      final Optional<Expr> global = names.resolve(node, qualified);
      if (global.isPresent()) {
        return global.get();
      }
    }
    if (node.getKind() == Kind.IDENT) {
      return names.unbound(node);
    }
    final CelExpr.CelSelect select = node.select();
    if (!select.testOnly()) {
      final Optional<Expr.Read> entry = entry(select.operand(), select.field());
      if (entry.isPresent()) {
        return entry.get();
      }
    }
    return new Expr.Select(translate(select.operand()), select.field(), select.testOnly());
  }

  private Optional<Expr.Read> entry(CelExpr map, String key) throws RefusedException {
    final String variable = globalName(map);
    return variable == null ? Optional.empty() : schema.entry(variable, key);
  }

  /** The name of a node that is one, and no local variable; else null. */
  private String globalName(CelExpr node) {
    final String qualified = Names.qualified(node);
    if (qualified == null || isLocal(qualified)) {
      return null;
    }
    final CelReference reference = tree.references().get(node.id());
    return Names.withoutDot(reference == null ? qualified : reference.name());
  }

  // Calls.

  private Expr call(CelExpr node) throws RefusedException {
    final CelExpr.CelCall call = node.call();
    final List<CelExpr> args = new ArrayList<>();
    String function = call.function();
    boolean member = false;
    if (call.target().isPresent()) {
      final CelExpr target = call.target().get();
      final String space = Names.qualified(target);
      final String namespaced =
          space == null || isLocal(space) ? null : names.function(space + "." + function);
      if (namespaced == null) {
        member = true;
        args.add(target);
      } else {
        function = namespaced;
      }
    }
    args.addAll(call.args());
    final Optional<Expr> special = special(function, args);
    if (special.isPresent()) {
      return special.get();
    }
    final List<Expr> operands = new ArrayList<>();
    for (final CelExpr arg : args) {
      operands.add(translate(arg));
    }
    final Expr bare = bareOperations.choose(function, args, operands);
    return bare != null ? bare : boxedCall(node, function, member, operands);
  }

  private Expr boxedCall(CelExpr node, String function, boolean member, List<Expr> operands)
      throws RefusedException {
    final Functions.Function found = Functions.find(function, member, operands.size());
    if (found != null) {
      return new Expr.Call(found, operands);
    }
    final String global = member ? function : names.function(function);
    if (global != null && !global.equals(function)) {
      return boxedCall(node, global, false, operands);
    }
    if (tree.types() != null || Functions.isRefused(function)) {
      throw names.outside(node, "the function '" + function + "'");
    }
    return failure("no such function: " + function);
  }

  /** What is decided before the operands are translated. */
  private Optional<Expr> special(String function, List<CelExpr> args) throws RefusedException {
    switch (function) {
      case "_[_]" -> {
        if (isText(args.get(1))) {
          return entry(args.get(0), tree.constant(args.get(1)).stringValue()).map(Expr.class::cast);
        }
      }
      case "size" -> {
        final String variable = args.size() == 1 ? globalName(args.get(0)) : null;
        if (variable != null) {
          return schema.size(variable).map(Expr.class::cast);
        }
      }
      case "@in" -> {
        final String variable = globalName(args.get(1));
        if (variable != null && isText(args.get(0))) {
          return schema
              .count(variable, tree.constant(args.get(0)).stringValue())
              .map(c -> new Expr.Compare(CompareOp.GT, c, new Expr.Literal(Type.INT, 0L)));
        }
      }
      case "_+_" -> {
        if (isAccumulator(args.get(0)) && args.get(1).getKind() == Kind.LIST) {
          final CelExpr.CelList list = args.get(1).list();
          if (list.elements().size() == 1 && list.optionalIndices().isEmpty()) {
            return Optional.of(
                new Expr.Call(
                    Functions.operator("@append", 2),
                    List.of(translate(args.get(0)), translate(list.elements().getFirst()))));
          }
        }
      }
      case "matches" -> {
        if (args.size() == 2 && isText(args.get(1))) {
          return Optional.of(matches(args));
        }
      }
      default -> {}
    }
    return Optional.empty();
  }

  /** Macros name their accumulators as no author can. */
  private boolean isAccumulator(CelExpr node) {
    return node.getKind() == Kind.IDENT
        && node.ident().name().startsWith("@")
        && local(node.ident().name()) != null;
  }

  private Expr matches(List<CelExpr> args) throws RefusedException {
    final CelExpr regex = args.get(1);
    final Expr text = BareOperations.unboxed(translate(args.get(0)), Type.STRING);
    if (text == null) {
      return failure("no such overload: matches");
    }
    try {
      final Pattern pattern = Pattern.compile(tree.constant(regex).stringValue());
      if (pattern.programSize() <= Limits.REGEX_PROGRAM_MAX) {
        return new Expr.Matches(text, pattern);
      }
      throw new RefusedException(
          "the regex is too large" + names.at(regex), "shorten it or lower its repeat counts");
    } catch (PatternSyntaxException e) {
      if (schema.publishes()) {
        throw new RefusedException(
            "the regex is not RE2 syntax: " + e.getDescription() + names.at(regex),
            "correct the regex");
      }
      return failure("the regex is not RE2 syntax");
    }
  }

  private static boolean isText(CelExpr node) {
    return node.getKind() == Kind.CONSTANT
        && node.constant().getKind() == CelConstant.Kind.STRING_VALUE;
  }

  // Containers and loops.

  private Expr list(CelExpr.CelList list) throws RefusedException {
    final StringBuilder optional = new StringBuilder();
    if (!list.optionalIndices().isEmpty()) {
      for (int i = 0; i < list.elements().size(); i++) {
        optional.append(list.optionalIndices().contains(i) ? '?' : ' ');
      }
    }
    final List<Expr> parts = new ArrayList<>();
    for (final CelExpr element : list.elements()) {
      parts.add(translate(element));
    }
    return made(false, parts, optional.toString());
  }

  private Expr map(CelExpr.CelMap map) throws RefusedException {
    final StringBuilder optional = new StringBuilder();
    final List<Expr> parts = new ArrayList<>();
    for (final CelExpr.CelMap.Entry entry : map.entries()) {
      optional.append(entry.optionalEntry() ? '?' : ' ');
      parts.add(translate(entry.key()));
      parts.add(translate(entry.value()));
    }
    return made(true, parts, optional.indexOf("?") < 0 ? "" : optional.toString());
  }

  /** Of literals only, it is made once and for all. */
  private static Expr made(boolean map, List<Expr> parts, String optional) throws RefusedException {
    if (parts.size() > LIST_LENGTH_MAX) {
      throw new RefusedException(
          "a list or map has more than " + LIST_LENGTH_MAX + " entries", "split the expression");
    }
    final Object[] values = new Object[parts.size()];
    for (int i = 0; i < values.length; i++) {
      switch (parts.get(i)) {
        case Expr.Literal l -> values[i] = l.value();
        case Expr.BoolLiteral b -> values[i] = b.truth();
        default -> {
          return new Expr.Make(map, parts, optional);
        }
      }
    }
    return value(map ? Containers.map(values, optional) : Containers.list(values, optional));
  }

  private Expr comprehension(CelExpr.CelComprehension c) throws RefusedException {
    final Variable accumulator = new Variable();
    final boolean bind =
        c.iterRange().getKind() == Kind.LIST && c.iterRange().list().elements().isEmpty();
    final Expr init = freshInit(c.accuInit());
    if (bind && isFalse(c.loopCondition())) {
      scopes.push(Map.of(c.accuVar(), accumulator));
      final Expr body = translate(c.result());
      scopes.pop();
      return new Expr.Bind(accumulator, init, body);
    }
    final Expr range = translate(c.iterRange());
    final Variable first = new Variable();
    if (isQuantifier(c)) {
      scopes.push(Map.of(c.iterVar(), first));
      final Expr holds = translate(c.loopStep().call().args().get(1));
      scopes.pop();
      final Expr predicate = BareOperations.unboxed(holds, Type.BOOL);
      if (predicate != null) {
        final boolean all = c.loopStep().call().function().equals("_&&_");
        return new Expr.Quantifier(all, range, first, predicate);
      }
    }
    final Variable second = c.iterVar2().isEmpty() ? null : new Variable();
    scopes.push(Map.of(c.accuVar(), accumulator));
    scopes.push(
        second == null
            ? Map.of(c.iterVar(), first)
            : Map.of(c.iterVar(), first, c.iterVar2(), second));
    final Expr condition = loopCondition(c.loopCondition());
    final Expr step = translate(c.loopStep());
    scopes.pop();
    final Expr result = translate(c.result());
    scopes.pop();
    return new Expr.Loop(range, first, second, accumulator, init, condition, step, result);
  }

  /** Whether it is what {@code all} or {@code exists} over a list expands to. */
  private boolean isQuantifier(CelExpr.CelComprehension c) {
    return bareOperations.isList(c.iterRange())
        && c.iterVar2().isEmpty()
        && c.accuInit().getKind() == Kind.CONSTANT
        && c.loopCondition().getKind() == Kind.CALL
        && c.loopCondition().call().function().equals("@not_strictly_false")
        && isAccumulator(c.result(), c)
        && c.loopStep().getKind() == Kind.CALL
        && c.loopStep().call().function().equals(isFalse(c.accuInit()) ? "_||_" : "_&&_")
        && isAccumulator(c.loopStep().call().args().getFirst(), c);
  }

  private static boolean isAccumulator(CelExpr node, CelExpr.CelComprehension c) {
    return node.getKind() == Kind.IDENT && node.ident().name().equals(c.accuVar());
  }

  /** An empty accumulator is made for each evaluation, as macros fill it in place. */
  private Expr freshInit(CelExpr init) throws RefusedException {
    if (init.getKind() == Kind.LIST && init.list().elements().isEmpty()) {
      return new Expr.Make(false, List.of(), "");
    }
    return init.getKind() == Kind.MAP && init.map().entries().isEmpty()
        ? new Expr.Make(true, List.of(), "")
        : translate(init);
  }

  /** A loop stops at false only, so what guards its condition against errors has no work left. */
  private Expr loopCondition(CelExpr condition) throws RefusedException {
    return condition.getKind() == Kind.CALL
            && condition.call().function().equals("@not_strictly_false")
        ? translate(condition.call().args().getFirst())
        : condition.getKind() == Kind.CONSTANT ? TRUE : translate(condition);
  }

  private static boolean isFalse(CelExpr node) {
    return node.getKind() == Kind.CONSTANT
        && node.constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE
        && !node.constant().booleanValue();
  }
}
