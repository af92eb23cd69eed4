package io.sealgate.classify.pack;

import java.util.List;
import java.util.Locale;

/**
 * How a rule finds its candidates: a closed set, since each is code. A finder says which keys a
 * rule may and must have besides those that every rule has.
 */
public enum Finder {
  /**
   * Tokens of letters and digits, also in groups: {@code shapes} need no context word, {@code
   * weak_shapes} do. At least one of the two; {@code validator} names a check.
   */
  TOKEN(List.of(), List.of("shapes", "weak_shapes", "validator")),
  /**
   * Literal {@code anchors} (all case-sensitive, or none with {@code ignore_case}), confirmed by
   * the {@code validator}. The other keys are the validator's: {@code shapes} (of tokens, see
   * {@code TokenShape}), {@code words}, {@code phrases} (see {@code Phrase}) and {@code entropy}
   * (bits a character).
   */
  ANCHOR(
      List.of("anchors"),
      List.of("validator", "ignore_case", "shapes", "words", "phrases", "entropy")),
  /** E-mail addresses. */
  EMAIL(List.of(), List.of()),
  /** Phone numbers of the {@code regions} (ISO 3166) in national form, of all in international. */
  PHONE(List.of("regions"), List.of()),
  /** Payment cards. */
  CARD(List.of(), List.of()),
  /** International bank account numbers. */
  IBAN(List.of(), List.of()),
  /** IPv4 and IPv6 addresses. */
  IP(List.of(), List.of()),
  /** MAC addresses. */
  MAC(List.of(), List.of()),
  /** URLs with a scheme. */
  URL(List.of(), List.of()),
  /** Addresses of Bitcoin and Ethereum. */
  CRYPTO(List.of(), List.of()),
  /** Dates. */
  DATE(List.of(), List.of()),
  /** Street addresses: a house number and a street. */
  STREET(List.of(), List.of()),
  /** Places in text that no ordinary text has, such as invisible characters, in code. */
  HIDDEN(List.of(), List.of()),
  /** A tenant's literal {@code words}; {@code case_sensitive} is true or false. */
  KEYWORD(List.of("words"), List.of("case_sensitive")),
  /** A tenant's RE2-class {@code expression}. */
  REGEX(List.of("expression"), List.of("case_sensitive")),
  /**
   * A tenant's topic: {@code words} with their {@code weights} (a mapping of word to weight gives
   * both) that together reach the {@code threshold}.
   */
  TOPIC(List.of("words", "weights", "threshold"), List.of("case_sensitive"));

  private final List<String> required;
  private final List<String> optional;

  Finder(final List<String> required, final List<String> optional) {
    this.required = required;
    this.optional = optional;
  }

  /** Keys that a rule must have. */
  public List<String> required() {
    return required;
  }

  /** Keys that a rule may have. */
  public List<String> optional() {
    return optional;
  }

  /** Whether a tenant's rule of this kind needs no type of its own. */
  public boolean tenant() {
    return this == KEYWORD || this == REGEX || this == TOPIC;
  }

  /** The name in a pack. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
