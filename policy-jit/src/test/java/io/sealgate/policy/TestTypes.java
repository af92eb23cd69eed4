package io.sealgate.policy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A small table of finding types with aliases and a group, as a classifier would have. */
final class TestTypes implements FindingTypeNames {
  static final TestTypes TYPES = new TestTypes();
  static final int CREDIT_CARD = 0;
  static final int US_SSN = 1;
  static final int EMAIL = 2;
  static final int API_KEY = 70;

  private final List<String> names =
      IntStream.range(0, 72)
          .mapToObj(
              id ->
                  switch (id) {
                    case CREDIT_CARD -> "CREDIT_CARD";
                    case US_SSN -> "US_SSN";
                    case EMAIL -> "EMAIL";
                    case API_KEY -> "API_KEY";
                    default -> "TYPE_" + id;
                  })
          .toList();

  @Override
  public int[] idsOf(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "ssn" -> new int[] {US_SSN};
      case "pii" -> new int[] {CREDIT_CARD, US_SSN, EMAIL};
      default ->
          IntStream.range(0, names.size())
              .filter(id -> names.get(id).equalsIgnoreCase(name))
              .toArray();
    };
  }

  @Override
  public String name(int id) {
    return names.get(id);
  }

  @Override
  public int count() {
    return names.size();
  }

  static PolicyDocument document(String text) throws PolicyException {
    return PolicyDocument.parse("test.yaml", text.getBytes(StandardCharsets.UTF_8), TYPES);
  }

  static Snapshot snapshot(String... texts) throws PolicyException {
    final PolicyDocument[] docs = new PolicyDocument[texts.length];
    for (int i = 0; i < texts.length; i++) {
      docs[i] = document(texts[i]);
    }
    return PolicyCompiler.compile("acme", List.of(docs), TYPES);
  }

  /** A caller of the kind that most tests are about. */
  static Facts facts(String model) {
    return new Facts().org("acme").team("ml").user("ada").environment("production").model(model);
  }
}
