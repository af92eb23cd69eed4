package io.sealgate.policy;

import io.sealgate.policy.cel.Shape;
import io.sealgate.policy.limit.BudgetLimit;
import io.sealgate.policy.limit.Per;
import io.sealgate.policy.limit.RateLimit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One rule as its document states it, checked but not yet compiled.
 *
 * @param control the control of a compliance profile or of the organisation's own that it serves
 * @param overrides the {@code policy/rule} of a wider scope whose limit it replaces
 * @param band within which rules of narrower scopes may replace this rule's limit
 */
record RuleSpec(
    String type,
    String id,
    int line,
    int priority,
    Scope scope,
    Optional<Shape> condition,
    Effect effect,
    Optional<String> control,
    Optional<String> overrides,
    Optional<Band> band) {

  /** The same rule under another id, about those whom the whole is about. */
  RuleSpec asPartOf(RuleSpec whole, String partId) {
    return new RuleSpec(
        type,
        partId,
        whole.line,
        whole.priority,
        whole.scope,
        condition,
        effect,
        control,
        Optional.empty(),
        Optional.empty());
  }

  /** Whom a rule is about: every non-empty set must hold the caller's value. */
  record Scope(
      Set<String> teams,
      Set<String> users,
      Set<String> useCases,
      Set<String> agents,
      Set<String> roles,
      Set<String> environments) {}

  /** Bounds of a number, in the unit that the document states it in. */
  record Band(long min, long max) {}

  /** What a rule does to the calls it matches. */
  sealed interface Effect {}

  /** What an access rule does. */
  enum Action {
    ALLOW,
    DENY,
    SANDBOX
  }

  /** Admits or refuses calls to models, with an optional cap; a cap of -1 is none. */
  record ModelAccess(
      Action action,
      SandboxProfile sandbox,
      List<String> models,
      List<String> providers,
      long microDollarsPerDay)
      implements Effect {}

  /** Admits or refuses calls of tools; a result bound of -1 is none. */
  record ToolAccess(
      Action action,
      SandboxProfile sandbox,
      List<String> servers,
      List<String> tools,
      long resultBytesMax,
      Optional<Breaker> breaker)
      implements Effect {}

  /** When to rest what fails. */
  record Breaker(int failures, long windowMillis, long openMillis) {}

  /** A subject that a text has when it holds at least {@code hits} different ones of its words. */
  record Topic(List<PolicyPattern> words, int hits) {}

  /** Blocks calls that carry certain content, or has that content redacted. */
  record Content(
      boolean block,
      int[] types,
      RedactionMethod[] methods,
      List<PolicyPattern> patterns,
      List<Topic> topics,
      int minScoreMicros,
      boolean request,
      boolean response)
      implements Effect {}

  /** Grants a rate. */
  record Quota(RateLimit.Unit unit, long amount, long windowMillis, long burst, Per per)
      implements Effect {}

  /** Grants money; bounds of -1 are none. */
  record Budget(BudgetLimit.Period period, long softMicroDollars, long hardMicroDollars, Per per)
      implements Effect {}

  /** Asks for consent. */
  record Consent(Approval approval) implements Effect {}

  /** Chooses upstreams. */
  record Failover(Route route) implements Effect {}
}
