package io.sealgate.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import io.sealgate.policy.Attribute.Type;
import io.sealgate.policy.Expr.ArithmeticOp;
import io.sealgate.policy.Expr.CompareOp;
import io.sealgate.policy.Expr.TextTestOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns the text of a condition into an {@link Expr}: CEL parsed and type-checked by dev.cel, then
 * cut down to what the compiler does exactly as CEL says. Everything else is refused.
 */
final class CelFrontEnd {
  /** Bound of a condition, in UTF-16 units. */
  static final int CONDITION_LENGTH_MAX = 8_192;

  private static final int NODES_MAX = 1_000;
  private static final int NESTING_MAX = 64;
  private static final int LIST_LENGTH_MAX = 1_024;

  /** Semantics of the language that both the checker here and the test oracle must keep to. */
  static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(CONDITION_LENGTH_MAX)
          .maxParseExpressionNodeCount(NODES_MAX)
          .maxParseRecursionDepth(NESTING_MAX)
          .enableHeterogeneousNumericComparisons(true)
          .enableRegexPartialMatch(true)
          .errorOnIntWrap(true)
          .build();

  private static final CelCompiler COMPILER = compiler();
  private static final Map<String, Attribute> ATTRIBUTES = attributes();

  private final FindingTypeNames types;
  private CelAbstractSyntaxTree ast;

  CelFrontEnd(FindingTypeNames types) {
    this.types = types;
  }

  /** A condition that is not CEL, does not fit the schema, or is outside the profile. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String fix;

    RefusedException(String problem, String fix) {
      super(problem + "; " + fix);
      this.problem = problem;
      this.fix = fix;
    }

    String problem() {
      return problem;
    }

    String fix() {
      return fix;
    }
  }

  private static CelCompiler compiler() {
    final CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .addVar("findings", MapType.create(SimpleType.STRING, SimpleType.INT))
            .addVar("labels", ListType.create(SimpleType.STRING))
            .setResultType(SimpleType.BOOL);
    for (final Attribute attribute : Attribute.values()) {
      builder.addVar(attribute.celName, attribute.type.cel);
    }
    return builder.build();
  }

  private static Map<String, Attribute> attributes() {
    final Map<String, Attribute> attributes = new HashMap<>();
    for (final Attribute attribute : Attribute.values()) {
      attributes.put(attribute.celName, attribute);
    }
    return attributes;
  }

  /** Parses and type-checks, without cutting down to the profile. */
  static CelAbstractSyntaxTree check(String text) throws RefusedException {
    final CelValidationResult result = COMPILER.compile(text);
    if (result.hasError()) {
      final CelIssue issue = result.getErrors().getFirst();
      throw new RefusedException(
          issue.getMessage().lines().findFirst().orElse("this is not CEL")
              + " (column "
              + (issue.getSourceLocation().getColumn() + 1)
              + ")",
          "write a CEL expression of type bool over " + schema());
    }
    try {
      return result.getAst();
    } catch (CelValidationException e) {
      throw new RefusedException(e.getMessage(), "write a CEL expression of type bool");
    }
  }

  private static String schema() {
    return String.join(", ", Arrays.stream(Attribute.values()).map(a -> a.celName).toList())
        + ", findings.TYPE, labels";
  }

  Expr translate(String text) throws RefusedException {
    ast = check(text);
    return translate(ast.getExpr());
  }

  private Expr translate(CelExpr node) throws RefusedException {
    final CelReference reference = ast.getReference(node.id()).orElse(null);
    if (reference != null && reference.overloadIds().isEmpty()) {
      final Attribute attribute = ATTRIBUTES.get(reference.name());
      if (attribute != null) {
        return new Expr.Read(attribute);
      }
    }
    return switch (node.getKind()) {
      case CONSTANT -> constant(node);
      case SELECT -> select(node);
      case CALL -> call(node);
      default -> throw outside(node, "this kind of expression");
    };
  }

  private Expr constant(CelExpr node) throws RefusedException {
    final CelConstant constant = node.constant();
    return switch (constant.getKind()) {
      case BOOLEAN_VALUE -> new Expr.BoolLiteral(constant.booleanValue());
      case INT64_VALUE -> new Expr.IntLiteral(constant.int64Value());
      case DOUBLE_VALUE -> new Expr.DoubleLiteral(constant.doubleValue());
      case STRING_VALUE -> new Expr.StringLiteral(constant.stringValue());
      default -> throw outside(node, "a literal of this type");
    };
  }

