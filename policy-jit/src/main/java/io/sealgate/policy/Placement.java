package io.sealgate.policy;

import io.sealgate.policy.DocumentBody.Binding;
import io.sealgate.policy.DocumentBody.Node;
import io.sealgate.policy.DocumentBody.OrgTree;
import io.sealgate.policy.DocumentBody.Policy;
import io.sealgate.policy.DocumentBody.Risk;
import io.sealgate.policy.DocumentBody.UseCase;
import io.sealgate.policy.RuleSpec.Action;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Puts the rules of documents at their nodes of the organisation, once for each mode. */
final class Placement {
  /** In a document; documents come by their names. */
  private static final Comparator<Placed> ORDER =
      Comparator.comparing((Placed p) -> p.rank)
          .thenComparing(p -> p.spec().id())
          .thenComparing(p -> p.place().mode());

  /** Of a rule's index, below {@link PolicyCompiler#RULES_MAX}, and of its document's number. */
  private static final int INDEX_BITS = 17;

  /** Of a line: more than a document has. */
  private static final int LINE_BITS = 29;

  /** What decides ties first. */
  private record Rank(Phase phase, int level, int priority) implements Comparable<Rank> {
    private static final Comparator<Rank> ORDER =
        Comparator.comparing(Rank::phase)
            .thenComparingInt(Rank::level)
            .thenComparingInt(rank -> -rank.priority());

    @Override
    public int compareTo(Rank other) {
      return ORDER.compare(this, other);
    }
  }

  /** Rules of one document, of one rank, in the order that decides ties. */
  private static final class Run {
    private final Rank rank;
    private final List<Placed> rules;
    private final String scopes;

    Run(Rank rank, List<Placed> rules) {
      this.rank = rank;
      this.rules = List.copyOf(rules);
      final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (DataOutputStream out = new DataOutputStream(bytes)) {
        for (final Placed rule : rules) {
          rule.scope().write(out);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("scopes cannot be written to memory", e);
      }
      this.scopes = Digests.sha256Hex(bytes.toByteArray());
    }
  }

  /**
   * The rules of one document at their nodes. Its document keeps it: a publish places only what
   * changed.
   */
  static final class Block {
    private final String org;
    private final TeamTree tree;
    private final List<Run> runs;
    private final List<PolicyPattern> patterns;
    private final List<CaptureLevels.Stated> captures;
    private final int count;

    private Block(
        String org, TeamTree tree, List<Placed> sorted, List<CaptureLevels.Stated> captures) {
      this.org = org;
      this.tree = tree;
      this.count = sorted.size();
      this.captures = List.copyOf(captures);
      final List<Run> found = new ArrayList<>();
      for (int from = 0, to = 0; from < count; from = to) {
        final Rank rank = sorted.get(from).rank;
        while (to < count && sorted.get(to).rank.equals(rank)) {
          to++;
        }
        found.add(new Run(rank, sorted.subList(from, to)));
      }
      this.runs = List.copyOf(found);
      this.patterns = patternsOf(sorted);
    }

    private static List<PolicyPattern> patternsOf(List<Placed> rules) {
      final Set<PolicyPattern> patterns = new LinkedHashSet<>();
      for (final Placed rule : rules) {
        if (rule.spec().effect() instanceof RuleSpec.Content content) {
          patterns.addAll(content.patterns());
          content.topics().forEach(topic -> patterns.addAll(topic.words()));
        }
      }
      return List.copyOf(patterns);
    }

    private boolean fits(String otherOrg, TeamTree otherTree) {
      return tree == otherTree && org.equals(otherOrg);
    }
  }

  /** A rule at its node. */
  static final class Placed {
    private final PolicyDocument document;
    private final RuleSpec spec;
    private final Place place;
    private final Rank rank;
    private final RuleRef ref;
    private final Audience audience;
    private final ScopeNames scope;

    /**
     * What it does, for all snapshots alike; null until one was made. Publishes that meet may each
     * make it: what they make is equal and immutable.
     */
    private RuleEffect effect;

    private Placed(
        PolicyDocument document, RuleSpec spec, Place place, Audience audience, ScopeNames scope) {
      this.document = document;
      this.spec = spec;
      this.place = place;
      this.rank = new Rank(phaseOf(spec, place), place.level(), spec.priority());
      this.audience = audience;
      this.scope = scope;
      this.ref =
          new RuleRef(
              document.name(),
              spec.id(),
              spec.type(),
              place.enforced(),
              rank.phase(),
              place.path(),
              spec.control().orElse(""));
    }

    PolicyDocument document() {
      return document;
    }

