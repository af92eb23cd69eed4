package io.sealgate.classify.find;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.pack.BuiltInPacks;
import io.sealgate.classify.pack.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The regions whose phone numbers are found in national form. Where the digits of a number fit
 * several, those that come first are asked first. Numbers with a calling code are found whatever
 * their region.
 *
 * @param codes of two letters, ISO 3166-1, in either case
 */
public record PhoneRegions(List<String> codes) {
  /** The rule that holds the regions. */
  static final String RULE = "phone-national";

  public PhoneRegions {
    final List<String> upper = new ArrayList<>();
    for (final String code : codes) {
      upper.add(code.strip().toUpperCase(Locale.ROOT));
    }
    codes = List.copyOf(upper);
  }

  /** What the built-in packs say. */
  public static PhoneRegions builtIn() {
    for (final Rule rule : BuiltInPacks.rules()) {
      if (rule.id().equals(RULE)) {
        return new PhoneRegions(rule.values("regions"));
      }
    }
    throw new IllegalStateException("the built-in packs have no rule " + RULE);
  }

  /**
   * Regions that a user names.
   *
   * @param codes none at all switches national forms off
   * @throws ClassifierException when one is no region with a numbering plan, or stands twice
   */
  public static PhoneRegions of(final List<String> codes) throws ClassifierException {
    final PhoneRegions regions = new PhoneRegions(codes);
    final Set<String> known = new HashSet<>();
    for (final String code : regions.codes()) {
      if (!PhoneNumberUtil.getInstance().getSupportedRegions().contains(code)) {
        throw new ClassifierException(
            "phone region '"
                + code
                + "' is unknown; write ISO 3166 codes of two letters, such as US, GB or DE");
      }
      if (!known.add(code)) {
        throw new ClassifierException("phone region '" + code + "' stands twice; keep one");
      }
    }
    return regions;
  }
}
