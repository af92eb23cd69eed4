package io.sealgate.classify.finding;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The closed list of what can be found, numbered densely from 0. Names are what policies, answers
 * and the audit log use and never change; numbers are for arrays and bit sets inside one process.
 * Names of personal data are those of Microsoft Presidio's entities where it has one.
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

  /** A tenant's own pattern; {@code Findings.rule} says which. */
  public static final int TENANT_PATTERN = 19;

  public static final int AWS_SECRET_KEY = 20;
  public static final int BEDROCK_KEY = 21;
  public static final int AZURE_CLIENT_SECRET = 22;
  public static final int GOOGLE_OAUTH_TOKEN = 23;
  public static final int GCP_SERVICE_ACCOUNT = 24;
  public static final int XAI_KEY = 25;
  public static final int GROQ_KEY = 26;
  public static final int PERPLEXITY_KEY = 27;
  public static final int REPLICATE_TOKEN = 28;
  public static final int DATABRICKS_TOKEN = 29;
  public static final int DIGITALOCEAN_TOKEN = 30;
  public static final int DOPPLER_TOKEN = 31;
  public static final int SHOPIFY_TOKEN = 32;
  public static final int LINEAR_KEY = 33;
  public static final int NOTION_TOKEN = 34;
  public static final int POSTMAN_KEY = 35;
  public static final int VAULT_TOKEN = 36;
  public static final int TERRAFORM_TOKEN = 37;
  public static final int PYPI_TOKEN = 38;
  public static final int RUBYGEMS_KEY = 39;
  public static final int AGE_SECRET_KEY = 40;
  public static final int GRAFANA_TOKEN = 41;
  public static final int SENTRY_TOKEN = 42;
  public static final int ONEPASSWORD_TOKEN = 43;
  public static final int CLOUDFLARE_TOKEN = 44;
  public static final int SLACK_WEBHOOK = 45;
  public static final int CONNECTION_STRING = 46;
  public static final int BASIC_AUTH_URL = 47;
  public static final int GENERIC_SECRET = 48;

  public static final int INJECTION_OVERRIDE = 49;
  public static final int INJECTION_ROLE_PLAY = 50;
  public static final int INJECTION_PROMPT_EXTRACTION = 51;
  public static final int INJECTION_DELIMITER = 52;
  public static final int INJECTION_HIDDEN_UNICODE = 53;
  public static final int INJECTION_EXFILTRATION = 54;

  public static final int US_ITIN = 55;
  public static final int US_PASSPORT = 56;
  public static final int US_DRIVER_LICENSE = 57;
  public static final int US_BANK_ACCOUNT = 58;
  public static final int ABA_ROUTING_NUMBER = 59;
  public static final int US_NPI = 60;
  public static final int US_MBI = 61;
  public static final int MEDICAL_LICENSE = 62;
  public static final int MEDICAL_RECORD_NUMBER = 63;
  public static final int DATE_OF_BIRTH = 64;
  public static final int MAC_ADDRESS = 65;
  public static final int URL = 66;
  public static final int CRYPTO = 67;
  public static final int VIN = 68;
  public static final int IMEI = 69;
  public static final int SWIFT_CODE = 70;
  public static final int STREET_ADDRESS = 71;
  public static final int PERSON = 72;
  public static final int UK_NHS = 73;
  public static final int UK_NINO = 74;
  public static final int UK_PASSPORT = 75;
  public static final int UK_DRIVING_LICENCE = 76;
  public static final int UK_POSTCODE = 77;
  public static final int UK_VEHICLE_REGISTRATION = 78;
  public static final int CA_SIN = 79;
  public static final int AU_TFN = 80;
  public static final int AU_ABN = 81;
  public static final int AU_ACN = 82;
  public static final int AU_MEDICARE = 83;
  public static final int IN_AADHAAR = 84;
  public static final int IN_PAN = 85;
  public static final int IN_GSTIN = 86;
  public static final int IN_PASSPORT = 87;
  public static final int IN_VOTER = 88;
  public static final int IN_VEHICLE_REGISTRATION = 89;
  public static final int IT_FISCAL_CODE = 90;
  public static final int IT_VAT_CODE = 91;
  public static final int IT_DRIVER_LICENSE = 92;
  public static final int IT_IDENTITY_CARD = 93;
  public static final int IT_PASSPORT = 94;
  public static final int ES_NIF = 95;
  public static final int ES_NIE = 96;
  public static final int ES_PASSPORT = 97;
  public static final int FI_PERSONAL_IDENTITY_CODE = 98;
  public static final int SE_PERSONNUMMER = 99;
  public static final int SE_ORGANISATIONSNUMMER = 100;
  public static final int PL_PESEL = 101;
  public static final int DE_TAX_ID = 102;
  public static final int DE_ID_CARD = 103;
  public static final int DE_PASSPORT = 104;
  public static final int DE_VAT_ID = 105;
  public static final int DE_TAX_NUMBER = 106;
  public static final int DE_SOCIAL_SECURITY = 107;
  public static final int DE_HEALTH_INSURANCE = 108;
  public static final int DE_LANR = 109;
  public static final int DE_BSNR = 110;
  public static final int DE_FUEHRERSCHEIN = 111;
  public static final int DE_HANDELSREGISTER = 112;
  public static final int DE_KFZ = 113;
  public static final int DE_PLZ = 114;
  public static final int KR_RRN = 115;
  public static final int KR_FRN = 116;
  public static final int KR_BRN = 117;
  public static final int KR_DRIVER_LICENSE = 118;
  public static final int KR_PASSPORT = 119;
  public static final int SG_NRIC_FIN = 120;
  public static final int SG_UEN = 121;
  public static final int TR_NATIONAL_ID = 122;
  public static final int TR_LICENSE_PLATE = 123;
  public static final int TH_TNIN = 124;
  public static final int ZA_ID_NUMBER = 125;
  public static final int NG_NIN = 126;
  public static final int NG_VEHICLE_REGISTRATION = 127;
  public static final int BR_CPF = 128;
  public static final int BR_CNPJ = 129;
  public static final int NL_BSN = 130;
  public static final int BE_NRN = 131;
  public static final int FR_NIR = 132;
  public static final int CN_RESIDENT_ID = 133;
  public static final int PH_TIN = 134;

  private static final List<String> NAMES =
      List.of(
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
          "TENANT_PATTERN",
          "AWS_SECRET_KEY",
          "BEDROCK_KEY",
          "AZURE_CLIENT_SECRET",
          "GOOGLE_OAUTH_TOKEN",
          "GCP_SERVICE_ACCOUNT",
          "XAI_KEY",
          "GROQ_KEY",
          "PERPLEXITY_KEY",
          "REPLICATE_TOKEN",
          "DATABRICKS_TOKEN",
          "DIGITALOCEAN_TOKEN",
          "DOPPLER_TOKEN",
          "SHOPIFY_TOKEN",
          "LINEAR_KEY",
          "NOTION_TOKEN",
          "POSTMAN_KEY",
          "VAULT_TOKEN",
          "TERRAFORM_TOKEN",
          "PYPI_TOKEN",
          "RUBYGEMS_KEY",
          "AGE_SECRET_KEY",
          "GRAFANA_TOKEN",
          "SENTRY_TOKEN",
          "ONEPASSWORD_TOKEN",
          "CLOUDFLARE_TOKEN",
          "SLACK_WEBHOOK",
          "CONNECTION_STRING",
          "BASIC_AUTH_URL",
          "GENERIC_SECRET",
          "INJECTION_OVERRIDE",
          "INJECTION_ROLE_PLAY",
          "INJECTION_PROMPT_EXTRACTION",
          "INJECTION_DELIMITER",
          "INJECTION_HIDDEN_UNICODE",
          "INJECTION_EXFILTRATION",
          "US_ITIN",
          "US_PASSPORT",
          "US_DRIVER_LICENSE",
          "US_BANK_ACCOUNT",
          "ABA_ROUTING_NUMBER",
          "US_NPI",
          "US_MBI",
          "MEDICAL_LICENSE",
          "MEDICAL_RECORD_NUMBER",
          "DATE_OF_BIRTH",
          "MAC_ADDRESS",
          "URL",
          "CRYPTO",
          "VIN",
          "IMEI",
          "SWIFT_CODE",
          "STREET_ADDRESS",
          "PERSON",
          "UK_NHS",
          "UK_NINO",
          "UK_PASSPORT",
          "UK_DRIVING_LICENCE",
          "UK_POSTCODE",
          "UK_VEHICLE_REGISTRATION",
          "CA_SIN",
          "AU_TFN",
          "AU_ABN",
          "AU_ACN",
          "AU_MEDICARE",
          "IN_AADHAAR",
          "IN_PAN",
          "IN_GSTIN",
          "IN_PASSPORT",
          "IN_VOTER",
          "IN_VEHICLE_REGISTRATION",
          "IT_FISCAL_CODE",
          "IT_VAT_CODE",
          "IT_DRIVER_LICENSE",
          "IT_IDENTITY_CARD",
          "IT_PASSPORT",
          "ES_NIF",
          "ES_NIE",
          "ES_PASSPORT",
          "FI_PERSONAL_IDENTITY_CODE",
          "SE_PERSONNUMMER",
          "SE_ORGANISATIONSNUMMER",
          "PL_PESEL",
          "DE_TAX_ID",
          "DE_ID_CARD",
          "DE_PASSPORT",
          "DE_VAT_ID",
          "DE_TAX_NUMBER",
          "DE_SOCIAL_SECURITY",
          "DE_HEALTH_INSURANCE",
          "DE_LANR",
          "DE_BSNR",
          "DE_FUEHRERSCHEIN",
          "DE_HANDELSREGISTER",
          "DE_KFZ",
          "DE_PLZ",
          "KR_RRN",
          "KR_FRN",
          "KR_BRN",
          "KR_DRIVER_LICENSE",
          "KR_PASSPORT",
          "SG_NRIC_FIN",
          "SG_UEN",
          "TR_NATIONAL_ID",
          "TR_LICENSE_PLATE",
          "TH_TNIN",
          "ZA_ID_NUMBER",
          "NG_NIN",
          "NG_VEHICLE_REGISTRATION",
          "BR_CPF",
          "BR_CNPJ",
          "NL_BSN",
          "BE_NRN",
          "FR_NIR",
          "CN_RESIDENT_ID",
          "PH_TIN");

  private static final int[] NONE = {};
  private static final Map<String, Integer> NUMBERS = numbers();

  /** Made when a name is looked up that people write. */
  private static final class Aliases {
    static final Map<String, int[]> IDS = ids();
  }

  private FindingTypes() {}

  /**
   * The number of the type with exactly this name.
   *
   * @throws IllegalArgumentException when there is none; the message lists the names
   */
  public static int id(final String name) {
    final Integer id = NUMBERS.get(name);
    if (id == null) {
      throw new IllegalArgumentException(
          "unknown finding type " + name + "; known are " + String.join(", ", NAMES));
    }
    return id;
  }

  /**
   * The name of a type.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= id < count()}
   */
  public static String name(final int id) {
    return NAMES.get(id);
  }

  /** Whether the type is a tripwire's. */
  public static boolean isInjection(final int id) {
    return id >= INJECTION_OVERRIDE && id <= INJECTION_EXFILTRATION;
  }

  /** How many types there are. */
  public static int count() {
    return NAMES.size();
  }

  /**
   * The types that a name, an alias ({@code email}, {@code card}, {@code credit_card}, {@code ssn},
   * {@code iban}, {@code ip}, {@code phone}, {@code us_bank_number}, {@code dob}, {@code mrn},
   * {@code swift}, {@code address}) or a group stands for, in ascending order; empty when it is
   * unknown. Groups are {@code pii} (all but URL, which is seldom personal), {@code secret} (also
   * {@code secrets} and {@code api_key}) and {@code injection}. Letter case does not matter. The
   * array is the caller's.
   */
  public static int[] idsOf(final String nameOrAliasOrGroup) {
    return Aliases.IDS.getOrDefault(nameOrAliasOrGroup.toLowerCase(Locale.ROOT), NONE).clone();
  }

  private static Map<String, Integer> numbers() {
    final Map<String, Integer> numbers = new HashMap<>();
    for (int id = 0; id < NAMES.size(); id++) {
      numbers.put(NAMES.get(id), id);
    }
    return numbers;
  }

  private static Map<String, int[]> ids() {
    final Map<String, int[]> ids = new HashMap<>();
    for (int id = 0; id < NAMES.size(); id++) {
      ids.put(NAMES.get(id).toLowerCase(Locale.ROOT), new int[] {id});
    }
    ids.put("email", new int[] {EMAIL_ADDRESS});
    for (final String alias : new String[] {"card", "credit_card"}) {
      ids.put(alias, new int[] {CREDIT_CARD});
    }
    ids.put("ssn", new int[] {US_SSN});
    ids.put("iban", new int[] {IBAN_CODE});
    ids.put("ip", new int[] {IP_ADDRESS});
    ids.put("phone", new int[] {PHONE_NUMBER});
    ids.put("us_bank_number", new int[] {US_BANK_ACCOUNT});
    ids.put("dob", new int[] {DATE_OF_BIRTH});
    ids.put("mrn", new int[] {MEDICAL_RECORD_NUMBER});
    ids.put("swift", new int[] {SWIFT_CODE});
    ids.put("address", new int[] {STREET_ADDRESS});
    ids.put("pii", group(EMAIL_ADDRESS, PHONE_NUMBER, US_ITIN, URL - 1, URL + 1, PH_TIN));
    ids.put("injection", group(INJECTION_OVERRIDE, INJECTION_EXFILTRATION));
    final int[] secrets = group(AWS_ACCESS_KEY, JWT, AWS_SECRET_KEY, GENERIC_SECRET);
    for (final String group : new String[] {"secret", "secrets", "api_key"}) {
      ids.put(group, secrets);
    }
    return Map.copyOf(ids);
  }

  /** All numbers in the given ranges, each of which is its first and its last number. */
  private static int[] group(final int... ranges) {
    int[] all = {};
    for (int i = 0; i < ranges.length; i += 2) {
      final int before = all.length;
      all = Arrays.copyOf(all, before + ranges[i + 1] - ranges[i] + 1);
      for (int k = before; k < all.length; k++) {
        all[k] = ranges[i] + k - before;
      }
    }
    return all;
  }
}
