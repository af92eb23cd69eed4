package io.sealgate.classify.view;

import java.util.Arrays;

/**
 * A copy of a text in which disguised characters are plain: escapes that the text itself still
 * holds are resolved ({@link Escapes}), invisible characters and combining marks dropped, digits,
 * dashes, spaces and letters of other shapes folded to ASCII ({@link Folds}), and look-alikes
 * within Latin words to Latin ({@link Confusables}). Recognisers read the copy; {@link #textStart}
 * and {@link #textEnd} lead back to the bytes that are covered.
 *
 * <p>The text may come in pieces: the copy is a function of the whole text alone. Offsets of the
 * copy and of the text are absolute, however much of the front was discarded. Memory grows with
 * what is retained of the copy, not with what was dropped from it. One thread at a time.
 */
public final class DetectionCopy {
  // What a stretch of the copy stands for.
  private static final byte IDENTITY = 0;
  private static final byte FOLDED = 1;
  private static final byte DROPPED = 2;
  private static final byte MARKS = 3;

  /** Look-alikes in a row that are taken for Latin; real words are longer or have other letters. */
  private static final int LOOK_ALIKES_MAX = 8;

  private static final int BYTES_INITIAL = 256;
  private static final int STRETCHES_INITIAL = 16;

  private final Escapes escapes = new Escapes();
  private final byte[] plain = new byte[Folds.BYTES_MAX];

  private byte[] copy = new byte[BYTES_INITIAL];
  private int length;

  /** Offset in the whole copy of {@code copy[0]}. */
  private int origin;

  private int[] copyStarts = new int[STRETCHES_INITIAL];
  private int[] textStarts = new int[STRETCHES_INITIAL];
  private byte[] kinds = new byte[STRETCHES_INITIAL];
  private int stretches;

  /** Offset in the text up to which it was read. */
  private int read;

  /** Bytes of the character that was looked at last. */
  private int characterBytes;

  /** The last character was a letter of another script that was left alone. */
  private boolean afterOtherScript;

  /**
   * Starts with a text whose first bytes, which lie at {@code textOffset}, stand for themselves.
   */
  public void begin(final byte[] text, final int from, final int to, final int textOffset) {
    length = 0;
    stretches = 0;
    origin = textOffset;
    read = textOffset;
    afterOtherScript = false;
    identity(text, from, to - from);
  }

  /**
   * Reads on.
   *
   * @param text well-formed UTF-8, cut between code points
   * @param from index of the byte at {@link #read}
   * @param last whether the text ends at {@code to}; if not, some bytes at its end may be left
   */
  public void append(final byte[] text, final int from, final int to, final boolean last) {
    append(text, from, to, last, null);
  }

  /**
   * Makes the copy of a whole text.
   *
   * @param text well-formed UTF-8
   * @param masks of {@code text[0, length)}
   */
  public void read(final byte[] text, final int length, final ByteMasks masks) {
    begin(text, 0, 0, 0);
    append(text, 0, length, true, masks);
  }

  private void append(
      final byte[] text, final int from, final int to, final boolean last, final ByteMasks masks) {
    escapes.begin(text, to, last);
    int plainFrom = from;
    int p = from;
    while (p < to) {
      p = masks == null ? SpecialBytes.next(text, p, to) : Math.min(to, masks.nextSpecial(p));
      if (p > plainFrom) {
        afterOtherScript &= text[p - 1] < 0;
      }
      if (p == to) {
        break;
      }
      final boolean raw = text[p] < 0;
      if (raw) {
        final int unfolded = skipUnfolded(text, p, to);
        if (unfolded > p) {
          p = unfolded;
          continue;
        }
        final int codePoint = Utf8.codePoint(text, p);
        if (!Confusables.otherScript(codePoint)) {
          identity(text, plainFrom, p - plainFrom);
          afterOtherScript = false;
          fold(Folds.of(codePoint), Utf8.length(codePoint));
          p += Utf8.length(codePoint);
          plainFrom = p;
          continue;
        }
      } else if (!last && to - p < SpecialBytes.LOOK_AHEAD_BYTES) {
        break;
      } else if (!SpecialBytes.isDisguise(text, p, to)) {
        afterOtherScript = false;
        p++;
        continue;
      }
      final int control = Escapes.control(text, p, to);
      if (control != 0) {
        identity(text, plainFrom, p - plainFrom);
        afterOtherScript = false;
        stretch(FOLDED);
        reserve(1);
        copy[length++] = (byte) control;
        read += Escapes.CONTROL_BYTES;
        p += Escapes.CONTROL_BYTES;
        plainFrom = p;
        continue;
      }
      final int codePoint = character(text, p, to);
      if (codePoint < 0) {
        break;
      }
      final int bytes = characterBytes;
      final boolean lookAlike = Confusables.latin(codePoint) != 0 && !afterOtherScript;
      identity(text, plainFrom, p - plainFrom);
      plainFrom = p;
      if (lookAlike) {
        final int taken = lookAlikes(text, p, to);
        if (taken == 0) {
          return;
        }
        p += taken;
      } else {
        afterOtherScript = Confusables.otherScript(codePoint);
        write(text, p, codePoint, bytes);
        p += bytes;
      }
      plainFrom = p;
    }
    identity(text, plainFrom, p - plainFrom);
  }

