package io.sealgate.policy.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelContainer;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * CEL's text to dev.cel's syntax tree, parsed and, if asked for, type-checked. Of expressions that
 * differ in their literals only, one is parsed and checked, as that takes a hundred times as long
 * as what follows. Any thread.
 */
public final class FrontEnd {
  private static final int CHECKS_KEPT_MAX = 1_000;
  private static final int TEMPLATES_KEPT_MAX = 2_000;
  private static final int CODE_POINTS_PER_NODE = 8;

  /**
   * What decides how a text is read.
   *
   * @param container name space of unqualified names, empty for none
   * @param variables types by name
   * @param functions those beyond CEL's own, which can be checked but not compiled
   * @param macros whether calls like {@code all} are macros
   * @param check whether types are checked
   * @param result type the whole must have; DYN for any
   * @param lengthMax bound of the text, in code points
   * @param nestingMax bound of the parser's recursion
   */
  public record Setting(
      String container,
      Map<String, CelType> variables,
      List<CelFunctionDecl> functions,
      boolean macros,
      boolean check,
      CelType result,
      int lengthMax,
      int nestingMax) {}

  /**
   * A text as syntax tree.
   *
   * @param types by expression id; null if not checked
   * @param references by expression id; empty if not checked
   * @param positions offset in the text by expression id
   * @param literals by expression id, those that are others than in the tree
   */
  record Tree(
      CelExpr root,
      Map<Long, CelType> types,
      Map<Long, CelReference> references,
      Map<Long, Integer> positions,
      Map<Long, CelConstant> literals) {

    /** The literal that a node stands for. */
    CelConstant constant(CelExpr node) {
      return literals.isEmpty()
          ? node.constant()
          : literals.getOrDefault(node.id(), node.constant());
    }
  }

  /** The tree of a text, and for each literal found by a scan the nodes that stand for it. */
  private record Template(Tree tree, List<List<Long>> nodes) {}

  private static final class Recent<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;
    private final int keptMax;

