package io.sealgate.policy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts how often each rule matched, to name those that never did. Belongs to one thread. */
public final class RuleHits {
  private static final String BY = " by ";

  private final Map<String, Long> hits = new HashMap<>();

  /** By {@code policy/rule by exemption}. */
  private final Map<String, Long> exemptions = new TreeMap<>();

  /** Counts the rules that matched in a verdict, or would have but for an exemption. */
  public void add(Verdict verdict) {
    for (int i = 0; i < verdict.matchedCount(); i++) {
      add(verdict.matched(i).toString());
    }
    for (int i = 0; i < verdict.exemptedCount(); i++) {
      addExempted(verdict.exempted(i) + BY + verdict.exemption(i).name());
    }
  }

  /** Counts a rule that an exemption kept off a call, as records name both. */
  public void addExempted(String ruleByExemption) {
    exemptions.merge(ruleByExemption, 1L, Long::sum);
    add(ruleByExemption.substring(0, ruleByExemption.lastIndexOf(BY)));
  }

  /** One line for each exemption that was used: which, from what rule, how often. */
  public List<String> exemptions() {
    return exemptions.entrySet().stream()
        .map(used -> used.getKey() + " exempt in " + used.getValue() + " calls")
        .toList();
  }

  /** Counts one match of a rule, named as {@code policy/rule}. */
  public void add(String rule) {
    hits.merge(rule, 1L, Long::sum);
  }

  /** How often a rule matched. */
  public long count(RuleRef rule) {
    return hits.getOrDefault(rule.toString(), 0L);
  }

  /** The rules that never matched, in the snapshot's order, each name once. */
  public List<RuleRef> missed(Snapshot snapshot) {
    final Map<String, RuleRef> missed = new LinkedHashMap<>();
    for (final RuleRef rule : snapshot.rules()) {
      if (count(rule) == 0) {
        missed.putIfAbsent(rule.toString(), rule);
      }
    }
    return List.copyOf(missed.values());
  }

  /** How many rules matched, in a sentence. */
  public String summary(Snapshot snapshot) {
    final long rules = snapshot.rules().stream().map(RuleRef::toString).distinct().count();
    return (rules - missed(snapshot).size()) + " of " + rules + " rules matched";
  }
}