  /** The end of the characters outside of ASCII from {@code from} on that stand for themselves. */
  private int skipUnfolded(final byte[] text, final int from, final int to) {
    boolean other = afterOtherScript;
    int p = from;
    while (p < to && text[p] < 0) {
      final int codePoint = Utf8.codePoint(text, p);
      if (Confusables.latin(codePoint) != 0 && !other || Folds.of(codePoint) != Folds.SAME) {
        break;
      }
      other = Confusables.otherScript(codePoint);
      p += Utf8.length(codePoint);
    }
    afterOtherScript = other;
    return p;
  }

  /** Reads a row of look-alikes; returns its bytes, or 0 when the text must first go on. */
  private int lookAlikes(final byte[] text, final int at, final int to) {
    int count = 0;
    int end = at;
    boolean plainly = true;
    int codePoint = character(text, at, to);
    do {
      plainly &= text[end] < 0 && Folds.of(codePoint) == Folds.SAME;
      end += characterBytes;
      count++;
      codePoint = character(text, end, to);
      if (codePoint == Escapes.MORE) {
        return 0;
      }
    } while (count < LOOK_ALIKES_MAX && Confusables.latin(codePoint) != 0);
    final boolean fold =
        !Confusables.otherScript(codePoint)
            && (latinLetter(codePoint) || length > 0 && latinLetter(copy[length - 1]));
    afterOtherScript = !fold;
    if (plainly && !fold) {
      identity(text, at, end - at);
      return end - at;
    }
    int p = at;
    while (p < end) {
      codePoint = character(text, p, to);
      final int bytes = characterBytes;
      if (fold) {
        stretch(FOLDED);
        reserve(1);
        copy[length++] = (byte) Confusables.latin(codePoint);
        read += bytes;
      } else {
        write(text, p, codePoint, bytes);
      }
      p += bytes;
    }
    return end - at;
  }

  /** The code point at {@code at}, as {@link Escapes#read}; sets {@link #characterBytes}. */
  private int character(final byte[] text, final int at, final int to) {
    if (at < to && text[at] < 0) {
      final int codePoint = Utf8.codePoint(text, at);
      characterBytes = Utf8.length(codePoint);
      return codePoint;
    }
    final int codePoint = escapes.read(at);
    characterBytes = escapes.length();
    return codePoint;
  }

  private static boolean latinLetter(final int codePoint) {
    final int lower = codePoint | 0x20;
    return codePoint == '_' || codePoint > 0 && lower >= 'a' && lower <= 'z';
  }

  private void write(final byte[] text, final int at, final int codePoint, final int bytes) {
    final int fold = codePoint < 0x80 ? Folds.SAME : Folds.of(codePoint);
    if (fold != Folds.SAME) {
      fold(fold, bytes);
    } else if (bytes == Utf8.length(codePoint)) {
      identity(text, at, bytes);
    } else {
      stretch(FOLDED);
      append(Utf8.encode(codePoint, plain));
      read += bytes;
    }
  }

  /** Puts what {@code fold}, which is not {@link Folds#SAME}, says in the place of a character. */
  private void fold(final int fold, final int bytes) {
    if (fold == Folds.DROP || fold == Folds.MARK) {
      stretch(fold == Folds.DROP ? DROPPED : MARKS);
    } else {
      stretch(FOLDED);
      reserve(Folds.BYTES_MAX);
      length += Folds.write(fold, copy, length);
    }
    read += bytes;
  }

  private void append(final int bytes) {
    reserve(bytes);
    System.arraycopy(plain, 0, copy, length, bytes);
    length += bytes;
  }

  private void identity(final byte[] text, final int from, final int bytes) {
    if (bytes == 0) {
      return;
    }
    if (stretches == 0 || kinds[stretches - 1] != IDENTITY) {
      stretch(IDENTITY);
    }
    reserve(bytes);
    System.arraycopy(text, from, copy, length, bytes);
    length += bytes;
    read += bytes;
  }

  /** Opens a stretch here; what is dropped in a row is at most two: marks, then all the rest. */
  private void stretch(final byte kind) {
    if (stretches > 0
        && (kind == MARKS && kinds[stretches - 1] >= DROPPED
            || kind == DROPPED && kinds[stretches - 1] == DROPPED)) {
      return;
    }
    if (stretches == kinds.length) {
      final int more = stretches + stretches / 2;
      copyStarts = Arrays.copyOf(copyStarts, more);
      textStarts = Arrays.copyOf(textStarts, more);
      kinds = Arrays.copyOf(kinds, more);
    }
    copyStarts[stretches] = origin + length;
    textStarts[stretches] = read;
    kinds[stretches++] = kind;
  }

