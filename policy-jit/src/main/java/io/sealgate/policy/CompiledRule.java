package io.sealgate.policy;

import java.util.List;

/**
 * What of a rule an evaluation reads only where the rule matters; the rest is in the {@link
 * RuleTable}. Immutable once the snapshot is built; sets are hashed.
 */
final class CompiledRule {
  private static final Exemption[] NO_EXEMPTIONS = {};
  private static final CompiledRule[] NO_RULES = {};

  /** Position in the snapshot: by phase, level, falling priority, policy name, rule id. */
  final int index;

  final RuleRef ref;
  final Place place;
  final RuleEffect effect;
  private final Audience audience;
  private final Exemption[] exemptions;
  private CompiledRule[] replacedBy = NO_RULES;

  CompiledRule(
      int index,
      RuleRef ref,
      Place place,
      Audience audience,
      List<Exemption> exemptions,
      RuleEffect effect) {
    this.index = index;
    this.ref = ref;
    this.place = place;
    this.audience = audience;
    this.exemptions = exemptions.toArray(NO_EXEMPTIONS);
    this.effect = effect;
  }

  Audience audience() {
    return audience;
  }

  boolean isExempted() {
    return exemptions.length > 0;
  }

  /** The exemption that keeps this rule off the call, null if there is none. */
  Exemption exemption(Facts facts) {
    for (final Exemption exemption : exemptions) {
      if (exemption.holds(facts)) {
        return exemption;
      }
    }
    return null;
  }

  /** Called while the snapshot is built. */
  void replacedBy(List<CompiledRule> rules) {
    replacedBy = rules.toArray(CompiledRule[]::new);
  }

  /** The rules of narrower scopes that take this limit's place where they apply. */
  CompiledRule[] replacedBy() {
    return replacedBy;
  }
}
