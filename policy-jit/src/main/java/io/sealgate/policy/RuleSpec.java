package io.sealgate.policy;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One rule as its document states it, checked but not yet compiled. */
record RuleSpec(
    String type,
    String id,
    int line,
    int priority,
    Scope scope,
    Optional<Expr> condition,
    Effect effect) {

  /** Whom a rule is about: every non-empty set must hold the caller's value. */
  record Scope(Set<String> teams, Set<String> users, Set<String> useCases) {}

  /** What a rule does to the calls it matches. */
  sealed interface Effect {}

  /** Admits calls to models, with an optional cap; a cap of -1 is none. */
  record ModelAccess(List<String> models, List<String> providers, long microDollarsPerDay)
      implements Effect {}

  /** Blocks calls that carry certain content, or has that content redacted. */
  record Content(boolean block, Reason reason, int[] types, List<PolicyPattern> patterns)
      implements Effect {}

  /** Grants a rate. */
  record Quota(long requests, long windowMillis, long burst, RateLimit.Per per) implements Effect {}
}
