package io.sealgate.policy;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a document says besides its name: one of the kinds of documents. */
sealed interface DocumentBody {

  /**
   * A policy: rules, the node of the organisation that they are for, its bindings, and how much of
   * the calls there is kept.
   */
  record Policy(Node node, List<Binding> bindings, Optional<Capture> capture, List<RuleSpec> rules)
      implements DocumentBody {}

  /** A place in the organisation; what is empty is not narrowed. */
  record Node(
      Optional<String> team,
      Optional<String> user,
      Optional<String> agent,
      Optional<String> useCase) {}

  /** Puts a policy in force in an environment, {@code *} for all. */
  record Binding(String environment, Mode mode) {}

  /** What the organisation does with models, and what must be in force for it. */
  record UseCase(String owner, Risk risk, Set<String> requiredControls, int controlsLine)
      implements DocumentBody {}

  /** The risk classes of the EU AI Act. */
  enum Risk {
    MINIMAL,
    LIMITED,
    HIGH,
    PROHIBITED
  }

  /** An exception from one rule, and what its approver signs. */
  record Excuse(String rule, int line, Exemption exemption, ExemptionClaim claim)
      implements DocumentBody {}

  /** Which team belongs to which; a team without a parent belongs to the organisation. */
  record OrgTree(TeamTree tree) implements DocumentBody {}
}
