package io.sealgate.policy;

import io.sealgate.policy.DocumentBody.Binding;
import io.sealgate.policy.DocumentBody.Node;
import io.sealgate.policy.DocumentBody.OrgTree;
import io.sealgate.policy.DocumentBody.Policy;
import io.sealgate.policy.DocumentBody.Risk;
import io.sealgate.policy.DocumentBody.UseCase;
import io.sealgate.policy.RuleSpec.Action;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Puts the rules of documents at their nodes of the organisation, once for each mode. */
final class Placement {
  private static final Comparator<Placed> ORDER =
      Comparator.comparing((Placed p) -> p.phase())
          .thenComparingInt(p -> p.place().level())
          .thenComparingInt(p -> -p.spec().priority())
          .thenComparing(p -> p.document().name())
          .thenComparing(p -> p.spec().id())
          .thenComparing(p -> p.place().mode());

  /**
   * A rule at its node.
   *
   * @param name by which other documents refer to the rule
   */
  record Placed(PolicyDocument document, RuleSpec spec, Place place, Phase phase, String name) {
    Placed(PolicyDocument document, RuleSpec spec, Place place) {
      this(document, spec, place, phaseOf(spec, place), document.name() + "/" + spec.id());
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
  private final Collection<PolicyDocument> documents;
  private final TeamTree tree;
  private final List<CaptureLevels.Stated> captures = new ArrayList<>();

  Placement(String org, Collection<PolicyDocument> documents) throws PolicyException {
    this.org = org;
    this.documents = documents;
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
    return new TeamTree(
        found != null && found.body() instanceof OrgTree(var parentOf) ? parentOf : Map.of());
  }

  TeamTree tree() {
    return tree;
  }

  /** After {@link #rules}: how much of a call is kept. */
  CaptureLevels captures() {
    return new CaptureLevels(captures);
  }

  /** All rules in the order that decides ties. */
  List<Placed> rules() throws PolicyException {
    final List<Placed> placed = new ArrayList<>();
    for (final PolicyDocument doc : documents) {
      switch (doc.body()) {
        case Policy policy -> place(doc, policy, placed);
        case UseCase useCase when useCase.risk() == Risk.PROHIBITED -> prohibit(doc, placed);
        default -> {}
      }
      if (placed.size() > PolicyCompiler.RULES_MAX) {
        throw new PolicyException(
            doc.fileName(),
            0,
            "with this policy the organisation has more than "
                + PolicyCompiler.RULES_MAX
                + " rules",
            "merge or remove rules");
      }
    }
    placed.sort(ORDER);
    return placed;
  }

  private void place(PolicyDocument doc, Policy policy, List<Placed> placed) {
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
        placed.add(new Placed(doc, spec, place));
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
        new Placed(
            doc,
            denial(
                doc.name(),
                RuleKind.MODEL_ACCESS,
                new RuleSpec.ModelAccess(
                    Action.DENY, SandboxProfile.NONE, List.of("*"), List.of(), -1)),
            place));
    placed.add(
        new Placed(
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
