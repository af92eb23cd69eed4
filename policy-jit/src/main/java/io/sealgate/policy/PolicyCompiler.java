package io.sealgate.policy;

import io.sealgate.policy.Placement.Placed;
import io.sealgate.policy.cel.RefusedException;
import io.sealgate.policy.cel.Shape;
import io.sealgate.policy.index.ScopeIndex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compiles the documents of one organisation into a snapshot. Any thread. */
public final class PolicyCompiler {
  /** Bound of the rules of one snapshot. */
  public static final int RULES_MAX = 100_000;

  /** Bound of the different condition shapes of one snapshot, each of which is a loaded class. */
  public static final int SHAPES_MAX = 1_000;

  private static final IndexCache INDEXES = new IndexCache();

  private final String org;
  private final FindingTypeNames types;
  private final ConditionMaker conditions;

  /** Whether conditions of buckets are compiled together besides. */
  private final boolean fuses;

  private final Set<String> shapeKeys = new HashSet<>();
  private final Map<PolicyPattern, Integer> patternIndex = new HashMap<>();

  /**
   * Makes what evaluates a condition as it was read: by its own literals or by those of a {@link
   * RuleTable}, so that one may serve all conditions of a shape.
   */
  @FunctionalInterface
  interface ConditionMaker {
    Condition make(Shape shape) throws RefusedException;
  }

  private PolicyCompiler(
      String org, FindingTypeNames types, ConditionMaker conditions, boolean fuses) {
    if (types.count() > Facts.FINDING_TYPES_MAX) {
      throw new IllegalArgumentException(
          "more than " + Facts.FINDING_TYPES_MAX + " finding types; raise Facts.FINDING_TYPES_MAX");
    }
    this.org = org;
    this.types = types;
    this.conditions = conditions;
    this.fuses = fuses;
  }

  /**
   * Compiles. The order of documents, and of rules inside them, changes nothing.
   *
   * @param docs parsed with the same types; none at all gives a snapshot that denies everything
   * @throws PolicyException if the documents do not go together or exceed a bound
   */
  public static Snapshot compile(String org, List<PolicyDocument> docs, FindingTypeNames types)
      throws PolicyException {
    return compile(org, docs, types, (ScopeIndex.Kind) null);
  }

  /**
   * As {@link #compile(String, List, FindingTypeNames)}, to compare and to measure.
   *
   * @param kind the index, whatever the size; null for the one that suits it
   */
  public static Snapshot compile(
      String org, List<PolicyDocument> docs, FindingTypeNames types, ScopeIndex.Kind kind)
      throws PolicyException {
    final Map<String, Condition> kernels = new HashMap<>();
    final ConditionMaker compiled =
        shape -> {
          final Condition known = kernels.get(shape.key());
          final Condition kernel = known == null ? FactsSchema.SHAPES.instance(shape) : known;
          kernels.put(shape.key(), kernel);
          return kernel;
        };
    return new PolicyCompiler(org, types, compiled, true).snapshot(docs, kind);
  }

  /** The same with conditions made otherwise, each evaluated by itself. */
  static Snapshot compile(
      String org, List<PolicyDocument> docs, FindingTypeNames types, ConditionMaker conditions)
      throws PolicyException {
    return new PolicyCompiler(org, types, conditions, false).snapshot(docs, null);
  }

  /** How many condition classes are loaded, over all organisations. */
  static int loadedShapes() {
    return FactsSchema.SHAPES.size();
  }

  private Snapshot snapshot(List<PolicyDocument> docs, ScopeIndex.Kind kind)
      throws PolicyException {
    final Map<String, PolicyDocument> byName = byName(docs);
    final Placement placement = new Placement(org, byName.values());
    final List<Placed> placed = placement.rules();
    final CrossChecks checks = new CrossChecks(placed, placement.tree());
    checks.routes();
    checks.controls(byName.values());
    final Map<String, List<Exemption>> exemptions = checks.exemptions(byName.values());
    final Map<String, List<Placed>> overrides = checks.overrides();
    final List<PolicyPattern> patterns = patterns(placement, docs);
    final RuleBuilder builder = new RuleBuilder(org, types.count(), patternIndex, exemptions);
    final List<CompiledRule> rules = new ArrayList<>(placed.size());
    for (final Placed rule : placed) {
      rules.add(builder.add(rule));
    }
    builder.link(placed, rules, overrides);
    final RuleTable.Builder table =
        new RuleTable.Builder(
            placed.size(),
            fuses ? FusedBuckets.of(placed, types) : new FusedBuckets(placed.size()));
    for (final int i : Placement.asWritten(placed)) {
      final Placed rule = placed.get(i);
      table.add(rules.get(i), rule.spec().condition().orElse(null), kernel(rule));
    }
    return new Snapshot(
        id(byName),
        List.copyOf(byName.keySet()),
        patterns,
        typeNames(),
        table.build(),
        index(placed, placement, patterns, kind, docs),
        narrowing(placed, rules, RuleKind.MODEL_ACCESS),
        narrowing(placed, rules, RuleKind.TOOL_ACCESS),
        placement.captures(),
        placement.notices());
  }

