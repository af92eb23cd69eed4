package io.sealgate.classify;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The closed list of what can be found, numbered densely from 0. Names are what policies, answers
 * and the audit log use and never change; numbers are for arrays and bit sets inside one process.
 */
public final class FindingTypes {
  public static final int EMAIL_ADDRESS = 0;
  public static final int CREDIT_CARD = 1;
  public static final int IBAN_CODE = 2;
  public static final int US_SSN = 3;
  public static final int IP_ADDRESS = 4;
  public static final int PHONE_NUMBER = 5;
  public static final int AWS_ACCESS_KEY = 6;
  public static final int GITHUB_TOKEN = 7;
  public static final int NPM_TOKEN = 8;
  public static final int GITLAB_TOKEN = 9;
  public static final int OPENAI_KEY = 10;
  public static final int ANTHROPIC_KEY = 11;
  public static final int GOOGLE_API_KEY = 12;
  public static final int SLACK_TOKEN = 13;
  public static final int STRIPE_KEY = 14;
  public static final int HUGGINGFACE_TOKEN = 15;
  public static final int SENDGRID_KEY = 16;
  public static final int PRIVATE_KEY = 17;
  public static final int JWT = 18;

  /** A tenant's own pattern; {@link Findings#rule} says which. */
  public static final int TENANT_PATTERN = 19;

  private static final String[] NAMES = {
    "EMAIL_ADDRESS",
    "CREDIT_CARD",
    "IBAN_CODE",
    "US_SSN",
    "IP_ADDRESS",
    "PHONE_NUMBER",
    "AWS_ACCESS_KEY",
    "GITHUB_TOKEN",
    "NPM_TOKEN",
    "GITLAB_TOKEN",
    "OPENAI_KEY",
    "ANTHROPIC_KEY",
    "GOOGLE_API_KEY",
    "SLACK_TOKEN",
    "STRIPE_KEY",
    "HUGGINGFACE_TOKEN",
    "SENDGRID_KEY",
    "PRIVATE_KEY",
    "JWT",
    "TENANT_PATTERN"
  };

  private static final int[] NONE = {};
  private static final Map<String, int[]> IDS = ids();

  private FindingTypes() {}

  /**
   * The number of the type with exactly this name.
   *
   * @throws IllegalArgumentException when there is none; the message lists the names
   */
  public static int id(final String name) {
    for (int id = 0; id < NAMES.length; id++) {
      if (NAMES[id].equals(name)) {
        return id;
      }
    }
    throw new IllegalArgumentException(
        "unknown finding type " + name + "; known are " + String.join(", ", NAMES));
  }

  /**
   * The name of a type.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= id < count()}
   */
  public static String name(final int id) {
    return NAMES[id];
  }

  /** How many types there are. */
  public static int count() {
    return NAMES.length;
  }

  /**
   * The types that a name, an alias ({@code email}, {@code card}, {@code credit_card}, {@code ssn},
   * {@code iban}, {@code ip}, {@code phone}) or a group ({@code pii}; {@code secret}, {@code
   * secrets} or {@code api_key} for all secrets) stands for, in ascending order; empty when it is
   * unknown. Letter case does not matter. The array is the caller's.
   */
  public static int[] idsOf(final String nameOrAliasOrGroup) {
    return IDS.getOrDefault(nameOrAliasOrGroup.toLowerCase(Locale.ROOT), NONE).clone();
  }

  private static Map<String, int[]> ids() {
    final Map<String, int[]> ids = new HashMap<>();
    for (int id = 0; id < NAMES.length; id++) {
      ids.put(NAMES[id].toLowerCase(Locale.ROOT), new int[] {id});
    }
    ids.put("email", new int[] {EMAIL_ADDRESS});
    for (final String alias : new String[] {"card", "credit_card"}) {
      ids.put(alias, new int[] {CREDIT_CARD});
    }
    ids.put("ssn", new int[] {US_SSN});
    ids.put("iban", new int[] {IBAN_CODE});
    ids.put("ip", new int[] {IP_ADDRESS});
    ids.put("phone", new int[] {PHONE_NUMBER});
    ids.put("pii", IntStream.rangeClosed(EMAIL_ADDRESS, PHONE_NUMBER).toArray());
    final int[] secrets = IntStream.rangeClosed(AWS_ACCESS_KEY, JWT).toArray();
    for (final String group : new String[] {"secret", "secrets", "api_key"}) {
      ids.put(group, Arrays.copyOf(secrets, secrets.length));
    }
    return Map.copyOf(ids);
  }
}
