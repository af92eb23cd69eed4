package io.sealgate.classify.tripwire;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.Reach;
import io.sealgate.classify.pack.BuiltInPacks;
import io.sealgate.classify.pack.Finder;
import io.sealgate.classify.view.ByteMasks;

/**
 * Runs of characters that nobody sees but a model reads: {@value #TAGS_MIN} tag characters (U+E0000
 * to U+E007F) outside of a flag, {@value #SELECTORS_MIN} variation selectors or {@value
 * #INVISIBLE_MIN} other invisible characters in a row. Ordinary text has one joiner or selector at
 * a time. A run is reported up to {@link Reach#OPEN_SPAN_BYTES_MAX}, a run beyond that is one
 * finding.
 *
 * <p>Looks only at the bytes that {@link ByteMasks} marks as special. Stateless along the text.
 */
public final class HiddenText {
  /** A single one between letters hides nothing; the letters are read without it. */
  static final int TAGS_MIN = 2;

  /** One selector follows a character; four in a row follow nothing. */
  static final int SELECTORS_MIN = 4;

  /** Joiners, marks of direction and zero-width spaces in a row. */
  static final int INVISIBLE_MIN = 8;

  private static final int VISIBLE = 0;
  private static final int TAG = 1;
  private static final int SELECTOR = 2;
  private static final int INVISIBLE = 3;

  /** U+1F3F4, which begins the flags that are spelled in tags. */
  private static final byte[] BLACK_FLAG = {(byte) 0xF0, (byte) 0x9F, (byte) 0x8F, (byte) 0xB4};

  /** Five letters of a region and the tag that ends it, at four bytes each. */
  private static final int FLAG_BYTES_MAX = 7 * 4;

  private static final int RULE = rule();
  private static final int SCORE_MICROS = BuiltInPacks.rules().get(RULE).scoreMicros();

  private HiddenText() {}

  private static int rule() {
    for (int number = 0; number < BuiltInPacks.rules().size(); number++) {
      if (BuiltInPacks.rules().get(number).finder() == Finder.HIDDEN) {
        return number;
      }
    }
    throw new IllegalStateException("no rule has finder " + Finder.HIDDEN.key());
  }

  /**
   * Appends the runs in {@code text[0, length)}.
   *
   * @param masks of the same text
   */
  public static void find(
      final byte[] text, final int length, final ByteMasks masks, final Hits out) {
    int done = 0;
    for (int block = 0; block < masks.blocks(); block++) {
      for (long rest = masks.specials(block); rest != 0; rest &= rest - 1) {
        final int p = block * ByteMasks.BLOCK_BYTES + Long.numberOfTrailingZeros(rest);
        done = isLead(text[p]) ? at(text, length, p, done, out) : done;
      }
    }
  }

  private static boolean isLead(final byte b) {
    return b == (byte) 0xE2 || b == (byte) 0xEF || b == (byte) 0xF3;
  }

  /**
   * Looks at a run that begins at {@code at}.
   *
   * @param done end of the run before
   * @return end of the run
   */
  private static int at(
      final byte[] text, final int length, final int at, final int done, final Hits out) {
    if (at < done) {
      return done;
    }
    int p = at;
    int tags = 0;
    int selectors = 0;
    int invisible = 0;
    while (p < length) {
      final int kind = kind(text, p, length);
      if (kind == VISIBLE) {
        break;
      }
      tags += kind == TAG ? 1 : 0;
      selectors += kind == SELECTOR ? 1 : 0;
      invisible++;
      p += (text[p] & 0xF8) == 0xF0 ? 4 : 3;
    }
    final boolean flag =
        p - at <= FLAG_BYTES_MAX
            && at >= BLACK_FLAG.length
            && text[at - 1] == BLACK_FLAG[3]
            && text[at - 2] == BLACK_FLAG[2]
            && text[at - 3] == BLACK_FLAG[1]
            && text[at - 4] == BLACK_FLAG[0];
    if (tags >= TAGS_MIN && !flag || selectors >= SELECTORS_MIN || invisible >= INVISIBLE_MIN) {
      final int end = cut(text, at, Math.min(p, at + Reach.OPEN_SPAN_BYTES_MAX));
      out.by(RULE);
      out.add(FindingTypes.INJECTION_HIDDEN_UNICODE, at, end, SCORE_MICROS, Evidence.PATTERN);
    }
    return Math.max(p, at + 1);
  }

  /** Back to the end of a whole character. */
  private static int cut(final byte[] text, final int from, final int end) {
    int p = end;
    while (p > from && p < text.length && (text[p] & 0xC0) == 0x80) {
      p--;
    }
    return p;
  }

  /** Of the character at {@code at}, which is visible unless it is whole and one of these. */
  private static int kind(final byte[] text, final int at, final int length) {
    final int lead = text[at] & 0xFF;
    if (length - at < (lead == 0xF3 ? 4 : 3)) {
      return VISIBLE;
    }
    final int second = text[at + 1] & 0xFF;
    final int third = text[at + 2] & 0xFF;
    if (lead == 0xF3) {
      // U+E0000..U+E007F are F3 A0 80 80..F3 A0 81 BF, U+E0100..U+E01EF F3 A0 84 80..F3 A0 87 AF.
      if (second != 0xA0 || third < 0x80) {
        return VISIBLE;
      }
      return third <= 0x81 ? TAG : third >= 0x84 && third <= 0x87 ? SELECTOR : VISIBLE;
    }
    if (lead == 0xEF) {
      if (second == 0xB8 && third <= 0x8F) {
        return SELECTOR;
      }
      return second == 0xBB && third == 0xBF ? INVISIBLE : VISIBLE;
    }
    if (lead != 0xE2) {
      return VISIBLE;
    }
    final boolean format =
        second == 0x80 && (third >= 0x8B && third <= 0x8F || third >= 0xAA && third <= 0xAE)
            || second == 0x81 && third >= 0xA0 && third <= 0xAF;
    return format ? INVISIBLE : VISIBLE;
  }
}
