package io.sealgate.gateway.config;

import java.util.List;

/** What the classifier looks for beyond what policies say. */
public record ClassifierConfig(
    @Setting(
            says =
                "Regions (ISO 3166) whose phone numbers are found in national form; where a number"
                    + " fits several, the first is asked first. Numbers with a calling code are"
                    + " found whatever their region. [] switches national forms off.",
            fallback =
                "[US, GB, DE, FR, IT, ES, NL, BE, CH, AT, SE, IE, PT, PL, IL, TR, ZA, AU, JP, KR,"
                    + " IN, CN, BR, MX, PH]",
            max = 256)
        List<String> phoneRegions) {
  public ClassifierConfig {
    phoneRegions = List.copyOf(phoneRegions);
  }
}