  private void reserve(final int bytes) {
    if (copy.length - length < bytes) {
      copy = Arrays.copyOf(copy, Math.max(copy.length + copy.length / 2, length + bytes));
    }
  }

  /** The retained bytes of the copy, well-formed UTF-8, owned by this object. */
  public byte[] bytes() {
    return copy;
  }

  /** How many of {@link #bytes} there are. */
  public int length() {
    return length;
  }

  /** Offset in the whole copy of the first retained byte. */
  public int origin() {
    return origin;
  }

  /** Offset in the text of the first byte that is not read yet. */
  public int read() {
    return read;
  }

  /** Whether what is retained is the text itself, byte by byte. */
  public boolean same() {
    return stretches == 0 || stretches == 1 && kinds[0] == IDENTITY;
  }

  /** As {@link #same}, and nothing that was read bears on how the text goes on. */
  public boolean idle() {
    return same() && !afterOtherScript;
  }

  /**
   * Whether every character that the copy has in another form than the text is one of {@code
   * bytes}, and none is left out.
   *
   * @param bytes by their unsigned values
   */
  public boolean changesOnlyTo(final boolean[] bytes) {
    for (int i = 0; i < stretches; i++) {
      if (kinds[i] >= DROPPED) {
        return false;
      }
      if (kinds[i] == FOLDED) {
        final int end = i + 1 < stretches ? copyStarts[i + 1] - origin : length;
        for (int at = copyStarts[i] - origin; at < end; at++) {
          if (!bytes[copy[at] & 0xFF]) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /**
   * Where in the copy the text {@code [start, end)} ends that stands there unchanged; -1 when some
   * of it does not.
   */
  public int unchangedEnd(final int start, final int end) {
    int low = 0;
    int high = stretches - 1;
    while (low < high) {
      final int middle = low + high + 1 >>> 1;
      if (textStarts[middle] <= start) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return stretches > 0 && kinds[low] == IDENTITY && end <= textStartOf(low + 1)
        ? copyStarts[low] + end - textStarts[low]
        : -1;
  }

  /** Where in the text the character begins that the byte of the copy at {@code offset} is of. */
  public int textStart(final int offset) {
    if (offset == origin + length) {
      return read;
    }
    final int stretch = stretchOf(offset);
    return kinds[stretch] == IDENTITY
        ? textStarts[stretch] + offset - copyStarts[stretch]
        : textStarts[stretch];
  }

  /**
   * Where in the text the character ends, with the marks combined with it, that the byte of the
   * copy before {@code offset} is of.
   */
  public int textEnd(final int offset) {
    final int stretch = stretchOf(offset - 1);
    int next = stretch + 1;
    if (kinds[stretch] == IDENTITY) {
      final int end = textStarts[stretch] + offset - copyStarts[stretch];
      if (end < textStartOf(next)) {
        return end;
      }
    }
    if (next < stretches && kinds[next] == MARKS) {
      next++;
    }
    return textStartOf(next);
  }

  private int textStartOf(final int stretch) {
    return stretch < stretches ? textStarts[stretch] : read;
  }

  /** The last stretch that begins at or before {@code offset}. */
  private int stretchOf(final int offset) {
    int low = 0;
    int high = stretches - 1;
    while (low < high) {
      final int middle = low + high + 1 >>> 1;
      if (copyStarts[middle] <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The first offset of the copy whose character begins at or after {@code textOffset}. */
  public int copyOffset(final int textOffset) {
    int low = 0;
    int high = stretches;
    while (low < high) {
      final int middle = low + high >>> 1;
      if (textStarts[middle] <= textOffset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return origin;
    }
    final int stretch = low - 1;
    final int next = low < stretches ? copyStarts[low] : origin + length;
    if (textStarts[stretch] == textOffset) {
      return copyStarts[stretch];
    }
    return kinds[stretch] == IDENTITY
        ? Math.min(next, copyStarts[stretch] + textOffset - textStarts[stretch])
        : next;
  }

  /** Forgets what lies before {@code offset}, or a little less: whole code points go. */
  public void discard(final int offset) {
    int gone = Math.min(offset - origin, length);
    while (gone > 0 && gone < length && (copy[gone] & 0xC0) == 0x80) {
      gone--;
    }
    if (gone <= 0) {
      return;
    }
    final int first = stretchOf(origin + gone);
    if (kinds[first] == IDENTITY && copyStarts[first] < origin + gone) {
      textStarts[first] += origin + gone - copyStarts[first];
      copyStarts[first] = origin + gone;
    }
    stretches -= first;
    System.arraycopy(copyStarts, first, copyStarts, 0, stretches);
    System.arraycopy(textStarts, first, textStarts, 0, stretches);
    System.arraycopy(kinds, first, kinds, 0, stretches);
    length -= gone;
    origin += gone;
    System.arraycopy(copy, gone, copy, 0, length);
  }
}