  private Expr select(CelExpr node) throws RefusedException {
    if (node.select().testOnly()) {
      throw new RefusedException(
          "has() is always true here" + at(node), "compare with \"\" or 0, which mean not given");
    }
    if (isVariable(node.select().operand(), "findings")) {
      return new Expr.FindingCount(findingType(node, node.select().field()));
    }
    throw outside(node, "this field");
  }

  private Expr call(CelExpr node) throws RefusedException {
    final List<CelExpr> args = new ArrayList<>();
    node.call().target().ifPresent(args::add);
    args.addAll(node.call().args());
    return switch (node.call().function()) {
      case "_&&_" -> new Expr.Logic(true, translate(args.get(0)), translate(args.get(1)));
      case "_||_" -> new Expr.Logic(false, translate(args.get(0)), translate(args.get(1)));
      case "!_" -> new Expr.Not(translate(args.get(0)));
      case "_?_:_" ->
          new Expr.Conditional(
              translate(args.get(0)), translate(args.get(1)), translate(args.get(2)));
      case "_==_" -> equality(CompareOp.EQ, args);
      case "_!=_" -> equality(CompareOp.NE, args);
      case "_<_" -> order(node, CompareOp.LT, args);
      case "_<=_" -> order(node, CompareOp.LE, args);
      case "_>_" -> order(node, CompareOp.GT, args);
      case "_>=_" -> order(node, CompareOp.GE, args);
      case "_+_" -> arithmetic(node, ArithmeticOp.ADD, args);
      case "_-_" -> arithmetic(node, ArithmeticOp.SUBTRACT, args);
      case "_*_" -> arithmetic(node, ArithmeticOp.MULTIPLY, args);
      case "_/_" -> arithmetic(node, ArithmeticOp.DIVIDE, args);
      case "_%_" -> arithmetic(node, ArithmeticOp.MODULO, args);
      case "-_" -> new Expr.Negate(number(node, translate(args.get(0))));
      case "double" -> toDouble(node, args.get(0));
      case "startsWith" -> textTest(TextTestOp.STARTS_WITH, args);
      case "endsWith" -> textTest(TextTestOp.ENDS_WITH, args);
      case "contains" -> textTest(TextTestOp.CONTAINS, args);
      case "matches" -> matches(args);
      case "size" -> size(node, args.get(0));
      case "@in" -> in(node, args.get(0), args.get(1));
      case "_[_]" -> index(node, args.get(0), args.get(1));
      default -> throw outside(node, "the function '" + node.call().function() + "'");
    };
  }

  private Expr equality(CompareOp op, List<CelExpr> args) throws RefusedException {
    return new Expr.Compare(op, translate(args.get(0)), translate(args.get(1)));
  }

  private Expr order(CelExpr node, CompareOp op, List<CelExpr> args) throws RefusedException {
    final Expr left = number(node, translate(args.get(0)));
    final Expr right = number(node, translate(args.get(1)));
    if (left.type() != right.type()) {
      throw new RefusedException(
          "an int is compared with a double" + at(node), "convert the int with double()");
    }
    return new Expr.Compare(op, left, right);
  }

  private Expr arithmetic(CelExpr node, ArithmeticOp op, List<CelExpr> args)
      throws RefusedException {
    return new Expr.Arithmetic(
        op, number(node, translate(args.get(0))), number(node, translate(args.get(1))));
  }

  private Expr number(CelExpr node, Expr operand) throws RefusedException {
    if (operand.type() != Type.INT && operand.type() != Type.DOUBLE) {
      throw outside(node, "this operator on anything but numbers");
    }
    return operand;
  }

  private Expr toDouble(CelExpr node, CelExpr arg) throws RefusedException {
    final Expr operand = translate(arg);
    return switch (operand.type()) {
      case INT -> new Expr.ToDouble(operand);
      case DOUBLE -> operand;
      default -> throw outside(node, "double() of anything but numbers");
    };
  }

  private Expr textTest(TextTestOp op, List<CelExpr> args) throws RefusedException {
    return new Expr.TextTest(op, translate(args.get(0)), translate(args.get(1)));
  }

  private Expr matches(List<CelExpr> args) throws RefusedException {
    final CelExpr regex = args.get(1);
    if (!isConstant(regex, CelConstant.Kind.STRING_VALUE)) {
      throw new RefusedException(
          "matches() needs its regex as a literal" + at(regex), "write the regex in quotes");
    }
    try {
      final Pattern pattern = Pattern.compile(regex.constant().stringValue());
      if (pattern.programSize() > PatternReader.REGEX_PROGRAM_SIZE_MAX) {
        throw new RefusedException(
            "the regex is too large" + at(regex), "shorten it or lower its repeat counts");
      }
      return new Expr.Matches(translate(args.get(0)), pattern);
    } catch (PatternSyntaxException e) {
      throw new RefusedException(
          "the regex is not RE2 syntax: " + e.getDescription() + at(regex), "correct the regex");
    }
  }

