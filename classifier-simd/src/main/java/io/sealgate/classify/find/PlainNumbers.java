package io.sealgate.classify.find;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Numbers that are plainly no identifiers, though one in ten of them passes some checksum, and
 * JSON, logs and code are full of them: moments and sizes, told by the name of the field that holds
 * them ({@code "created": 1700000000}, {@code fileSize=1048576000}), and digits in their order
 * ({@code 0123456789}).
 */
final class PlainNumbers {
  /** Of quotation marks, backslashes and spaces around a colon or equals sign. */
  private static final int GAP_BYTES_MAX = 8;

  private static final int LETTERS = 27;

  /** What the last word of such a name is, as a number; sorted. */
  private static final long[] WORDS =
      Stream.of(
              "created",
              "updated",
              "modified",
              "expires",
              "timestamp",
              "time",
              "epoch",
              "exp",
              "iat",
              "nbf",
              "at",
              "ts",
              "ms",
              "duration",
              "size",
              "bytes",
              "length",
              "len",
              "offset",
              "count",
              "tokens",
              "seed")
          .mapToLong(PlainNumbers::number)
          .sorted()
          .toArray();

  private static final int WORD_BYTES_MAX = 9;

  private PlainNumbers() {}

  /** Whether {@code text[start, end)}, which begins with a digit, is one of them. */
  static boolean plain(final byte[] text, final int start, final int end) {
    return measured(text, start) || counting(text, start, end);
  }

  private static boolean counting(final byte[] text, final int start, final int end) {
    final int step = text[start + 1] - text[start];
    boolean counting = step == 1 || step == -1;
    for (int i = start + 1; i < end && counting; i++) {
      counting = Math.floorMod(text[i] - text[i - 1] - step, 10) == 0;
    }
    return counting;
  }

  private static boolean measured(final byte[] text, final int start) {
    int at = start - 1;
    boolean assigned = false;
    while (at >= 0 && at >= start - GAP_BYTES_MAX && gap(text[at])) {
      assigned |= text[at] == ':' || text[at] == '=';
      at--;
    }
    return assigned && Arrays.binarySearch(WORDS, lastWord(text, at)) >= 0;
  }

  private static boolean gap(final byte c) {
    return c == ' ' || c == '"' || c == '\'' || c == '\\' || c == ':' || c == '=';
  }

  /** The word whose last letter is at {@code last}, back to where a capital begins it, or 0. */
  private static long lastWord(final byte[] text, final int last) {
    long number = 0;
    long place = 1;
    boolean small = false;
    for (int at = last; at >= 0 && Ascii.letter(text[at]); at--) {
      if (last - at == WORD_BYTES_MAX) {
        return 0;
      }
      number += place * value(text[at]);
      place *= LETTERS;
      small |= text[at] >= 'a';
      if (small && text[at] < 'a') {
        break;
      }
    }
    return number;
  }

  private static int value(final int letter) {
    return (letter | 0x20) - 'a' + 1;
  }

  private static long number(final String word) {
    long number = 0;
    for (int i = 0; i < word.length(); i++) {
      number = number * LETTERS + value(word.charAt(i));
    }
    return number;
  }
}
