package io.sealgate.classify.tripwire;

import io.sealgate.classify.finding.AnchorRule;
import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.pack.Rule;
import java.util.Arrays;
import java.util.List;

/**
 * Phrases around an anchor word. The hit reaches from the anchor to the last word of the phrase:
 * the words before the anchor count, but a hit that began with them would keep a stream waiting at
 * every word that such a phrase can begin with. Without {@code phrases} the anchor itself is the
 * phrase, as in scripts without spaces. Not thread-safe.
 */
public final class PhraseRule implements AnchorRule {
  private final int type;
  private final int scoreMicros;
  private final Phrase[] phrases;
  private final int wordsAfter;
  private final WordWindow window = new WordWindow();

  /**
   * @throws IllegalArgumentException when a phrase is malformed
   */
  public PhraseRule(final Rule rule) {
    type = rule.type();
    scoreMicros = rule.scoreMicros();
    final List<String> texts = rule.values("phrases");
    phrases = texts.stream().map(Phrase::new).toArray(Phrase[]::new);
    wordsAfter = Arrays.stream(phrases).mapToInt(Phrase::wordsAfterFirst).max().orElse(0);
  }

  @Override
  public void confirm(
      final byte[] text,
      final int length,
      final int anchorStart,
      final int anchorEnd,
      final Hits out) {
    if (phrases.length == 0) {
      out.add(type, anchorStart, anchorEnd, scoreMicros, Evidence.PATTERN);
      return;
    }
    window.read(text, length, anchorStart, anchorEnd, wordsAfter);
    long found = -1;
    for (final Phrase phrase : phrases) {
      found = Phrase.earlier(found, phrase.find(window));
    }
    if (found >= 0) {
      final int first = Math.max((int) (found >> 32), window.firstAnchorWord());
      final int start = window.start(first);
      final int end = window.end((int) found);
      out.add(type, start, end, scoreMicros, Evidence.PATTERN);
    }
  }
}
