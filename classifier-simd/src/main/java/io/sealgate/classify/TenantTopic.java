package io.sealgate.classify;

import io.sealgate.classify.finding.Reach;
import java.util.List;
import java.util.Objects;

/**
 * A tenant's topic: words that together say what a text is about. The topic is found where words
 * whose weights add up to the threshold stand within {@link Reach#SPAN_BYTES_MAX} bytes; a word
 * counts once however often it is repeated. The finding reaches from the first of them to the last,
 * and findings that overlap are joined. Words are found as a keyword of {@link TenantPattern} is,
 * but ignore the case of ASCII letters only.
 *
 * @param name for messages and records, unique by the caller's own rules
 * @param words at least one
 * @param threshold from 1 to the sum of all weights
 */
public record TenantTopic(String name, List<Word> words, int threshold) {
  /** Words of one topic. */
  public static final int WORDS_MAX = 1_000;

  /**
   * One of a topic's words.
   *
   * @param text the word or words, found literally
   * @param weight from 1 on
   */
  public record Word(String text, int weight) {
    public Word {
      Objects.requireNonNull(text, "text");
    }
  }

  public TenantTopic {
    Objects.requireNonNull(name, "name");
    words = List.copyOf(words);
  }
}
