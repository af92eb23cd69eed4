package io.sealgate.policy;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Type names as the classifier has them, for the shipped profiles and examples. */
final class ClassifierNames implements FindingTypeNames {
  private static final List<String> NAMES =
      List.of(
          "EMAIL_ADDRESS",
          "CREDIT_CARD",
          "IBAN_CODE",
          "US_SSN",
          "IP_ADDRESS",
          "PHONE_NUMBER",
          "GITHUB_TOKEN",
          "PRIVATE_KEY");

  @Override
  public int[] idsOf(String name) {
    return name.toLowerCase(Locale.ROOT).equals("secrets")
        ? new int[] {6, 7}
        : IntStream.range(0, NAMES.size())
            .filter(id -> NAMES.get(id).equalsIgnoreCase(name))
            .toArray();
  }

  @Override
  public String name(int id) {
    return NAMES.get(id);
  }

  @Override
  public int count() {
    return NAMES.size();
  }
}
