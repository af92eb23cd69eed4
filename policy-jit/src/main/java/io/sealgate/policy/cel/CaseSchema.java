package io.sealgate.policy.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One case's variables: declared by its type environment, bound by its bindings. */
final class CaseSchema implements Schema {
  private static final int LENGTH_MAX = 65_536;
  private static final int FRONT_ENDS_KEPT_MAX = 16;
  private static final Map<FrontEnd.Setting, FrontEnd> FRONT_ENDS =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<FrontEnd.Setting, FrontEnd> eldest) {
          return size() > FRONT_ENDS_KEPT_MAX;
        }
      };

  private final FrontEnd frontEnd;
  private final List<String> names = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  private CaseSchema(FrontEnd frontEnd) {
    this.frontEnd = frontEnd;
  }

  /** The schema of a case that is checked, or only parsed. */
  static CaseSchema of(Map<?, ?> json, boolean check) throws BadCaseException, RefusedException {
    final Map<String, CelType> variables = new LinkedHashMap<>();
    final List<CelFunctionDecl> functions = new ArrayList<>();
    if (json.get("typeEnv") instanceof List<?> declarations) {
      for (final Object declaration : declarations) {
        CaseTypes.declare(declaration, variables, functions);
      }
    } else if (json.get("typeEnv") != null) {
      throw new BadCaseException("typeEnv is not a list");
    }
    final Map<String, Object> bound = new LinkedHashMap<>();
    if (json.get("bindings") instanceof Map<?, ?> bindings) {
      for (final Map.Entry<?, ?> binding : bindings.entrySet()) {
        bound.put((String) binding.getKey(), CaseValues.read(binding.getValue()));
        variables.putIfAbsent((String) binding.getKey(), SimpleType.DYN);
      }
    } else if (json.get("bindings") != null) {
      throw new BadCaseException("bindings is not an object");
    }
    final String container = json.get("container") instanceof String c ? c : "";
    final boolean macros = !Boolean.TRUE.equals(json.get("disableMacros"));
    final CaseSchema schema =
        new CaseSchema(
            frontEnd(
                new FrontEnd.Setting(
                    container,
                    variables,
                    functions,
                    macros,
                    check,
                    SimpleType.DYN,
                    LENGTH_MAX,
                    Limits.NESTING_MAX)));
    for (final String name : variables.keySet()) {
      schema.names.add(name);
      schema.values.add(bound.get(name));
    }
    return schema;
  }

  private static FrontEnd frontEnd(FrontEnd.Setting setting) {
    synchronized (FRONT_ENDS) {
      return FRONT_ENDS.computeIfAbsent(setting, FrontEnd::new);
    }
  }

  /** What the variables are bound to, by the index of their access. */
  Object[] values() {
    return values.toArray();
  }

  @Override
  public FrontEnd frontEnd() {
    return frontEnd;
  }

  @Override
  public Optional<Expr.Read> variable(String name) {
    final int index = names.indexOf(name);
    return index < 0
        ? Optional.empty()
        : Optional.of(new Expr.Read(Type.VALUE, Access.element(index), null));
  }

  @Override
  public boolean publishes() {
    return false;
  }
}
