package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.finding.ClassifierException;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every positive example of the packs and every positive case of the other recogniser's tests, in
 * disguise and cut at every byte: what is found in the plain text is found again, as the same type
 * over the same characters.
 */
final class EvasionTest {
  @ParameterizedTest
  @EnumSource(Disguise.class)
  void shouldFindTheSameCharactersWhenTheWholeTextIsInDisguise(final Disguise disguise) {
    for (final Samples.Sample sample : Samples.examples()) {
      if (rewritesWhatIsHidden(sample, disguise)) {
        continue;
      }
      final Findings found = Texts.resolved(disguise.write(sample.text()));
      assertEquals(
          found(Texts.resolved(sample.text()), sample, Disguise.PLAIN),
          found(found, sample, disguise),
          () -> disguise + " of " + sample.text());
    }
  }

  @Test
  void shouldHaveSomethingToFindInEveryExample() {
    for (final Samples.Sample sample : Samples.examples()) {
      final boolean found = !found(Texts.resolved(sample.text()), sample, Disguise.PLAIN).isEmpty();
      assertTrue(found, sample::text);
    }
  }

  /** Hidden characters are looked for as they stand; written otherwise, they are others. */
  private static boolean rewritesWhatIsHidden(
      final Samples.Sample sample, final Disguise disguise) {
    return sample.type() == FindingTypes.INJECTION_HIDDEN_UNICODE
        && !disguise.write("\u200b\udb40\udc41").equals("\u200b\udb40\udc41");
  }

  @Test
  void shouldFindTheSameWhenAnExampleIsCutAtAnyByte() throws ClassifierException {
    for (final Samples.Sample sample : Samples.examples()) {
      final byte[] text = Texts.utf8(sample.text());
      final String whole = Texts.dump(Texts.resolved(sample.text()));
      for (int cut = 0; cut <= text.length; cut++) {
        assertEquals(whole, Texts.dump(Texts.streamed(text, cut)), () -> sample.text());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Disguise.class)
  void shouldFindTheSameWhenADisguisedExampleComesByteByByte(final Disguise disguise)
      throws ClassifierException {
    for (final Samples.Sample sample : Samples.examples()) {
      final String written = disguise.write(sample.text());
      final byte[] text = Texts.utf8(written);
      final int[] cuts = IntStream.rangeClosed(1, text.length).toArray();
      assertEquals(
          Texts.dump(Texts.resolved(written)),
          Texts.dump(Texts.streamed(text, cuts)),
          () -> disguise + " of " + sample.text());
    }
  }

  /** Findings of the type as the code points of the plain text that they cover. */
  private static List<String> found(
      final Findings findings, final Samples.Sample sample, final Disguise disguise) {
    final int[] starts = disguise.starts(sample.text());
    final List<String> found = new ArrayList<>();
    for (int i = 0; i < findings.size(); i++) {
      if (findings.type(i) == sample.type()
          && findings.scoreMicros(i) >= Hits.SCORE_MICROS_DEFAULT) {
        found.add(
            codePoint(starts, findings.start(i)) + "-" + codePoint(starts, findings.end(i) - 1));
      }
    }
    return found;
  }

  private static int codePoint(final int[] starts, final int at) {
    final int place = Arrays.binarySearch(starts, at);
    return place >= 0 ? place : -place - 2;
  }
}