    Recent(int keptMax) {
      super(16, 0.75f, true);
      this.keptMax = keptMax;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > keptMax;
    }
  }

  private record Check(Map<Long, CelType> types, Map<Long, CelReference> references) {}

  private final Setting setting;
  private final CelCompiler compiler;
  private final Map<String, Check> checks = new Recent<>(CHECKS_KEPT_MAX);
  private final Map<String, Template> templates = new Recent<>(TEMPLATES_KEPT_MAX);

  /** A front end, to be kept: making one takes milliseconds. */
  public FrontEnd(Setting setting) {
    this.setting = setting;
    final CelOptions options = options(setting);
    final CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(options)
            .setContainer(CelContainer.ofName(setting.container()))
            .addFunctionDeclarations(setting.functions())
            .addFunctionDeclarations(beyondDevCel());
    if (setting.macros()) {
      builder
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addLibraries(
              CelExtensions.bindings(),
              CelExtensions.comprehensions(),
              CelExtensions.optional(),
              CelExtensions.math(),
              CelExtensions.lists());
    }
    builder.addLibraries(
        CelExtensions.strings(), CelExtensions.encoders(options), CelExtensions.sets(options));
    setting.variables().forEach(builder::addVar);
    if (!setting.result().equals(SimpleType.DYN)) {
      builder.setResultType(setting.result());
    }
    this.compiler = builder.build();
  }

  /** The semantics that every user of the language here must share. */
  public static CelOptions options(Setting setting) {
    return CelOptions.current()
        .maxExpressionCodePointSize(setting.lengthMax())
        .maxParseExpressionNodeCount(setting.lengthMax() / CODE_POINTS_PER_NODE)
        .maxParseRecursionDepth(setting.nestingMax())
        .enableHeterogeneousNumericComparisons(true)
        .enableRegexPartialMatch(true)
        .enableQuotedIdentifierSyntax(true)
        .enableOptionalSyntax(true)
        .enableHiddenAccumulatorVar(true)
        .errorOnIntWrap(true)
        .errorOnDuplicateMapKeys(true)
        .build();
  }

  private static List<CelFunctionDecl> beyondDevCel() {
    final TypeParamType any = TypeParamType.create("T");
    return List.of(
        CelFunctionDecl.newFunctionDeclaration(
            "format",
            CelOverloadDecl.newMemberOverload(
                "string_format",
                SimpleType.STRING,
                SimpleType.STRING,
                ListType.create(SimpleType.DYN))),
        CelFunctionDecl.newFunctionDeclaration(
            "unwrapOpt",
            CelOverloadDecl.newMemberOverload(
                "list_unwrap_opt",
                ListType.create(any),
                ListType.create(OptionalType.create(any)))));
  }

  String container() {
    return setting.container();
  }

  /**
   * The tree of a text that differs from one read before in its literals only, without parsing.
   * Positions are those of that other text.
   *
   * @return null if there was none
   */
  Tree known(String text) {
    if (text.length() > setting.lengthMax()) {
      return null;
    }
    final LiteralScan scan = LiteralScan.of(text).orElse(null);
    if (scan == null) {
      return null;
    }
    final Template template;
    synchronized (templates) {
      template = templates.get(scan.key());
    }
    if (template == null) {
      return null;
    }
    final Map<Long, CelConstant> literals = new HashMap<>();
    for (int i = 0; i < scan.literals().size(); i++) {
      for (final Long node : template.nodes().get(i)) {
        literals.put(node, scan.literals().get(i).value());
      }
    }
    final Tree tree = template.tree();
    return new Tree(tree.root(), tree.types(), tree.references(), tree.positions(), literals);
  }

  Tree read(String text) throws RefusedException {
    final CelAbstractSyntaxTree parsed = parse(text);
    final Map<Long, Integer> positions = parsed.getSource().getPositionsMap();
    final TreeKey treeKey = new TreeKey();
    final String key = treeKey.of(parsed.getExpr());
    final Tree tree;
    if (setting.check()) {
      final Check check = check(key, parsed);
      tree = new Tree(parsed.getExpr(), check.types(), check.references(), positions, Map.of());
    } else {
      tree = new Tree(parsed.getExpr(), null, Map.of(), positions, Map.of());
    }
    LiteralScan.of(text).ifPresent(scan -> keep(scan, tree, treeKey.constants()));
    return tree;
  }

  private Check check(String key, CelAbstractSyntaxTree parsed) throws RefusedException {
    Check check;
    synchronized (checks) {
      check = checks.get(key);
    }
    if (check == null) {
      final CelAbstractSyntaxTree checked = tree(compiler.check(parsed));
      check = new Check(checked.getTypeMap(), checked.getReferenceMap());
      synchronized (checks) {
        checks.put(key, check);
      }
    }
    return check;
  }

  /** Keeps a tree for texts with other literals, if the parser saw the literals that a scan saw. */
  private void keep(LiteralScan scan, Tree tree, Map<Long, CelConstant> constants) {
    final List<List<Long>> nodes = new ArrayList<>();
    for (final LiteralScan.Literal literal : scan.literals()) {
      final List<Long> same = new ArrayList<>();
      constants.forEach(
          (node, value) -> {
            if (value.equals(literal.value())
                && Integer.valueOf(literal.offset()).equals(tree.positions().get(node))) {
              same.add(node);
            }
          });
      if (same.isEmpty()) {
        return;
      }
      nodes.add(List.copyOf(same));
    }
    synchronized (templates) {
      templates.put(scan.key(), new Template(tree, List.copyOf(nodes)));
    }
  }

  /**
   * Parses and type-checks, without cutting down to the profile.
   *
   * @throws RefusedException if it is no CEL or types do not fit
   */
  public CelAbstractSyntaxTree check(String text) throws RefusedException {
    return tree(compiler.check(parse(text)));
  }

  private CelAbstractSyntaxTree parse(String text) throws RefusedException {
    return tree(compiler.parse(text));
  }

  private CelAbstractSyntaxTree tree(CelValidationResult result) throws RefusedException {
    if (result.hasError()) {
      final CelIssue issue = result.getErrors().getFirst();
      throw new RefusedException(
          issue.getMessage().lines().findFirst().orElse("this is not CEL")
              + " (column "
              + (issue.getSourceLocation().getColumn() + 1)
              + ")",
          way(),
          result.getErrors().stream()
              .allMatch(e -> e.getMessage().startsWith("found no matching overload")));
    }
    try {
      return result.getAst();
    } catch (CelValidationException e) {
      throw new RefusedException(e.getMessage(), way());
    }
  }

  private String way() {
    return "write a CEL expression"
        + (setting.result().equals(SimpleType.DYN) ? "" : " of type " + setting.result().name())
        + (setting.variables().isEmpty()
            ? ""
            : " over "
                + String.join(", ", setting.variables().keySet().stream().sorted().toList()));
  }
}
