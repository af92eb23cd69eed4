package io.sealgate.classify.tripwire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * Words in order, as a pack writes them: {@code ignore|disregard ..3 previous|prior ..2
 * instruction*}. Alternatives stand between {@code |}, a star ends a stem, and {@code ..n} allows
 * up to n words in between (none without it). Matching takes time linear in words and steps.
 */
final class Phrase {
  private static final int GAP_MAX = 8;

  /**
   * A word may be any of {@code words}, whose first bytes are in the set {@code initials}; {@code
   * gap} others may stand before it.
   */
  private record Step(byte[][] words, boolean[] stems, long initials, int gap) {
    boolean fits(final WordWindow window, final int word) {
      if ((initials & window.initial(word)) == 0) {
        return false;
      }
      for (int i = 0; i < words.length; i++) {
        if (window.is(word, words[i], stems[i])) {
          return true;
        }
      }
      return false;
    }
  }

  private final Step[] steps;

  /**
   * @throws IllegalArgumentException when the phrase is not as described
   */
  Phrase(final String phrase) {
    final List<Step> read = new ArrayList<>();
    int gap = 0;
    for (final String part : phrase.trim().split("\\s+")) {
      if (part.startsWith("..")) {
        gap = Integer.parseInt(part.substring(2));
        if (gap < 1 || gap > GAP_MAX || read.isEmpty()) {
          throw new IllegalArgumentException("no such gap in the phrase: " + phrase);
        }
      } else {
        read.add(step(part, gap));
        gap = 0;
      }
    }
    if (read.isEmpty() || gap != 0) {
      throw new IllegalArgumentException("the phrase has no last word: " + phrase);
    }
    steps = read.toArray(Step[]::new);
  }

  private static Step step(final String part, final int gap) {
    final String[] alternatives = part.split("\\|");
    final var words = new byte[alternatives.length][];
    final var stems = new boolean[alternatives.length];
    long initials = 0;
    for (int i = 0; i < alternatives.length; i++) {
      stems[i] = alternatives[i].endsWith("*");
      final String word =
          stems[i] ? alternatives[i].substring(0, alternatives[i].length() - 1) : alternatives[i];
      if (word.isEmpty()) {
        throw new IllegalArgumentException("an empty word in the phrase: " + part);
      }
      words[i] = word.getBytes(UTF_8);
      initials |= WordWindow.initial(words[i][0]);
    }
    return new Step(words, stems, initials, gap);
  }

  /** How many words a match can have after its first. */
  int wordsAfterFirst() {
    int words = 0;
    for (int step = 1; step < steps.length; step++) {
      words += steps[step].gap() + 1;
    }
    return words;
  }

  /**
   * The first and last word, {@code first << 32 | last}, of the match that ends first and, of
   * those, begins last; -1 when there is none. So nothing after the last word can change it.
   */
  long find(final WordWindow window) {
    for (final Step step : steps) {
      if ((step.initials() & window.initials()) == 0) {
        return -1;
      }
    }
    long best = -1;
    for (int word = window.firstAnchorWord(); word <= window.lastAnchorWord(); word++) {
      for (int step = 0; step < steps.length; step++) {
        if (steps[step].fits(window, word)) {
          final int last = last(window, step, word);
          final int first = last < 0 ? -1 : first(window, step, word);
          best = first < 0 ? best : earlier(best, (long) first << 32 | last);
        }
      }
    }
    return best;
  }

  /** Of two matches, the one that ends first, or else begins last; -1 is none. */
  static long earlier(final long one, final long other) {
    if (one < 0 || other < 0) {
      return Math.max(one, other);
    }
    if ((int) one != (int) other) {
      return (int) one < (int) other ? one : other;
    }
    return Math.max(one, other);
  }

  /** Sets of words are bits: the words at which all steps so far can end. */
  private int last(final WordWindow window, final int from, final int anchor) {
    long reached = 1L << anchor;
    for (int step = from + 1; step < steps.length && reached != 0; step++) {
      long next = 0;
      for (int gap = 0; gap <= steps[step].gap(); gap++) {
        next |= reached << (1 + gap);
      }
      reached = fitting(window, steps[step], next);
    }
    return reached == 0 ? -1 : Long.numberOfTrailingZeros(reached);
  }

  private int first(final WordWindow window, final int from, final int anchor) {
    long reached = 1L << anchor;
    for (int step = from; step > 0 && reached != 0; step--) {
      long next = 0;
      for (int gap = 0; gap <= steps[step].gap(); gap++) {
        next |= reached >>> (1 + gap);
      }
      reached = fitting(window, steps[step - 1], next);
    }
    return reached == 0 ? -1 : Long.SIZE - 1 - Long.numberOfLeadingZeros(reached);
  }

  private static long fitting(final WordWindow window, final Step step, final long words) {
    long fitting = 0;
    final long inside = window.count() == Long.SIZE ? -1L : (1L << window.count()) - 1;
    for (long rest = words & inside; rest != 0; rest &= rest - 1) {
      final int word = Long.numberOfTrailingZeros(rest);
      fitting |= step.fits(window, word) ? 1L << word : 0;
    }
    return fitting;
  }
}
