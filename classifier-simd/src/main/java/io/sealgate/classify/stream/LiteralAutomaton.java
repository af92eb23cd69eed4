package io.sealgate.classify.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The literals whose occurrence may lead to a hit, as an automaton (Aho and Corasick, 1975) that
 * reads a byte at a time: it knows which literals end here and how much of one may be under way. It
 * ignores the case of ASCII letters, so it knows of at least what the literals match. Immutable.
 */
public final class LiteralAutomaton {
  /** Some literal ends here. */
  static final int LITERAL = 1;

  /** The first line of a PEM block begins. */
  static final int PEM_BEGIN = 2;

  /** The label of a private key. */
  static final int PEM_KEY = 4;

  /** The last line of a PEM block begins. */
  static final int PEM_END = 8;

  /** The head of a JSON Web Token. */
  static final int WEB_TOKEN = 16;

  /** Literals longer than this together are left out; see {@link #unseenBytes}. */
  private static final int LITERAL_BYTES_MAX = 32 * 1024;

  private static final String PEM_BEGIN_TEXT = "-----begin ";
  private static final String PEM_KEY_TEXT = "private key";
  private static final String PEM_END_TEXT = "-----end ";
  private static final String WEB_TOKEN_TEXT = "eyj";

  private final int[] classes = new int[256];
  private int classCount = 1;
  private final char[] next;
  private final char[] depths;
  private final char[] lengths;
  private final byte[] kinds;
  private final int unseenBytes;

  /**
   * @param literals case ignored
   */
  public LiteralAutomaton(final List<byte[]> literals) {
    final List<byte[]> all = new ArrayList<>();
    int bytes = 0;
    int longest = 0;
    for (final byte[] literal : literals) {
      bytes += literal.length;
      longest = Math.max(longest, literal.length);
    }
    unseenBytes = bytes > LITERAL_BYTES_MAX ? longest : 0;
    if (unseenBytes == 0) {
      literals.forEach(literal -> all.add(lower(literal)));
    }
    final int literalCount = all.size();
    for (final String text : List.of(PEM_BEGIN_TEXT, PEM_KEY_TEXT, PEM_END_TEXT, WEB_TOKEN_TEXT)) {
      all.add(text.getBytes(StandardCharsets.US_ASCII));
    }
    final int[] special = {PEM_BEGIN | LITERAL, PEM_KEY, PEM_END, WEB_TOKEN | LITERAL};
    int states = 1;
    for (final byte[] literal : all) {
      states += literal.length;
      for (final byte b : literal) {
        if (classes[b & 0xFF] == 0) {
          classes[b & 0xFF] = classCount++;
        }
      }
    }
    for (int upper = 'A'; upper <= 'Z'; upper++) {
      classes[upper] = classes[upper | 0x20];
    }
    next = new char[states * classCount];
    depths = new char[states];
    lengths = new char[states];
    kinds = new byte[states];
    int used = 1;
    for (int i = 0; i < all.size(); i++) {
      int state = 0;
      for (final byte b : all.get(i)) {
        final int edge = state * classCount + classes[b & 0xFF];
        if (next[edge] == 0) {
          depths[used] = (char) (depths[state] + 1);
          next[edge] = (char) used++;
        }
        state = next[edge];
      }
      lengths[state] = (char) all.get(i).length;
      kinds[state] |= (byte) (i < literalCount ? LITERAL : special[i - literalCount]);
    }
    link(used);
  }

  /** Breadth first: every missing edge becomes that of the longest proper suffix. */
  private void link(final int states) {
    final int[] suffixes = new int[states];
    final var queue = new ArrayDeque<Integer>();
    for (int c = 1; c < classCount; c++) {
      if (next[c] != 0) {
        queue.add((int) next[c]);
      }
    }
    while (!queue.isEmpty()) {
      final int state = queue.remove();
      final int suffix = suffixes[state];
      kinds[state] |= kinds[suffix];
      lengths[state] = (char) Math.max(lengths[state], lengths[suffix]);
      for (int c = 0; c < classCount; c++) {
        final int edge = state * classCount + c;
        final int other = next[suffix * classCount + c];
        if (next[edge] == 0) {
          next[edge] = (char) other;
        } else {
          suffixes[next[edge]] = other;
          queue.add((int) next[edge]);
        }
      }
    }
  }

  private static byte[] lower(final byte[] literal) {
    final byte[] lower = literal.clone();
    for (int i = 0; i < lower.length; i++) {
      if (lower[i] >= 'A' && lower[i] <= 'Z') {
        lower[i] |= 0x20;
      }
    }
    return lower;
  }

  /** The state after {@code b}; the first state is 0. */
  int step(final int state, final byte b) {
    return next[state * classCount + classes[b & 0xFF]];
  }

  /** The kinds of all literals that end in this state, 0 for none. */
  int kinds(final int state) {
    return kinds[state];
  }

  /** The length of the longest literal that ends in this state. */
  int length(final int state) {
    return lengths[state];
  }

  /** How many of the last bytes are the front of a literal, or all of one. */
  int depth(final int state) {
    return depths[state];
  }

  /** The longest literal, when there were too many of them to be followed; otherwise 0. */
  int unseenBytes() {
    return unseenBytes;
  }
}
