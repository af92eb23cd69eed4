package io.sealgate.classify.find;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.Arrays;

/** The numbering plans of libphonenumber. One instance per thread; a question allocates. */
final class PhonePlans {
  /** Numbers that name their country. */
  static final String NO_REGION = "ZZ";

  private static final int CALLING_CODE_END = 1000;

  /** Answers that are kept within one text; a power of two. */
  private static final int KEPT = 256;

  private final PhoneNumberUtil plans = PhoneNumberUtil.getInstance();

  /** By calling code; the library answers an unknown one with an exception, which is slow. */
  private final boolean[] callingCodes = new boolean[CALLING_CODE_END];

  // A text repeats itself, and the library takes microseconds a question.
  private final String[] numbers = new String[KEPT];
  private final String[] regions = new String[KEPT];
  private final boolean[] answers = new boolean[KEPT];
  private boolean asked;

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

  /** Whether the plan of the region, or of the calling code that the number begins with, has it. */
  boolean valid(final String number, final String region) {
    final int hash = 31 * number.hashCode() + region.hashCode();
    final int place = (hash ^ hash >>> 16) & KEPT - 1;
    if (!number.equals(numbers[place]) || !region.equals(regions[place])) {
      answers[place] = ask(number, region);
      numbers[place] = number;
      regions[place] = region;
      asked = true;
    }
    return answers[place];
  }

  /** Lets go of the text's numbers. */
  void forget() {
    if (asked) {
      Arrays.fill(numbers, null);
      asked = false;
    }
  }

  private boolean ask(final String number, final String region) {
    try {
      return plans.isValidNumber(plans.parse(number, region));
    } catch (final NumberParseException e) {
      // Not a number of this region, which is the answer asked for.
      return false;
    }
  }
}
