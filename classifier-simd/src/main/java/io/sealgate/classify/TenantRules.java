package io.sealgate.classify;

import io.sealgate.classify.find.PhoneRegions;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.pack.Pack;
import io.sealgate.classify.pack.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a tenant looks for. {@link Findings#rule} counts the patterns first, then the topics.
 *
 * @param patterns keywords and expressions
 * @param topics weighted sets of words
 * @param phoneRegions whose phone numbers are found in national form; empty for those that the
 *     built-in packs name
 */
public record TenantRules(
    List<TenantPattern> patterns, List<TenantTopic> topics, Optional<PhoneRegions> phoneRegions) {
  public TenantRules {
    patterns = List.copyOf(patterns);
    topics = List.copyOf(topics);
  }

  /** With the phone regions that the built-in packs name. */
  public TenantRules(final List<TenantPattern> patterns, final List<TenantTopic> topics) {
    this(patterns, topics, Optional.empty());
  }

  /** The regions whose phone numbers are found in national form. */
  PhoneRegions nationalPhones() {
    return phoneRegions.isPresent() ? phoneRegions.get() : PhoneRegions.builtIn();
  }

  /** The same with other phone regions. */
  public TenantRules withPhoneRegions(final PhoneRegions regions) {
    return new TenantRules(patterns, topics, Optional.of(regions));
  }

  /**
   * The rules of finder {@code keyword}, {@code regex} and {@code topic}, named {@code pack/rule}.
   * A rule with several words is as many patterns of one name.
   *
   * @throws ClassifierException when a rule is of another finder, which only built-in packs have,
   *     or a threshold is no number
   */
  public static TenantRules of(final List<Pack> packs) throws ClassifierException {
    final List<TenantPattern> patterns = new ArrayList<>();
    final List<TenantTopic> topics = new ArrayList<>();
    for (final Pack pack : packs) {
      for (final Rule rule : pack.rules()) {
        final String name = pack.name() + "/" + rule.id();
        switch (rule.finder()) {
          case KEYWORD ->
              rule.values("words")
                  .forEach(
                      word ->
                          patterns.add(
                              new TenantPattern(name, word, false, rule.flag("case_sensitive"))));
          case REGEX ->
              patterns.add(
                  new TenantPattern(
                      name, rule.value("expression"), true, rule.flag("case_sensitive")));
          case TOPIC -> topics.add(topic(name, rule));
          default ->
              throw new ClassifierException(
                  "rule \""
                      + name
                      + "\" has finder "
                      + rule.finder().key()
                      + ", which only built-in packs may use; use keyword, regex or topic");
        }
      }
    }
    return new TenantRules(patterns, topics);
  }

  private static TenantTopic topic(final String name, final Rule rule) throws ClassifierException {
    final List<TenantTopic.Word> words = new ArrayList<>();
    for (int i = 0; i < rule.values("words").size(); i++) {
      words.add(
          new TenantTopic.Word(
              rule.values("words").get(i), number(name, rule.values("weights"), i)));
    }
    return new TenantTopic(name, words, number(name, rule.values("threshold"), 0));
  }

  private static int number(final String name, final List<String> values, final int index)
      throws ClassifierException {
    final String value = index < values.size() ? values.get(index) : "";
    if (!value.matches("[1-9][0-9]{0,8}")) {
      throw new ClassifierException(
          "topic \"" + name + "\" has '" + value + "' for a weight or threshold; write 1 or more");
    }
    return Integer.parseInt(value);
  }
}
