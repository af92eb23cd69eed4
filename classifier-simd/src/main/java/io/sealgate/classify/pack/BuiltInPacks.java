package io.sealgate.classify.pack;

import java.util.ArrayList;
import java.util.List;

/** The packs that come with the classifier, one file a family, read once. */
public final class BuiltInPacks {
  private static final List<Pack> PACKS = PackCache.packs();

  private static final List<Rule> RULES;
  private static final List<String> RULE_NAMES;

  static {
    final List<Rule> rules = new ArrayList<>();
    final List<String> names = new ArrayList<>();
    for (final Pack pack : PACKS) {
      for (final Rule rule : pack.rules()) {
        rules.add(rule);
        names.add(pack.name().concat("/").concat(rule.id()));
      }
    }
    RULES = List.copyOf(rules);
    RULE_NAMES = List.copyOf(names);
  }

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
