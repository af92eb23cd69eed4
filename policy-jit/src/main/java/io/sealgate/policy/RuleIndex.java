package io.sealgate.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the rules that a call could match without looking at all of them: access rules by model,
 * content rules by what was found. Scope and conditions remain to be checked, and a rule may come
 * up more than once.
 */
final class RuleIndex {
  private static final CompiledRule.Access[] NO_ACCESS = {};
  private static final CompiledRule.Content[] NO_CONTENT = {};

  /** An access rule under one of its globs. */
  record Globbed(String glob, CompiledRule.Access rule) {}

  private final Map<String, CompiledRule.Access[]> byModel = new HashMap<>();
  private final Globbed[] globbed;
  private final CompiledRule.Content[][] byType;
  private final CompiledRule.Content[][] byPattern;
  private final CompiledRule.Rate[] rates;

  /** Collects rules. */
  static final class Builder {
    private final Map<String, List<CompiledRule.Access>> byModel = new HashMap<>();
    private final List<Globbed> globbed = new ArrayList<>();
    private final List<List<CompiledRule.Content>> byType;
    private final List<List<CompiledRule.Content>> byPattern;
    private final List<CompiledRule.Rate> rates = new ArrayList<>();

    Builder(int typeCount, int patternCount) {
      byType = lists(typeCount);
      byPattern = lists(patternCount);
    }

    private static List<List<CompiledRule.Content>> lists(int count) {
      final List<List<CompiledRule.Content>> lists = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        lists.add(new ArrayList<>());
      }
      return lists;
    }

    void add(CompiledRule.Access rule, List<String> models) {
      for (final String model : models) {
        if (Glob.isGlob(model)) {
          globbed.add(new Globbed(model, rule));
        } else {
          byModel.computeIfAbsent(model, _ -> new ArrayList<>()).add(rule);
        }
      }
    }

    void add(CompiledRule.Content rule) {
      Bits.forEach(rule.typeBits, id -> byType.get(id).add(rule));
      Bits.forEach(rule.patternBits, index -> byPattern.get(index).add(rule));
    }

    void add(CompiledRule.Rate rule) {
      rates.add(rule);
    }

    RuleIndex build() {
      return new RuleIndex(this);
    }
  }

  private RuleIndex(Builder builder) {
    builder.byModel.forEach((model, rules) -> byModel.put(model, rules.toArray(NO_ACCESS)));
    globbed = builder.globbed.toArray(Globbed[]::new);
    byType = arrays(builder.byType);
    byPattern = arrays(builder.byPattern);
    rates = builder.rates.toArray(CompiledRule.Rate[]::new);
  }

  private static CompiledRule.Content[][] arrays(List<List<CompiledRule.Content>> lists) {
    return lists.stream()
        .map(rules -> rules.toArray(NO_CONTENT))
        .toArray(CompiledRule.Content[][]::new);
  }

  /** Access rules that name exactly this model. */
  CompiledRule.Access[] accessByModel(String model) {
    return byModel.getOrDefault(model, NO_ACCESS);
  }

  /** Access rules with globs; the caller matches them. */
  Globbed[] accessByGlob() {
    return globbed;
  }

  CompiledRule.Content[] contentByType(int typeId) {
    return typeId < byType.length ? byType[typeId] : NO_CONTENT;
  }

  CompiledRule.Content[] contentByPattern(int patternIndex) {
    return patternIndex < byPattern.length ? byPattern[patternIndex] : NO_CONTENT;
  }

  CompiledRule.Rate[] rates() {
    return rates;
  }
}
