package io.sealgate.classify.pack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The packs that come with the classifier, one file a family, read once. */
public final class BuiltInPacks {
  private static final String[] NAMES = {
    "pii-common",
    "pii-us",
    "pii-uk",
    "pii-europe",
    "pii-world",
    "secrets-cloud",
    "secrets-ai",
    "secrets-services",
    "secrets-generic",
    "injection"
  };

  private static final List<Pack> PACKS = read();

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

  private static List<Pack> read() {
    final List<Pack> packs = new ArrayList<>();
    final Set<String> ids = new HashSet<>();
    for (final String name : NAMES) {
      final Pack pack = read(name);
      for (final Rule rule : pack.rules()) {
        if (!ids.add(rule.id())) {
          throw new IllegalStateException("rule id " + rule.id() + " stands in two packs");
        }
      }
      packs.add(pack);
    }
    return List.copyOf(packs);
  }

  private static Pack read(final String name) {
    final String file = "/io/sealgate/classify/packs/" + name + ".yaml";
    try (InputStream in = BuiltInPacks.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the built-in pack " + file + " is missing");
      }
      return PackReader.read(name + ".yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (final IOException e) {
      throw new UncheckedIOException("the built-in pack " + file + " cannot be read", e);
    } catch (final PackException e) {
      throw new IllegalStateException("the built-in pack is broken: " + e.getMessage(), e);
    }
  }
}
