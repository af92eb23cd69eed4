package io.sealgate.classify.find;

import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.HitsOverflow;
import io.sealgate.classify.view.ByteMasks;

/**
 * Finds all personal data but that which only words give away: the masks of digits, {@code '@'},
 * {@code ':'} and {@code '-'} mark the few places that are possible, and these go to the scalar
 * {@link RunCandidates}.
 *
 * <p>Linear in the text whatever it holds, and no allocation unless a phone number is plausible or
 * {@link Hits} grows. One instance per thread.
 */
public final class RunFinders {
  /** From hyphen to hyphen in a MAC address. */
  static final int HYPHENS_APART = 3;

  private static final int LAST_BIT = Long.SIZE - 1;

  private final RunCandidates candidates;

  public RunFinders() {
    this(PhoneRegions.builtIn());
  }

  /**
   * @param regions whose national phone numbers are found
   */
  public RunFinders(final PhoneRegions regions) {
    candidates = new RunCandidates(regions);
  }

  /**
   * Appends what {@code text[0, length)} holds to {@code out}; needs no padding after it.
   *
   * @param masks of the same text
   * @throws HitsOverflow when {@code out} is full
   */
  public void scan(final byte[] text, final int length, final ByteMasks masks, final Hits out) {
    candidates.begin(text, length, out);
    try {
      long digitBefore = 0;
      long hyphensBefore = 0;
      for (int block = 0; block < masks.blocks(); block++) {
        final long digits = masks.digits(block);
        final long hyphens = masks.hyphens(block);
        final long ends = masks.words(block) | masks.specials(block);
        final long endsNext = masks.words(block + 1) | masks.specials(block + 1);
        long places = digits & ~(digits << 1 | digitBefore);
        // No address, time or URL has a space, a quote or a bracket after its sign.
        places |= masks.signs(block) & (ends >>> 1 | endsNext << LAST_BIT);
        // A hyphen three bytes after another may be the second one of a MAC address.
        places |= hyphens & (hyphens << HYPHENS_APART | hyphensBefore);
        digitBefore = digits >>> LAST_BIT;
        hyphensBefore = hyphens >>> (Long.SIZE - HYPHENS_APART);
        for (; places != 0; places &= places - 1) {
          final int bit = Long.numberOfTrailingZeros(places);
          final int place = block * ByteMasks.BLOCK_BYTES + bit;
          if ((digits >>> bit & 1) != 0) {
            candidates.number(place, run(text, length, place, digits >>> bit, Long.SIZE - bit));
          } else {
            candidates.at(place);
          }
        }
      }
    } finally {
      candidates.end();
    }
  }

  /**
   * The length of the digit run at {@code place}.
   *
   * @param digits which of the next bytes are digits, as far as the block goes
   * @param known how many bytes that is
   */
  private static int run(
      final byte[] text, final int length, final int place, final long digits, final int known) {
    int run = Long.numberOfTrailingZeros(~digits);
    if (run >= known) {
      run = known + Ascii.digits(text, place + known, length, RunCandidates.RUN_DIGITS_MAX);
    }
    return Math.min(run, RunCandidates.RUN_DIGITS_MAX);
  }
}
