package io.sealgate.policy.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ValueDictionaryTest {
  @Test
  void shouldFindTheNamesAndGlobsThatARegularExpressionFinds() {
    for (long seed = 1; seed <= 60; seed++) {
      final Random random = new Random(seed);
      final List<String> texts = new ArrayList<>();
      for (int i = random.nextInt(120); i >= 0; i--) {
        texts.add(word(random, seed % 5 == 0 ? "ab-" : "ab-*", 9));
      }
      final ValueDictionary dictionary = new ValueDictionary(texts);
      final long ofSeed = seed;
      for (int i = 0; i < 300; i++) {
        final String value = word(random, "ab-*", 12);
        assertArrayEquals(
            byRegularExpression(dictionary, value),
            dictionary.ids(value),
            () -> "'" + value + "' in " + texts + ", seed " + ofSeed);
      }
    }
  }

  private static String word(Random random, String alphabet, int lengthMax) {
    final StringBuilder word = new StringBuilder();
    for (int n = random.nextInt(lengthMax + 1); n > 0; n--) {
      word.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return word.toString();
  }

  private static int[] byRegularExpression(ValueDictionary dictionary, String value) {
    return IntStream.range(0, dictionary.count())
        .filter(id -> regularExpression(dictionary.text(id)).matcher(value).matches())
        .toArray();
  }

  private static Pattern regularExpression(String glob) {
    return Pattern.compile(
        List.of(glob.split("\\*", -1)).stream()
            .map(Pattern::quote)
            .collect(Collectors.joining(".*")),
        Pattern.DOTALL);
  }

  @Test
  void shouldNumberAlikeWhenTheOrderDiffers() {
    final List<String> texts =
        new ArrayList<>(List.of("o3", "gpt-*", "gpt-**", "gpt-4", "*", "o3"));
    final ValueDictionary first = new ValueDictionary(texts);
    Collections.reverse(texts);
    final ValueDictionary second = new ValueDictionary(texts);
    assertEquals(4, first.count());
    for (int id = 0; id < 4; id++) {
      assertEquals(first.text(id), second.text(id));
      assertEquals(id, second.id(first.text(id)));
    }
    assertEquals(first.id("gpt-*"), first.id("gpt-***"));
    assertEquals(-1, first.id("claude"));
    assertArrayEquals(
        IntStream.of(first.id("*"), first.id("gpt-*"), first.id("gpt-4")).sorted().toArray(),
        first.ids("gpt-4"));
  }

  @Test
  void shouldAnswerInBoundedTimeAndSpaceWhenPatternsAreHostile() {
    final TreeSet<String> subsequences = new TreeSet<>();
    for (int i = 0; subsequences.size() < ValueDictionary.SEARCHING_GLOBS_MAX; i++) {
      final String bits = Integer.toBinaryString(4_096 + i).replace('0', 'a').replace('1', 'b');
      subsequences.add("*" + String.join("*", bits.split("")) + "*a*a*a*b");
    }
    final ValueDictionary dictionary = new ValueDictionary(subsequences);
    for (final String value :
        List.of("ab".repeat(64), "a".repeat(255) + "b", "a".repeat(5_000), "ba".repeat(40))) {
      final int[] ids = dictionary.ids(value);
      for (int id = 0; id < dictionary.count(); id++) {
        final int wanted = id;
        assertEquals(
            isSubsequence(dictionary.text(id), value),
            IntStream.of(ids).anyMatch(found -> found == wanted),
            () -> dictionary.text(wanted) + " and " + value);
      }
    }
    subsequences.add("*x*y*");
    final IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new ValueDictionary(subsequences));
    assertTrue(refused.getMessage().contains("between two '*'; keep at most 4096"));
  }

  /** What globs of single letters with a star before each ask for; the last is the value's end. */
  private static boolean isSubsequence(String glob, String value) {
    final String letters = glob.replace("*", "");
    int at = 0;
    for (int i = 0; i < value.length() - 1 && at < letters.length() - 1; i++) {
      at += value.charAt(i) == letters.charAt(at) ? 1 : 0;
    }
    return at == letters.length() - 1 && value.endsWith(letters.substring(at));
  }

  @Test
  void shouldAnswerWhenThereAreVeryManyGlobs() {
    final List<String> texts = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      texts.add(i % 2 == 0 ? "model-" + i + "*" : "m*-" + i);
    }
    final ValueDictionary dictionary = new ValueDictionary(texts);
    for (final int i : new int[] {0, 1, 77_777, 99_998}) {
      final String value = "model-" + i;
      // Every second prefix of the number is a glob, and the number is at the end of another.
      final List<String> found = new ArrayList<>();
      for (final int id : dictionary.ids(value)) {
        found.add(dictionary.text(id));
      }
      final List<String> expected = new ArrayList<>();
      for (int length = 1; length <= Integer.toString(i).length(); length++) {
        final String start = Integer.toString(i).substring(0, length);
        if (Integer.parseInt(start) % 2 == 0) {
          expected.add("model-" + start + "*");
        }
      }
      if (i % 2 == 1) {
        expected.add("m*-" + i);
      }
      Collections.sort(expected);
      Collections.sort(found);
      assertEquals(expected, found);
    }
  }

  @Test
  void shouldRememberAnswersOfAnyLength() {
    final List<String> texts = new ArrayList<>();
    for (int start = 0; start < 64; start++) {
      for (int end = 0; end < 64; end++) {
        texts.add("a".repeat(start) + "*" + "a".repeat(end));
      }
    }
    final ValueDictionary dictionary = new ValueDictionary(texts);
    final String value = "a".repeat(200);
    assertEquals(64 * 64, dictionary.ids(value).length);
    assertSame(dictionary.ids(value), dictionary.ids("a".repeat(200)));
    assertEquals(1, dictionary.ids("b").length);
    assertSame(dictionary.ids("b"), dictionary.ids("b"));
  }

  @Test
  void shouldAnswerAlikeWhenManyThreadsAsk() {
    final List<String> texts = new ArrayList<>(List.of("*"));
    for (int i = 0; i < 500; i++) {
      texts.add("m" + i + "*");
    }
    final ValueDictionary dictionary = new ValueDictionary(texts);
    final List<CompletableFuture<Void>> asking = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      final Random random = new Random(thread);
      asking.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  final String value = "m" + random.nextInt(3_000);
                  for (final int id : dictionary.ids(value)) {
                    final String glob = dictionary.text(id);
                    assertTrue(
                        value.startsWith(glob.substring(0, glob.length() - 1)),
                        () -> value + " and " + glob);
                  }
                }
              }));
    }
    asking.forEach(CompletableFuture::join);
  }

  @Test
  void shouldLeadToTheRulesOfAllPatternsWhenAValueIsLookedUp() {
    final ValueDictionary models = new ValueDictionary(List.of("gpt-*", "gpt-4", "o*", "*"));
    final ScopeEntries entries =
        ScopeEntries.builder(2)
            .entry(0)
            .only(1, models.id("gpt-*"))
            .entry(1)
            .only(1, models.id("o*"), models.id("gpt-4"))
            .entry(2)
            .only(1, models.id("*"))
            .entry(3)
            .only(1, models.id("o*"))
            .build();
    final ScopeQuery query = new ScopeQuery(2);
    final CandidateBuffer out = new CandidateBuffer();
    for (final ScopeIndex.Kind kind : ScopeIndex.Kind.values()) {
      final ScopeIndex index = ScopeIndex.build(kind, entries);
      query.clear();
      models.lookUp("gpt-4", query, 1);
      index.find(query, out);
      assertEquals(3, out.size(), kind::name);
      models.lookUp("o3", query, 1);
      index.find(query, out);
      assertEquals(4, out.size(), "two models at once");
    }
  }

  @Test
  void shouldRefuseWhenANameIsTooLong() {
    final List<String> tooLong = List.of("a".repeat(ValueDictionary.PATTERN_LENGTH_MAX + 1));
    assertThrows(IllegalArgumentException.class, () -> new ValueDictionary(tooLong));
  }
}
