package io.sealgate.policy.cel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The literals of many expressions side by side, a word for each: numbers as they are, objects by
 * their number. The upper half of a text's word tells most other texts apart without a look at the
 * text itself, which would be one more miss of the cache. One thread.
 */
public final class Literals {
  private static final int LENGTH_MAX = 0xffff;

  private long[] words = new long[64];
  private int size;
  private final List<Object> objects = new ArrayList<>();
  private final Map<Object, Integer> numbers = new HashMap<>();

  /** Appends any word and returns its place. */
  public int add(long word) {
    if (size == words.length) {
      words = Arrays.copyOf(words, 2 * size);
    }
    words[size] = word;
    return size++;
  }

  /** Appends an expression's literals in the order of its slots. */
  public void add(Shape shape) {
    for (int i = 0; i < shape.slots().size(); i++) {
      add(word(shape.slots().get(i).kind(), shape.literal(i)));
    }
  }

  private long word(Shape.SlotKind kind, Object value) {
    return switch (kind) {
      case LONG -> (Long) value;
      case INT -> (Integer) value;
      case DOUBLE -> Double.doubleToRawLongBits((Double) value);
      case STRING -> word(Objects.hashCode(value), value);
      case PREFIX -> word(end((String) value, 0), value);
      case SUFFIX -> word(end((String) value, ((String) value).length() - 1), value);
      case STRINGS, LONGS, PATTERN, OBJECT -> word(0, value);
    };
  }

  private static int end(String text, int at) {
    return Math.min(text.length(), LENGTH_MAX) << 16 | (text.isEmpty() ? 0 : text.charAt(at));
  }

  /** Literals that are equal are kept once. */
  private long word(int upper, Object value) {
    final int number =
        numbers.computeIfAbsent(
            value,
            v -> {
              objects.add(v);
              return objects.size() - 1;
            });
    return (long) upper << Integer.SIZE | number;
  }

  /** A copy of all words. */
  public long[] words() {
    return Arrays.copyOf(words, size);
  }

  /** The objects by their numbers. */
  public Object[] objects() {
    return objects.toArray();
  }

  // For generated code: tests of a text against a text literal.

  /** {@code text == literal}. */
  public static boolean equal(String text, long word, Object[] objects) {
    return text.hashCode() == (int) (word >>> Integer.SIZE) && text.equals(objects[(int) word]);
  }

  /** {@code text.startsWith(literal)}. */
  public static boolean startsWith(String text, long word, Object[] objects) {
    final int length = (int) (word >>> 48);
    return text.length() >= length
        && (length == 0
            || text.charAt(0) == (char) (word >>> Integer.SIZE)
                && text.startsWith((String) objects[(int) word]));
  }

  /** {@code text.endsWith(literal)}. */
  public static boolean endsWith(String text, long word, Object[] objects) {
    final int length = (int) (word >>> 48);
    return text.length() >= length
        && (length == 0
            || text.charAt(text.length() - 1) == (char) (word >>> Integer.SIZE)
                && text.endsWith((String) objects[(int) word]));
  }
}
