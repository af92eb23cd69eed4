package io.sealgate.classify;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.Reach;
import java.util.Arrays;
import java.util.List;

/**
 * The words of topics found in one text, and the shortest stretches that reach a threshold. What is
 * found at a place depends on the {@link Reach#SPAN_BYTES_MAX} bytes around it only. Reused for
 * many texts; not thread-safe.
 */
final class TopicMatches {
  private static final int INITIAL = 64;
  private static final int NONE = Integer.MAX_VALUE;

  private final int firstRule;
  private final int[] thresholds;
  private final int[][] weights;

  /** By topic and word: the stretch in which it was counted last. */
  private final int[][] counted;

  private int stretch;

  /** Per match: {@code topic << 32 | start}, and {@code word << 32 | end}. */
  private long[] places = new long[INITIAL];

  private long[] words = new long[INITIAL];
  private int count;

  /** Scratch space: where the matches of each topic begin, and the matches in that order. */
  private final int[] bounds;

  private long[] sortedPlaces = {};
  private long[] sortedWords = {};

  /**
   * @param firstRule the number of the first topic
   */
  TopicMatches(final List<TenantTopic> topics, final int firstRule) {
    this.firstRule = firstRule;
    thresholds = topics.stream().mapToInt(TenantTopic::threshold).toArray();
    weights =
        topics.stream()
            .map(topic -> topic.words().stream().mapToInt(TenantTopic.Word::weight).toArray())
            .toArray(int[][]::new);
    bounds = new int[weights.length + 1];
    counted = Arrays.stream(weights).map(of -> new int[of.length]).toArray(int[][]::new);
  }

  void add(final int topic, final int word, final int start, final int end) {
    if (count == places.length) {
      places = Arrays.copyOf(places, count * 2);
      words = Arrays.copyOf(words, count * 2);
    }
    places[count] = (long) topic << 32 | start;
    words[count++] = (long) word << 32 | end;
  }

  /** Moves what is found to {@code out}. */
  void flush(final Hits out) {
    if (count == 0) {
      return;
    }
    sort();
    int endBefore = NONE;
    for (int first = count - 1; first >= 0; first--) {
      final int topic = (int) (places[first] >> 32);
      if (first == count - 1 || (int) (places[first + 1] >> 32) != topic) {
        endBefore = NONE;
      }
      final int end = end(first, topic);
      // A stretch that holds a shorter one says nothing more.
      if (end < endBefore) {
        final int start = (int) places[first];
        out.add(
            FindingTypes.TENANT_PATTERN,
            start,
            end,
            Hits.SCORE_MICROS_MAX,
            Evidence.KEYWORD,
            firstRule + topic);
        endBefore = end;
      }
    }
    count = 0;
  }

  /** By topic, then start; matches come by their ends and so are nearly sorted by start already. */
  private void sort() {
    if (thresholds.length > 1) {
      sortByTopic();
    }
    for (int i = 1; i < count; i++) {
      final long place = places[i];
      final long word = words[i];
      int at = i;
      while (at > 0 && places[at - 1] > place) {
        places[at] = places[at - 1];
        words[at] = words[at - 1];
        at--;
      }
      places[at] = place;
      words[at] = word;
    }
  }

  private void sortByTopic() {
    Arrays.fill(bounds, 0);
    for (int i = 0; i < count; i++) {
      bounds[(int) (places[i] >> 32) + 1]++;
    }
    for (int topic = 1; topic < bounds.length; topic++) {
      bounds[topic] += bounds[topic - 1];
    }
    if (sortedPlaces.length < count) {
      sortedPlaces = new long[places.length];
      sortedWords = new long[places.length];
    }
    for (int i = 0; i < count; i++) {
      final int at = bounds[(int) (places[i] >> 32)]++;
      sortedPlaces[at] = places[i];
      sortedWords[at] = words[i];
    }
    System.arraycopy(sortedPlaces, 0, places, 0, count);
    System.arraycopy(sortedWords, 0, words, 0, count);
  }

  /** The earliest end of a stretch from this match on that reaches the threshold. */
  private int end(final int first, final int topic) {
    final int latest = (int) places[first] + Reach.SPAN_BYTES_MAX;
    stretch++;
    long weight = 0;
    int end = 0;
    for (int i = first; i < count && (int) (places[i] >> 32) == topic; i++) {
      if ((int) places[i] >= latest) {
        break;
      }
      final int word = (int) (words[i] >> 32);
      if ((int) words[i] <= latest && counted[topic][word] != stretch) {
        counted[topic][word] = stretch;
        weight += weights[topic][word];
        end = Math.max(end, (int) words[i]);
        if (weight >= thresholds[topic]) {
          return end;
        }
      }
    }
    return NONE;
  }
}
