package io.sealgate.classify.view;

import io.sealgate.classify.json.JsonStrings;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Runs of base64 or base64url (RFC 4648, sections 4 and 5) in a text, and what they decode to when
 * that is text. A run has {@value #CHARACTERS_MIN} characters or more; of a longer one than {@link
 * #CHARACTERS_MAX} only the front is looked at. One thread at a time.
 */
public final class Base64Runs {
  public static final int CHARACTERS_MIN = 24;
  public static final int CHARACTERS_MAX = 16 * 1024;

  /** Padding after a run that belongs to it. */
  public static final int PADDING_BYTES_MAX = 2;

  /** Shorter texts come about by chance. */
  private static final int TEXT_BYTES_MIN = 12;

  private static final int GROUP = 4;

  private static final int LANES = ByteMasks.LANES;
  private static final int BLOCK_BYTES = ByteMasks.BLOCK_BYTES;
  private static final int HALF_BLOCK = BLOCK_BYTES / 2;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final byte NONE = -1;
  private static final byte[] VALUES = values();

  private byte[] decoded = {};
  private byte[] tried = {};
  private int start;
  private int end;

  private static byte[] values() {
    final byte[] values = new byte[256];
    java.util.Arrays.fill(values, NONE);
    for (int i = 0; i < 26; i++) {
      values['A' + i] = (byte) i;
      values['a' + i] = (byte) (26 + i);
    }
    for (int i = 0; i < 10; i++) {
      values['0' + i] = (byte) (52 + i);
    }
    values['+'] = 62;
    values['-'] = 62;
    values['/'] = 63;
    values['_'] = 63;
    return values;
  }

  /** Whether the byte can be part of a run. */
  public static boolean isRun(final byte b) {
    return VALUES[b & 0xFF] != NONE;
  }

  /**
   * Looks for the next run that begins at or after {@code from}; false when there is none.
   *
   * @param masks of {@code text[0, length)}
   */
  public boolean find(final byte[] text, final int from, final int length, final ByteMasks masks) {
    int p = from;
    while (p < length) {
      p = nextLongWord(text, p, length, masks);
      final int stop = Math.min(length, p + BLOCK_BYTES + HALF_BLOCK);
      while (p < stop) {
        final int begin = p;
        while (p < length && isRun(text[p])) {
          p++;
        }
        if (p - begin >= CHARACTERS_MIN) {
          start = begin;
          end = p;
          return true;
        }
        p++;
      }
    }
    return false;
  }

  /** First byte of the run found. */
  public int start() {
    return start;
  }

  /** One past the last byte of the run found, padding not included. */
  public int end() {
    return end;
  }

  /**
   * An index before which no run begins that begins at or after {@code from}, but near which one
   * may. Looks first at bytes above {@code '*'}, which all characters of a run are.
   */
  private static int nextLongWord(
      final byte[] text, final int from, final int length, final ByteMasks masks) {
    long before = 0;
    boolean wordsBefore = false;
    long read = -1L << from;
    for (int block = from / BLOCK_BYTES; block < masks.blocks(); block++) {
      final long words = masks.words(block) & read;
      final int base = block * BLOCK_BYTES;
      final boolean eight = eightAligned(words);
      if ((eight || wordsBefore)
          && (longRun(words) || longRun(words << HALF_BLOCK | before >>> HALF_BLOCK))
          && longRunOfCharacters(text, base, length, before != 0)) {
        return Math.max(from, before == 0 ? base : base - HALF_BLOCK);
      }
      before = words;
      wordsBefore = eight;
      read = -1;
    }
    return length;
  }

  /** Whether a long run may begin in the block, or where {@code behind} in the half before it. */
  private static boolean longRunOfCharacters(
      final byte[] text, final int base, final int length, final boolean behind) {
    return base + BLOCK_BYTES > length
        || longRun(characters(text, base))
        || behind && longRun(characters(text, base - HALF_BLOCK));
  }

  private static long characters(final byte[] text, final int from) {
    long characters = 0;
    for (int lane = 0; lane < BLOCK_BYTES; lane += LANES) {
      final ByteVector v = ByteVector.fromArray(ByteMasks.SPECIES, text, from + lane);
      final ByteVector lower = v.or((byte) 0x20);
      final long letters =
          lower.compare(VectorOperators.GT, (byte) ('a' - 1)).toLong()
              & lower.compare(VectorOperators.LT, (byte) ('z' + 1)).toLong();
      // The slash comes right before the digits.
      final long digits =
          v.compare(VectorOperators.GT, (byte) ('/' - 1)).toLong()
              & v.compare(VectorOperators.LT, (byte) ('9' + 1)).toLong();
      final long signs =
          v.compare(VectorOperators.EQ, (byte) '+').toLong()
              | v.compare(VectorOperators.EQ, (byte) '-').toLong()
              | v.compare(VectorOperators.EQ, (byte) '_').toLong();
      characters |= (letters | digits | signs) << lane;
    }
    return characters;
  }

  /** Whether the bits of a byte are set, as they are somewhere in any row of 15. */
  private static boolean eightAligned(final long bits) {
    return (~bits - ONES & bits & HIGH_BITS) != 0;
  }

  /** Whether 24 bits in a row are set. */
  private static boolean longRun(final long bits) {
    final long two = bits & bits >>> 1;
    final long four = two & two >>> 2;
    final long eight = four & four >>> 4;
    return (eight & eight >>> 8 & eight >>> 16) != 0;
  }

  /**
   * Decodes the run found, which may have begun before its encoded text: of the four ways to group
   * its characters the one is taken that gives the longest text.
   *
   * @return bytes of {@link #decoded}, 0 when it is no text
   */
  public int decode(final byte[] text) {
    final int to = Math.min(end, start + CHARACTERS_MAX);
    int best = 0;
    for (int shift = 0; shift < GROUP; shift++) {
      final int bytes = decode(text, start + shift, to);
      if (bytes > best) {
        best = bytes;
        final byte[] swap = decoded;
        decoded = tried;
        tried = swap;
      }
    }
    return best < TEXT_BYTES_MIN ? 0 : best;
  }

  /** What the last {@link #decode} gave; well-formed UTF-8, owned by this object. */
  public byte[] decoded() {
    return decoded;
  }

  private int decode(final byte[] text, final int from, final int to) {
    final int room = (to - from) / GROUP * 3 + 3;
    if (tried.length < room) {
      tried = new byte[room];
    }
    int length = 0;
    int checked = 0;
    int p = from;
    while (p < to) {
      int bits = 0;
      int characters = 0;
      while (characters < GROUP && p < to) {
        bits = bits << 6 | VALUES[text[p++] & 0xFF];
        characters++;
      }
      bits <<= 6 * (GROUP - characters);
      for (int i = 1; i < characters; i++) {
        tried[length++] = (byte) (bits >> 24 - 8 * i);
      }
      checked = textEnd(checked, length);
      // A sequence of UTF-8 may lack its end; anything else is no text.
      if (length - checked > 3) {
        return checked;
      }
    }
    return checked;
  }

  /** How far {@code tried} is text: printable ASCII, white space, well-formed UTF-8. */
  private int textEnd(final int from, final int to) {
    int p = from;
    while (p < to) {
      final byte b = tried[p];
      if (b >= ' ' && b != 0x7F || b == '\n' || b == '\r' || b == '\t') {
        p++;
      } else {
        final int bytes = b < 0 ? JsonStrings.utf8Length(tried, p, to) : 0;
        if (bytes == 0) {
          return p;
        }
        p += bytes;
      }
    }
    return p;
  }
}
