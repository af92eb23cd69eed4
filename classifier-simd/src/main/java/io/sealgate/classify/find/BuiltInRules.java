package io.sealgate.classify.find;

import io.sealgate.classify.pack.BuiltInPacks;
import io.sealgate.classify.pack.Finder;
import io.sealgate.classify.pack.Rule;
import java.util.List;

/** The rules of all built-in packs in one list, whose indices context words go by. */
final class BuiltInRules {
  private final List<Rule> rules = BuiltInPacks.rules();

  List<Rule> all() {
    return rules;
  }

  Rule rule(final int index) {
    return rules.get(index);
  }

  List<List<String>> context() {
    return rules.stream().map(Rule::context).toList();
  }

  int index(final String id) {
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).id().equals(id)) {
        return i;
      }
    }
    throw new IllegalStateException("the built-in packs have no rule " + id);
  }

  /** The one rule of a finder that is code. */
  int index(final Finder finder) {
    int found = -1;
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).finder() == finder) {
        if (found >= 0) {
          throw new IllegalStateException("two rules have finder " + finder.key());
        }
        found = i;
      }
    }
    if (found < 0) {
      throw new IllegalStateException("no rule has finder " + finder.key());
    }
    return found;
  }

  Rule rule(final Finder finder) {
    return rules.get(index(finder));
  }
}
