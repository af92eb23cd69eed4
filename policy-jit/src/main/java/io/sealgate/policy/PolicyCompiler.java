package io.sealgate.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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

  private static final ShapeCache SHAPES = new ShapeCache();

  /** A rule with the document it came from. */
  private record Placed(PolicyDocument document, RuleSpec spec) {}

  private final String org;
  private final FindingTypeNames types;
  private final Set<String> shapeKeys = new HashSet<>();
  private final Map<PolicyPattern, Integer> patternIndex = new HashMap<>();

  private PolicyCompiler(String org, FindingTypeNames types) {
    if (types.count() > Facts.FINDING_TYPES_MAX) {
      throw new IllegalArgumentException(
          "more than " + Facts.FINDING_TYPES_MAX + " finding types; raise Facts.FINDING_TYPES_MAX");
    }
    this.org = org;
    this.types = types;
  }

  /**
   * Compiles. The order of documents, and of rules inside them, changes nothing.
   *
   * @param docs parsed with the same types; none at all gives a snapshot that denies everything
   * @throws PolicyException if the documents do not go together or exceed a bound
   */
  public static Snapshot compile(String org, List<PolicyDocument> docs, FindingTypeNames types)
      throws PolicyException {
    return new PolicyCompiler(org, types).snapshot(docs);
  }

  /** How many condition classes are loaded, over all organisations. */
  static int loadedShapes() {
    return SHAPES.size();
  }

  private Snapshot snapshot(List<PolicyDocument> docs) throws PolicyException {
    final Map<String, PolicyDocument> byName = byName(docs);
    final List<Placed> placed = place(byName);
    final List<PolicyPattern> patterns = patterns(placed, docs);
    final RuleIndex.Builder index = new RuleIndex.Builder(types.count(), patterns.size());
    final RuleRef[] refs = new RuleRef[placed.size()];
    for (int i = 0; i < refs.length; i++) {
      refs[i] = add(placed.get(i), i, index);
    }
    return new Snapshot(
        id(byName), List.copyOf(byName.keySet()), patterns, types.count(), refs, index.build());
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

  private static List<Placed> place(Map<String, PolicyDocument> byName) throws PolicyException {
    final List<Placed> placed = new ArrayList<>();
    for (final PolicyDocument doc : byName.values()) {
      if (placed.size() + doc.ruleCount() > RULES_MAX) {
        throw new PolicyException(
            doc.fileName(),
            0,
            "with this policy the organisation has more than " + RULES_MAX + " rules",
            "merge or remove rules");
      }
      for (final RuleSpec spec : doc.rules()) {
        placed.add(new Placed(doc, spec));
      }
    }
    placed.sort(
        Comparator.comparingInt((Placed p) -> -p.spec().priority())
            .thenComparing(p -> p.document().name())
            .thenComparing(p -> p.spec().id()));
    return placed;
  }

  private List<PolicyPattern> patterns(List<Placed> placed, List<PolicyDocument> docs)
      throws PolicyException {
    final Set<PolicyPattern> patterns =
        new TreeSet<>(
            Comparator.comparing(PolicyPattern::expression)
                .thenComparing(PolicyPattern::regex)
                .thenComparing(PolicyPattern::name));
    for (final Placed p : placed) {
      if (p.spec().effect() instanceof RuleSpec.Content content) {
        patterns.addAll(content.patterns());
      }
    }
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

  private RuleRef add(Placed placed, int ruleIndex, RuleIndex.Builder index)
      throws PolicyException {
    final RuleSpec spec = placed.spec();
    final PolicyDocument doc = placed.document();
    final RuleRef ref = new RuleRef(doc.name(), spec.id(), spec.type(), doc.enforced());
    final CompiledRule.Common common =
        new CompiledRule.Common(ruleIndex, ref, doc.environment(), spec.scope(), condition(placed));
    final String key = org + "/" + doc.name() + "/" + spec.id();
    switch (spec.effect()) {
      case RuleSpec.ModelAccess access -> {
        final CostLimit cap =
            access.microDollarsPerDay() < 0
                ? null
                : new CostLimit(key, access.microDollarsPerDay(), doc.enforced());
        index.add(
            new CompiledRule.Access(common, access.providers().toArray(String[]::new), cap),
            access.models());
      }
      case RuleSpec.Content content ->
          index.add(
              new CompiledRule.Content(
                  common,
                  content.block(),
                  content.reason(),
                  typeBits(content.types()),
                  patternBits(content.patterns())));
      case RuleSpec.Quota quota ->
          index.add(new CompiledRule.Rate(common, limit(key, quota, doc.enforced())));
    }
    return ref;
  }

  private Condition condition(Placed placed) throws PolicyException {
    if (placed.spec().condition().isEmpty()) {
      return null;
    }
    final Shape shape = Shape.of(placed.spec().condition().get());
    if (shapeKeys.add(shape.key()) && shapeKeys.size() > SHAPES_MAX) {
      throw new PolicyException(
          placed.document().fileName(),
          placed.spec().line(),
          "the organisation's conditions have more than " + SHAPES_MAX + " different shapes",
          "write conditions that differ only in their literals");
    }
    return SHAPES.condition(shape);
  }

  private static RateLimit limit(String key, RuleSpec.Quota quota, boolean enforced) {
    return new RateLimit(
        key
            + "/"
            + quota.requests()
            + "/"
            + quota.windowMillis()
            + "/"
            + quota.burst()
            + "/"
            + quota.per(),
        quota.requests(),
        quota.windowMillis(),
        quota.burst(),
        quota.per(),
        enforced);
  }

  private long[] typeBits(int[] ids) {
    final long[] bits = new long[Bits.words(types.count())];
    for (final int id : ids) {
      Bits.set(bits, id);
    }
    return bits;
  }

  private long[] patternBits(List<PolicyPattern> patterns) {
    final long[] bits = new long[Bits.words(patternIndex.size())];
    for (final PolicyPattern pattern : patterns) {
      Bits.set(bits, patternIndex.get(pattern));
    }
    return bits;
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