    RuleSpec spec() {
      return spec;
    }

    Place place() {
      return place;
    }

    Phase phase() {
      return rank.phase();
    }

    /** By which other documents refer to the rule. */
    String name() {
      return ref.toString();
    }

    RuleRef ref() {
      return ref;
    }

    Audience audience() {
      return audience;
    }

    /** Whom and what it is about, for the index. */
    ScopeNames scope() {
      return scope;
    }

    /** What {@link #keep} was given; null if nothing was. */
    RuleEffect kept() {
      return effect;
    }

    /** Keeps what the rule compiles to for the publishes to come. */
    void keep(RuleEffect made) {
      effect = made;
    }

    private static Phase phaseOf(RuleSpec spec, Place place) {
      return switch (spec.effect()) {
        case RuleSpec.ModelAccess access -> accessPhase(access.action(), place);
        case RuleSpec.ToolAccess access -> accessPhase(access.action(), place);
        case RuleSpec.Quota _, RuleSpec.Budget _ -> Phase.LIMIT;
        case RuleSpec.Content _ -> Phase.CONTENT;
        case RuleSpec.Failover _ -> Phase.ROUTING;
        case RuleSpec.Consent _ -> Phase.APPROVAL;
      };
    }

    private static Phase accessPhase(Action action, Place place) {
      return switch (action) {
        case ALLOW -> Phase.ACCESS;
        case DENY -> place.level() == 0 ? Phase.GUARD : Phase.ACCESS;
        case SANDBOX -> Phase.ROUTING;
      };
    }

    PolicyException refuse(String problem, String fix) {
      return new PolicyException(document.fileName(), spec.line(), problem, fix);
    }
  }

  private final String org;
  private final List<PolicyDocument> documents;
  private final TeamTree tree;
  private String scopes;

  /** Many rules are about the same. */
  private final Map<RuleSpec.Scope, Audience> audiences = new HashMap<>();

  Placement(String org, Collection<PolicyDocument> documents) throws PolicyException {
    this.org = org;
    this.documents = documents.stream().sorted(Comparator.comparing(PolicyDocument::name)).toList();
    this.tree = tree(documents);
  }

  private static TeamTree tree(Collection<PolicyDocument> documents) throws PolicyException {
    PolicyDocument found = null;
    for (final PolicyDocument doc : documents) {
      if (doc.body() instanceof OrgTree) {
        if (found != null) {
          throw new PolicyException(
              doc.fileName(),
              0,
              "the organisation has a tree of teams already, '" + found.name() + "'",
              "put all teams into one document");
        }
        found = doc;
      }
    }
    return found != null && found.body() instanceof OrgTree(var teams) ? teams : TeamTree.NONE;
  }

  TeamTree tree() {
    return tree;
  }

  /** How much of a call is kept. */
  CaptureLevels captures() {
    final List<CaptureLevels.Stated> captures = new ArrayList<>();
    documents.forEach(doc -> captures.addAll(block(doc).captures));
    return new CaptureLevels(captures);
  }

  /** All rules in the order that decides ties. */
  List<Placed> rules() throws PolicyException {
    final TreeMap<Rank, List<Run>> byRank = new TreeMap<>();
    int count = 0;
    for (final PolicyDocument doc : documents) {
      final Block block = block(doc);
      count += block.count;
      if (count > PolicyCompiler.RULES_MAX) {
        throw new PolicyException(
            doc.fileName(),
            0,
            "with this policy the organisation has more than "
                + PolicyCompiler.RULES_MAX
                + " rules",
            "merge or remove rules");
      }
      for (final Run run : block.runs) {
        byRank.computeIfAbsent(run.rank, _ -> new ArrayList<>()).add(run);
      }
    }
    final List<Placed> placed = new ArrayList<>(count);
    final StringBuilder digests = new StringBuilder();
    for (final List<Run> runs : byRank.values()) {
      for (final Run run : runs) {
        placed.addAll(run.rules);
        digests.append(run.scopes);
      }
    }
    scopes = Digests.sha256Hex(digests.toString());
    return placed;
  }

  /**
   * The indexes of rules in the order in which documents state them: what stands together is mostly
   * about the same, and met by the same calls.
   */
  static int[] asWritten(List<Placed> rules) {
    final Map<PolicyDocument, Integer> numbers = new IdentityHashMap<>();
    final long[] order = new long[rules.size()];
    for (int i = 0; i < order.length; i++) {
      final Placed rule = rules.get(i);
      final int number = numbers.computeIfAbsent(rule.document, _ -> numbers.size());
      order[i] = ((long) number << LINE_BITS | rule.spec.line()) << INDEX_BITS | i;
    }
    Arrays.sort(order);
    return Arrays.stream(order).mapToInt(key -> (int) key & (1 << INDEX_BITS) - 1).toArray();
  }

