package io.sealgate.policy.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import io.sealgate.policy.json.JsonReader;
import io.sealgate.policy.json.JsonText;
import java.util.List;
import java.util.Map;

/**
 * Evaluates cases of CEL's conformance suite, each one line of JSON, with the compiler that
 * conditions are compiled with. One thread.
 */
public final class Cases {
  private final ShapeCache<Program> shapes = new ShapeCache<>(Program.TARGET);

  /**
   * Evaluates one case.
   *
   * @param line the case; what it expects is not looked at
   * @return a JSON object without line break: {@code file}, {@code section} and {@code name} of the
   *     case, {@code status} (value, error or refused), and {@code value}, {@code typedResult} or
   *     {@code message}
   * @throws BadCaseException if the line is no case
   */
  public String evaluate(String line) throws BadCaseException {
    final Map<?, ?> json = parse(line);
    if (!(json.get("expr") instanceof String expr)) {
      throw new BadCaseException("the case has no expr");
    }
    final StringBuilder out = new StringBuilder("{");
    for (final String label : new String[] {"file", "section", "name"}) {
      if (json.get(label) instanceof String text) {
        out.append('"').append(label).append("\":");
        JsonText.quote(out, text);
        out.append(',');
      }
    }
    final int start = out.length();
    try {
      if (Boolean.TRUE.equals(json.get("checkOnly"))) {
        final CelAbstractSyntaxTree tree = CaseSchema.of(json, true).frontEnd().check(expr);
        if (joinsNull(tree.getExpr())) {
          throw CaseValues.outside("the type that null and another value have in common");
        }
        final CelType type = tree.getResultType();
        out.append("\"status\":\"value\",\"typedResult\":[[\"deduced_type\",");
        out.append(CaseTypes.text(type)).append("]]");
      } else {
        result(value(json, expr), out);
      }
    } catch (RefusedException e) {
      out.setLength(start);
      message("refused", e.getMessage(), out);
    }
    return out.append('}').toString();
  }

  /**
   * Whether a list or a conditional holds null beside something else: there dev.cel 0.14 deduces
   * null, where CEL says that null may stand for a value of a nullable type.
   */
  private static boolean joinsNull(CelExpr e) {
    return switch (e.getKind()) {
      case LIST -> joinsNull(e.list().elements());
      case MAP -> joinsNull(e.map().entries().stream().map(CelExpr.CelMap.Entry::value).toList());
      case CALL ->
          e.call().function().equals("_?_:_")
              ? joinsNull(e.call().args().subList(1, 3))
              : e.call().args().stream().anyMatch(Cases::joinsNull)
                  || e.call().target().filter(Cases::joinsNull).isPresent();
      case SELECT -> joinsNull(e.select().operand());
      case COMPREHENSION ->
          joinsNull(e.comprehension().iterRange()) || joinsNull(e.comprehension().loopStep());
      default -> false;
    };
  }

  private static boolean joinsNull(List<CelExpr> values) {
    final long nulls = values.stream().filter(Cases::isNull).count();
    return nulls > 0 && nulls < values.size() || values.stream().anyMatch(Cases::joinsNull);
  }

  private static boolean isNull(CelExpr e) {
    return e.getKind() == CelExpr.ExprKind.Kind.CONSTANT
        && e.constant().getKind() == CelConstant.Kind.NULL_VALUE;
  }

  private static Map<?, ?> parse(String line) throws BadCaseException {
    try {
      if (JsonReader.readExact(line) instanceof Map<?, ?> json) {
        return json;
      }
      throw new BadCaseException("the case is not a JSON object");
    } catch (IllegalArgumentException e) {
      throw new BadCaseException("the case cannot be read: " + e.getMessage());
    }
  }

  private Object value(Map<?, ?> json, String expr) throws BadCaseException, RefusedException {
    if (Boolean.TRUE.equals(json.get("disableCheck"))) {
      return run(json, expr, false);
    }
    try {
      return run(json, expr, true);
    } catch (RefusedException e) {
      // Operands of types that no overload takes are an error of the running program too: then the
      // answer is that error. If the running program has none, only the type-check is against it.
      if (e.isOverload() && run(json, expr, false) instanceof CelError error) {
        return error;
      }
      throw e;
    }
  }

  private Object run(Map<?, ?> json, String expr, boolean check)
      throws BadCaseException, RefusedException {
    final CaseSchema schema = CaseSchema.of(json, check);
    return shapes.instance(Shape.of(schema, expr)).evaluate(schema.values());
  }

  private static void result(Object value, StringBuilder out) throws RefusedException {
    if (value instanceof CelError error) {
      message(error.isUnspecified() ? "refused" : "error", error.message(), out);
      return;
    }
    out.append("\"status\":\"value\",\"value\":");
    CaseValues.write(value, out);
  }

  private static void message(String status, String message, StringBuilder out) {
    out.append("\"status\":\"").append(status).append("\",\"message\":");
    JsonText.quote(out, message);
  }
}
