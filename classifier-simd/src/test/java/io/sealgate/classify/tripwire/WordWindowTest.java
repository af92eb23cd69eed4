package io.sealgate.classify.tripwire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.pack.BuiltInPacks;
import io.sealgate.classify.pack.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A window that ends with the words that matter, against one that goes on. */
final class WordWindowTest {
  private static final String[] BETWEEN = {" ", " ", " ", ", ", ". ", "\n", "'", " a ", "\u00e9"};

  @Test
  void shouldFindTheSamePhrasesWhenItEndsWithTheWordsThatMatter() {
    final var random = new Random(41);
    final var whole = new WordWindow();
    final var ended = new WordWindow();
    int found = 0;
    for (final Rule rule : BuiltInPacks.rules()) {
      for (final String text : rule.values("phrases")) {
        final Phrase phrase = new Phrase(text);
        for (int round = 0; round < 100; round++) {
          final List<String> words = new ArrayList<>();
          final String sentence = sentence(text, random, words);
          final String anchor = words.get(random.nextInt(words.size()));
          final byte[] bytes = sentence.getBytes(UTF_8);
          final int start = sentence.substring(0, sentence.indexOf(anchor)).getBytes(UTF_8).length;
          final int end = start + anchor.getBytes(UTF_8).length;
          whole.read(bytes, bytes.length, start, end, WordWindow.WORDS_MAX);
          ended.read(bytes, bytes.length, start, end, phrase.wordsAfterFirst());
          final long expected = phrase.find(whole);
          assertEquals(expected, phrase.find(ended), () -> text + " in " + sentence);
          found += expected < 0 ? 0 : 1;
        }
      }
    }
    assertTrue(found > 1_000, found + " phrases");
  }

  /** A phrase with words in its gaps, often too many, and around it. */
  private static String sentence(final String phrase, final Random random, final List<String> out) {
    final var sentence = new StringBuilder("We say ");
    for (final String part : phrase.trim().split("\\s+")) {
      if (part.startsWith("..")) {
        for (int n = random.nextInt(Integer.parseInt(part.substring(2)) + 2); n > 0; n--) {
          sentence.append("some ");
        }
      } else {
        final String[] words = part.split("\\|");
        final String word = words[random.nextInt(words.length)].replace("*", "s");
        out.add(word);
        sentence.append(word).append(BETWEEN[random.nextInt(BETWEEN.length)]);
      }
    }
    return sentence.append("and so on and on ".repeat(random.nextInt(12))).toString();
  }
}
