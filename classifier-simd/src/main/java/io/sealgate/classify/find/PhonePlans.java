package io.sealgate.classify.find;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;

/** The numbering plans of libphonenumber. Safe for any thread; every question allocates. */
final class PhonePlans {
  /** Numbers that name their country. */
  static final String NO_REGION = "ZZ";

  private static final int CALLING_CODE_END = 1000;

  private final PhoneNumberUtil plans = PhoneNumberUtil.getInstance();

  /** By calling code; the library answers an unknown one with an exception, which is slow. */
  private final boolean[] callingCodes = new boolean[CALLING_CODE_END];

  PhonePlans() {
    for (final int code : plans.getSupportedCallingCodes()) {
      callingCodes[code] = true;
    }
  }

  boolean callingCode(final int code) {
    return callingCodes[code];
  }

  /** Whether numbers of the region are dialled with a 0 before them. */
  boolean trunkZero(final String region) {
    return "0".equals(plans.getNddPrefixForRegion(region, true));
  }

  boolean valid(final String number, final String region) {
    try {
      return plans.isValidNumber(plans.parse(number, region));
    } catch (final NumberParseException e) {
      // Not a number of this region, which is the answer asked for.
      return false;
    }
  }
}