  /** After {@link #rules}: a digest of their scopes in their order. */
  String scopes() {
    return scopes;
  }

  private Block block(PolicyDocument doc) {
    Block block = doc.block();
    if (block == null || !block.fits(org, tree)) {
      final List<Placed> placed = new ArrayList<>();
      final List<CaptureLevels.Stated> captures = new ArrayList<>();
      switch (doc.body()) {
        case Policy policy -> place(doc, policy, placed, captures);
        case UseCase useCase when useCase.risk() == Risk.PROHIBITED -> prohibit(doc, placed);
        default -> {}
      }
      placed.sort(ORDER);
      block = new Block(org, tree, placed, captures);
      doc.block(block);
    }
    return block;
  }

  private Placed placed(PolicyDocument doc, RuleSpec spec, Place place) {
    return new Placed(
        doc,
        spec,
        place,
        audiences.computeIfAbsent(spec.scope(), scope -> Audience.of(scope, tree)),
        ScopeNames.of(spec, place, tree));
  }

  /** The patterns that rules look for; some may come twice. */
  List<PolicyPattern> patterns() {
    final List<PolicyPattern> patterns = new ArrayList<>();
    documents.forEach(doc -> patterns.addAll(block(doc).patterns));
    return patterns;
  }

  private void place(
      PolicyDocument doc, Policy policy, List<Placed> placed, List<CaptureLevels.Stated> captures) {
    for (final Mode mode : Mode.values()) {
      final Set<String> bound = new HashSet<>();
      final Set<String> boundOtherwise = new HashSet<>();
      for (final Binding binding : policy.bindings()) {
        (binding.mode() == mode ? bound : boundOtherwise).add(binding.environment());
      }
      if (bound.isEmpty()) {
        continue;
      }
      // An environment that is named beats the one that stands for all others.
      final boolean everywhere = bound.contains("*");
      boundOtherwise.remove("*");
      final Place place =
          Place.of(
              org,
              policy.node(),
              tree,
              everywhere ? Set.of() : Set.copyOf(bound),
              everywhere ? Set.copyOf(boundOtherwise) : Set.of(),
              mode);
      for (final RuleSpec spec : policy.rules()) {
        placed.add(placed(doc, spec, place));
      }
      if (mode == Mode.ENFORCE && policy.capture().isPresent()) {
        captures.add(new CaptureLevels.Stated(place, policy.capture().get()));
      }
    }
  }

  /** A use case of a prohibited class is denied whatever else is written. */
  private void prohibit(PolicyDocument doc, List<Placed> placed) {
    final Place place =
        Place.of(
            org,
            new Node(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
            tree,
            Set.of(),
            Set.of(),
            Mode.ENFORCE);
    placed.add(
        placed(
            doc,
            denial(
                doc.name(),
                RuleKind.MODEL_ACCESS,
                new RuleSpec.ModelAccess(
                    Action.DENY, SandboxProfile.NONE, List.of("*"), List.of(), -1)),
            place));
    placed.add(
        placed(
            doc,
            denial(
                doc.name(),
                RuleKind.TOOL_ACCESS,
                new RuleSpec.ToolAccess(
                    Action.DENY,
                    SandboxProfile.NONE,
                    List.of(),
                    List.of("*"),
                    -1,
                    Optional.empty())),
            place));
  }

  private static RuleSpec denial(String useCase, RuleKind kind, RuleSpec.Effect effect) {
    return new RuleSpec(
        kind.text(),
        "prohibited-" + kind.text(),
        0,
        0,
        new RuleSpec.Scope(Set.of(), Set.of(), Set.of(useCase), Set.of(), Set.of(), Set.of()),
        Optional.empty(),
        effect,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** What an author should know though nothing is refused for it. */
  List<String> notices() {
    final Set<String> declared = new HashSet<>();
    final Set<String> notices = new TreeSet<>();
    for (final PolicyDocument doc : documents) {
      if (doc.body() instanceof UseCase) {
        declared.add(doc.name());
      }
    }
    for (final PolicyDocument doc : documents) {
      if (doc.body() instanceof Policy policy
          && policy.node().useCase().isPresent()
          && !declared.contains(policy.node().useCase().get())) {
        notices.add(
            doc.fileName()
                + ": the use case '"
                + policy.node().useCase().get()
                + "' has no document; publish one of kind use_case");
      }
    }
    return List.copyOf(notices);
  }
}