  private Expr size(CelExpr node, CelExpr arg) throws RefusedException {
    if (isVariable(arg, "labels")) {
      return new Expr.LabelCount();
    }
    if (!ast.getTypeOrThrow(arg.id()).equals(SimpleType.STRING)) {
      throw outside(node, "size() of anything but text and labels");
    }
    return new Expr.Size(translate(arg));
  }

  private Expr in(CelExpr node, CelExpr element, CelExpr container) throws RefusedException {
    if (isVariable(container, "labels")) {
      if (!isConstant(element, CelConstant.Kind.STRING_VALUE)) {
        throw new RefusedException(
            "only a literal can be looked for in labels" + at(element), "write \"TYPE\" in labels");
      }
      final int id = findingType(element, element.constant().stringValue());
      return new Expr.Compare(CompareOp.GT, new Expr.FindingCount(id), new Expr.IntLiteral(0L));
    }
    if (container.getKind() != Kind.LIST) {
      throw outside(node, "'in' with anything but a list of literals or labels");
    }
    final List<CelExpr> elements = container.list().elements();
    if (elements.size() > LIST_LENGTH_MAX) {
      throw new RefusedException(
          "the list has more than " + LIST_LENGTH_MAX + " entries" + at(container),
          "split the rule");
    }
    if (elements.isEmpty() || !container.list().optionalIndices().isEmpty()) {
      throw outside(container, "this list");
    }
    final CelType type = ast.getTypeOrThrow(element.id());
    if (type.equals(SimpleType.STRING)) {
      final Set<String> set = new HashSet<>();
      for (final CelExpr e : elements) {
        set.add(literal(e, CelConstant.Kind.STRING_VALUE).stringValue());
      }
      return new Expr.InStrings(translate(element), Set.copyOf(set));
    }
    if (type.equals(SimpleType.INT)) {
      final long[] set = new long[elements.size()];
      for (int i = 0; i < set.length; i++) {
        set[i] = literal(elements.get(i), CelConstant.Kind.INT64_VALUE).int64Value();
      }
      Arrays.sort(set);
      return new Expr.InInts(translate(element), set);
    }
    throw outside(node, "'in' with anything but text and ints");
  }

  private Expr index(CelExpr node, CelExpr operand, CelExpr key) throws RefusedException {
    if (isVariable(operand, "findings") && isConstant(key, CelConstant.Kind.STRING_VALUE)) {
      return new Expr.FindingCount(findingType(key, key.constant().stringValue()));
    }
    throw outside(node, "an index other than findings[\"TYPE\"]");
  }

  /** Only canonical names: an alias may stand for several types, which have no one count. */
  private int findingType(CelExpr node, String name) throws RefusedException {
    final int[] ids = types.idsOf(name);
    for (final int id : ids) {
      if (types.name(id).equals(name)) {
        return id;
      }
    }
    final List<String> names = new ArrayList<>();
    for (int id = 0; id < types.count(); id++) {
      names.add(types.name(id));
    }
    throw new RefusedException(
        "there is no finding type '" + name + "'" + at(node),
        "use one of: " + String.join(", ", names));
  }

  private static CelConstant literal(CelExpr node, CelConstant.Kind kind) throws RefusedException {
    if (!isConstant(node, kind)) {
      throw new RefusedException(
          "a list after 'in' may hold literals of one type only", "write the values out");
    }
    return node.constant();
  }

  private static boolean isConstant(CelExpr node, CelConstant.Kind kind) {
    return node.getKind() == Kind.CONSTANT && node.constant().getKind() == kind;
  }

  private static boolean isVariable(CelExpr node, String name) {
    return node.getKind() == Kind.IDENT && node.ident().name().equals(name);
  }

  private RefusedException outside(CelExpr node, String what) {
    return new RefusedException(
        what + " is not supported in conditions" + at(node),
        "use comparisons, arithmetic, in, ?:, size, startsWith, endsWith, contains and matches");
  }

  private String at(CelExpr node) {
    final Integer offset = ast.getSource().getPositionsMap().get(node.id());
    return offset == null ? "" : " (at character " + (offset + 1) + ")";
  }
}