  private RuleIndex index(
      List<Placed> placed,
      Placement placement,
      List<PolicyPattern> patterns,
      ScopeIndex.Kind kind,
      List<PolicyDocument> docs)
      throws PolicyException {
    try {
      return INDEXES.index(
          org,
          new IndexCache.Key(kind, placement.tree(), types.count(), patterns, placement.scopes()),
          () -> RuleIndex.of(placed, placement.tree(), types.count(), patternIndex, kind));
    } catch (IllegalArgumentException e) {
      // Its message says what is too many, and what to do after a semicolon.
      final String[] parts = e.getMessage().split("; ", 2);
      throw new PolicyException(
          docs.getFirst().fileName(),
          0,
          "the organisation's rules cannot be indexed: " + parts[0],
          parts.length > 1 ? parts[1] : "use fewer names and patterns");
    }
  }

  private static Narrowing narrowing(List<Placed> placed, List<CompiledRule> rules, RuleKind kind) {
    // Rules of one document share their place: most are told apart without comparing sets.
    final Set<Place> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    final Set<Place> places = new HashSet<>();
    Place last = null;
    for (int i = 0; i < rules.size(); i++) {
      final CompiledRule rule = rules.get(i);
      if (rule.effect instanceof RuleEffect.Access access
          && rule.place != last
          && access.action() == RuleSpec.Action.ALLOW
          && rule.place.level() > 0
          && (placed.get(i).spec().effect() instanceof RuleSpec.ToolAccess)
              == (kind == RuleKind.TOOL_ACCESS)
          && seen.add(rule.place)) {
        last = rule.place;
        places.add(rule.place);
      }
    }
    return new Narrowing(places);
  }

  private List<String> typeNames() {
    final List<String> names = new ArrayList<>(types.count());
    for (int id = 0; id < types.count(); id++) {
      names.add(types.name(id));
    }
    return List.copyOf(names);
  }

  private Map<String, PolicyDocument> byName(List<PolicyDocument> docs) throws PolicyException {
    final Map<String, PolicyDocument> byName = new TreeMap<>();
    for (final PolicyDocument doc : docs) {
      if (doc.org().isPresent() && !doc.org().get().equals(org)) {
        throw new PolicyException(
            doc.fileName(),
            0,
            "the policy is for org '" + doc.org().get() + "', not '" + org + "'",
            "publish it there or change its org");
      }
      final PolicyDocument before = byName.putIfAbsent(doc.name(), doc);
      if (before != null) {
        throw new PolicyException(
            doc.fileName(),
            0,
            "the policy '" + doc.name() + "' is also in " + before.fileName(),
            "give one of them another policy_name");
      }
    }
    return byName;
  }

  private List<PolicyPattern> patterns(Placement placement, List<PolicyDocument> docs)
      throws PolicyException {
    final Set<PolicyPattern> patterns =
        new TreeSet<>(
            Comparator.comparing(PolicyPattern::expression)
                .thenComparing(PolicyPattern::regex)
                .thenComparing(PolicyPattern::name));
    patterns.addAll(placement.patterns());
    if (patterns.size() > Facts.TENANT_PATTERNS_MAX) {
      throw new PolicyException(
          docs.getFirst().fileName(),
          0,
          "the organisation has more than " + Facts.TENANT_PATTERNS_MAX + " patterns",
          "merge or remove patterns");
    }
    for (final PolicyPattern pattern : patterns) {
      patternIndex.put(pattern, patternIndex.size());
    }
    return List.copyOf(patterns);
  }

  /** What evaluates the rule's condition; null if it has none. */
  private Condition kernel(Placed placed) throws PolicyException {
    if (placed.spec().condition().isEmpty()) {
      return null;
    }
    final Shape shape = placed.spec().condition().get();
    if (shapeKeys.add(shape.key()) && shapeKeys.size() > SHAPES_MAX) {
      throw placed.refuse(
          "the organisation's conditions have more than " + SHAPES_MAX + " different shapes",
          "write conditions that differ only in their literals");
    }
    try {
      return conditions.make(shape);
    } catch (RefusedException e) {
      throw placed.refuse("condition: " + e.problem(), e.fix());
    }
  }

  /** Documents name finding types, rules keep ids: so the table belongs to the content too. */
  private String id(Map<String, PolicyDocument> byName) {
    final StringBuilder content = new StringBuilder("sealgate policy engine ");
    content.append(Snapshot.ENGINE_VERSION).append('\n').append(org).append('\n');
    byName.values().stream()
        .map(PolicyDocument::digest)
        .sorted()
        .forEach(digest -> content.append(digest).append('\n'));
    for (int id = 0; id < types.count(); id++) {
      content.append(types.name(id)).append('\n');
    }
    return "sha256:" + Digests.sha256Hex(content.toString());
  }
}
