package io.sealgate.policy.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The ids of what rules name in one dimension: values and globs ({@code *} for any run of
 * characters). A call's value has the ids of all patterns that it satisfies, so indexes know
 * nothing of globs. Ids depend on the set of patterns alone. Any number of threads may ask.
 *
 * <p>A value is matched against globs once and then remembered, in two tables of fixed size. Which
 * globs to match is found by their literal ends: of a glob's prefix and suffix, the one that fewer
 * other globs share leads to it. Globs without either, and globs with text between two {@code *},
 * take longer to match, so there can be only {@link #SEARCHING_GLOBS_MAX} of them. The first sight
 * of a value costs at worst one match a glob, each at most {@link #PATTERN_LENGTH_MAX} times the
 * value's length in steps and in most cases the length of the glob.
 */
public final class ValueDictionary {
  /** The longest pattern, in chars. */
  public static final int PATTERN_LENGTH_MAX = 256;

  /** The most globs that have text between two {@code *}. */
  public static final int SEARCHING_GLOBS_MAX = 4_096;

  /** Answers up to so many ids go to the larger table: 1 MB of them at most. */
  private static final int SHORT_ANSWER_MAX = 256;

  private static final int SHORT_ANSWERS = 1_024;

  /** Longer ones, such as a value has that satisfies 100,000 globs: 3.2 MB of them then. */
  private static final int LONG_ANSWERS = 8;

  /** Longer values, in chars, are matched each time: nobody's real model has such a name. */
  private static final int REMEMBERED_LENGTH_MAX = 256;

  private static final int[] NONE = {};

  /** A value whose ids were asked for; never written. */
  private record Answer(String value, int[] ids) {}

  private final Map<String, Integer> idByText = new HashMap<>();

  /** The answer for values that are named, if there are no globs. */
  private final Map<String, int[]> exact = new HashMap<>();

  private final String[] texts;

  /** By id; null for plain names. */
  private final GlobPattern[] globs;

  private final boolean hasGlobs;

  /** Ids of the globs to be matched where a value has such a start or end. */
  private final Map<String, int[]> byPrefix;

  private final Map<String, int[]> bySuffix;
  private final int[] prefixLengths;
  private final int[] suffixLengths;

  private final AtomicReferenceArray<Answer> shortAnswers =
      new AtomicReferenceArray<>(SHORT_ANSWERS);
  private final AtomicReferenceArray<Answer> longAnswers = new AtomicReferenceArray<>(LONG_ANSWERS);

  /**
   * Numbers patterns.
   *
   * @param texts in any order, repeated or not
   * @throws IllegalArgumentException if there are too many, one is too long, or too many have text
   *     between two {@code *}
   */
  public ValueDictionary(Collection<String> texts) {
    final TreeSet<String> distinct = new TreeSet<>();
    for (final String text : texts) {
      if (text.length() > PATTERN_LENGTH_MAX) {
        throw new IllegalArgumentException(
            "a name or pattern has "
                + text.length()
                + " characters; shorten it to "
                + PATTERN_LENGTH_MAX);
      }
      distinct.add(normal(text));
    }
    if (distinct.size() > ScopeEntries.IDS_MAX) {
      throw new IllegalArgumentException(
          distinct.size() + " names and patterns; use at most " + ScopeEntries.IDS_MAX);
    }
    this.texts = distinct.toArray(String[]::new);
    globs = new GlobPattern[this.texts.length];
    for (int id = 0; id < globs.length; id++) {
      idByText.put(this.texts[id], id);
      globs[id] = GlobPattern.isGlob(this.texts[id]) ? GlobPattern.of(this.texts[id]) : null;
    }
    checkSearching();
    hasGlobs = Arrays.stream(globs).anyMatch(Objects::nonNull);
    if (!hasGlobs) {
      idByText.forEach((text, id) -> exact.put(text, new int[] {id}));
    }
    final Map<String, List<Integer>> prefixes = new HashMap<>();
    final Map<String, List<Integer>> suffixes = new HashMap<>();
    share(prefixes, suffixes);
    byPrefix = arrays(prefixes);
    bySuffix = arrays(suffixes);
    prefixLengths = lengths(byPrefix);
    suffixLengths = lengths(bySuffix);
  }

  private static String normal(String text) {
    return GlobPattern.isGlob(text) ? GlobPattern.of(text).text() : text;
  }

  private void checkSearching() {
    final long searching =
        Arrays.stream(globs).filter(glob -> glob != null && !glob.inner().isEmpty()).count();
    if (searching > SEARCHING_GLOBS_MAX) {
      throw new IllegalArgumentException(
          searching
              + " patterns have text between two '*'; keep at most "
              + SEARCHING_GLOBS_MAX
              + " and write the others as a start or an end with one '*'");
    }
  }

  /** Files each glob under its prefix or its suffix, whichever fewer globs have. */
  private void share(Map<String, List<Integer>> prefixes, Map<String, List<Integer>> suffixes) {
    final Map<String, Integer> prefixUses = new HashMap<>();
    final Map<String, Integer> suffixUses = new HashMap<>();
    for (final GlobPattern glob : globs) {
      if (glob != null) {
        prefixUses.merge(glob.prefix(), 1, Integer::sum);
        suffixUses.merge(glob.suffix(), 1, Integer::sum);
      }
    }
    for (int id = 0; id < globs.length; id++) {
      if (globs[id] != null) {
        final String prefix = globs[id].prefix();
        final String suffix = globs[id].suffix();
        if (prefixUses.get(prefix) <= suffixUses.get(suffix)) {
          prefixes.computeIfAbsent(prefix, _ -> new ArrayList<>()).add(id);
        } else {
          suffixes.computeIfAbsent(suffix, _ -> new ArrayList<>()).add(id);
        }
      }
    }
  }

  private static Map<String, int[]> arrays(Map<String, List<Integer>> lists) {
    final Map<String, int[]> arrays = new HashMap<>();
    lists.forEach((text, ids) -> arrays.put(text, ids.stream().mapToInt(id -> id).toArray()));
    return arrays;
  }

  private static int[] lengths(Map<String, int[]> byText) {
    return byText.keySet().stream().mapToInt(String::length).distinct().toArray();
  }

  /** How many ids there are; they are numbered from 0. */
  public int count() {
    return texts.length;
  }

  /** What an id stands for, with runs of {@code *} written as one. */
  public String text(int id) {
    return texts[id];
  }

  /**
   * The id of a pattern, for rules.
   *
   * @return -1 if the dictionary was made without it
   */
  public int id(String pattern) {
    return idByText.getOrDefault(normal(pattern), -1);
  }

  /**
   * Adds the ids of a call's value to a query. Allocates nothing for a value of at most 256 chars
   * that was seen before, unless others have taken its place.
   */
  public void lookUp(String value, ScopeQuery query, int dimension) {
    query.addAll(dimension, ids(value));
  }

  /** The ids of all patterns that a value satisfies, ascending; never to be written. */
  int[] ids(String value) {
    if (!hasGlobs) {
      return exact.getOrDefault(value, NONE);
    }
    final int hash = value.hashCode();
    final int place = hash ^ hash >>> 16;
    final Answer answer = shortAnswers.getAcquire(place & SHORT_ANSWERS - 1);
    if (answer != null && answer.value.equals(value)) {
      return answer.ids;
    }
    final Answer longAnswer = longAnswers.getAcquire(place & LONG_ANSWERS - 1);
    if (longAnswer != null && longAnswer.value.equals(value)) {
      return longAnswer.ids;
    }
    final int[] ids = match(value);
    if (value.length() > REMEMBERED_LENGTH_MAX) {
      return ids;
    }
    if (ids.length <= SHORT_ANSWER_MAX) {
      shortAnswers.setRelease(place & SHORT_ANSWERS - 1, new Answer(value, ids));
    } else {
      longAnswers.setRelease(place & LONG_ANSWERS - 1, new Answer(value, ids));
    }
    return ids;
  }

  private int[] match(String value) {
    final Matches matches = new Matches(value);
    final Integer named = GlobPattern.isGlob(value) ? null : idByText.get(value);
    if (named != null) {
      matches.add(named);
    }
    for (final int length : prefixLengths) {
      if (length <= value.length()) {
        matches.addMatching(byPrefix.get(value.substring(0, length)));
      }
    }
    for (final int length : suffixLengths) {
      if (length <= value.length()) {
        matches.addMatching(bySuffix.get(value.substring(value.length() - length)));
      }
    }
    return matches.ascending();
  }

  /** Collects what a value satisfies. */
  private final class Matches {
    private final String value;
    private int[] ids = new int[16];
    private int size;

    Matches(String value) {
      this.value = value;
    }

    void add(int id) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, 2 * size);
      }
      ids[size++] = id;
    }

    void addMatching(int[] candidates) {
      if (candidates == null) {
        return;
      }
      for (final int id : candidates) {
        if (globs[id].matches(value)) {
          add(id);
        }
      }
    }

    int[] ascending() {
      final int[] ascending = Arrays.copyOf(ids, size);
      Arrays.sort(ascending);
      return ascending;
    }
  }
}
