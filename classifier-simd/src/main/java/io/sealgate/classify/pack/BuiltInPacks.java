package io.sealgate.classify.pack;

import java.util.List;

/** The packs that come with the classifier, one file a family, read once. */
public final class BuiltInPacks {
  private static final List<Pack> PACKS = PackCache.packs();

  private static final List<Rule> RULES =
      PACKS.stream().flatMap(pack -> pack.rules().stream()).toList();

  private static final List<String> RULE_NAMES =
      PACKS.stream()
          .flatMap(pack -> pack.rules().stream().map(rule -> pack.name() + "/" + rule.id()))
          .toList();

  private BuiltInPacks() {}

  /** All of them, in a fixed order; rule ids are unique over all. */
  public static List<Pack> all() {
    return PACKS;
  }

  /** The rules of all packs; a rule's place here is its number in hits. */
  public static List<Rule> rules() {
    return RULES;
  }

  /** The name of a rule by its place, such as {@code pii-us/us-ssn}. */
  public static String ruleName(final int place) {
    return RULE_NAMES.get(place);
  }
}
