package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.finding.Evidence;
import io.sealgate.classify.finding.FindingTypes;
import io.sealgate.classify.finding.Hits;
import io.sealgate.classify.finding.HitsOverflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FindingsTest {
  private final Hits hits = new Hits();
  private final Findings findings = new Findings();

  private void hit(final int type, final int start, final int end, final Evidence evidence) {
    hits.add(type, start, end, 900_000, evidence, -1);
  }

  private void resolve(final Segments in) {
    findings.clear();
    final Overlaps overlaps = new Overlaps();
    overlaps.begin();
    overlaps.resolve(hits, 0, in.textLength(), in, findings);
  }

  private String resolved() {
    resolve(Texts.segments("x".repeat(1000)));
    final List<String> lines = new ArrayList<>();
    for (int i = 0; i < findings.size(); i++) {
      lines.add(
          FindingTypes.name(findings.type(i)) + ' ' + findings.start(i) + '-' + findings.end(i));
    }
    return String.join(", ", lines);
  }

  @Test
  void shouldSortByStartWhenHitsComeInAnyOrder() {
    hit(FindingTypes.US_SSN, 50, 61, Evidence.FORMAT);
    hit(FindingTypes.EMAIL_ADDRESS, 3, 9, Evidence.FORMAT);
    assertEquals("EMAIL_ADDRESS 3-9, US_SSN 50-61", resolved());
  }

  @Test
  void shouldPreferStrongerEvidenceWhenTheWeakerIsLonger() {
    hit(FindingTypes.PHONE_NUMBER, 0, 30, Evidence.PATTERN);
    hit(FindingTypes.IP_ADDRESS, 5, 20, Evidence.FORMAT);
    hit(FindingTypes.CREDIT_CARD, 8, 12, Evidence.CHECKSUM);
    assertEquals("CREDIT_CARD 8-12", resolved());
  }

  @Test
  void shouldPreferTheLongerWhenBothAreStrong() {
    hit(FindingTypes.CREDIT_CARD, 100, 116, Evidence.CHECKSUM);
    hit(FindingTypes.PRIVATE_KEY, 0, 900, Evidence.PREFIX);
    assertEquals("PRIVATE_KEY 0-900", resolved());
  }

  @Test
  void shouldKeepAHitWhenWhatBeatItLostItself() {
    hit(FindingTypes.EMAIL_ADDRESS, 0, 10, Evidence.FORMAT);
    hit(FindingTypes.IP_ADDRESS, 8, 30, Evidence.FORMAT);
    hit(FindingTypes.CREDIT_CARD, 25, 41, Evidence.CHECKSUM);
    assertEquals("EMAIL_ADDRESS 0-10, CREDIT_CARD 25-41", resolved());
  }

  @Test
  void shouldKeepAllTypesWhenNothingTellsThemApart() {
    hit(FindingTypes.CA_SIN, 3, 12, Evidence.CHECKSUM);
    hit(FindingTypes.NL_BSN, 3, 12, Evidence.CHECKSUM);
    hit(FindingTypes.NL_BSN, 3, 12, Evidence.CHECKSUM);
    hit(FindingTypes.AU_TFN, 3, 12, Evidence.CHECKSUM);
    hit(FindingTypes.US_SSN, 3, 12, Evidence.FORMAT);
    assertEquals("CA_SIN 3-12, AU_TFN 3-12, NL_BSN 3-12", resolved());
  }

  @Test
  void shouldPreferWhatIsSureWhenStrongerEvidenceHasALowScore() {
    hits.add(FindingTypes.CA_SIN, 0, 11, 500_000, Evidence.CHECKSUM, -1);
    hits.add(FindingTypes.PHONE_NUMBER, 0, 11, 750_000, Evidence.CONTEXT, -1);
    hits.add(FindingTypes.AU_TFN, 20, 31, 300_000, Evidence.CHECKSUM, -1);
    hits.add(FindingTypes.PHONE_NUMBER, 25, 30, 500_000, Evidence.PATTERN, -1);
    assertEquals("PHONE_NUMBER 0-11, PHONE_NUMBER 25-30", resolved());
  }

  @Test
  void shouldKeepBothWhenFindingsOnlyTouch() {
    hit(FindingTypes.EMAIL_ADDRESS, 60, 64, Evidence.FORMAT);
    hit(FindingTypes.IP_ADDRESS, 64, 128, Evidence.FORMAT);
    hit(FindingTypes.US_SSN, 128, 139, Evidence.FORMAT);
    assertEquals("EMAIL_ADDRESS 60-64, IP_ADDRESS 64-128, US_SSN 128-139", resolved());
  }

  @Test
  void shouldLeaveTenantPatternsAloneWhenTheyOverlap() {
    hits.add(FindingTypes.TENANT_PATTERN, 0, 20, 1_000_000, Evidence.PATTERN, 3);
    hits.add(FindingTypes.TENANT_PATTERN, 5, 25, 1_000_000, Evidence.KEYWORD, 4);
    hit(FindingTypes.PHONE_NUMBER, 5, 15, Evidence.PATTERN);
    assertEquals("TENANT_PATTERN 0-20, PHONE_NUMBER 5-15, TENANT_PATTERN 5-25", resolved());
    assertEquals(3, findings.rule(0));
    assertEquals(-1, findings.rule(1));
    assertEquals(1_000_000, findings.scoreMicros(2));
    assertEquals(Evidence.KEYWORD, findings.evidence(2));
  }

  @Test
  void shouldDropHitsAcrossASegmentEndAndNameTheSegment() {
    final Segments two = Texts.segments("x".repeat(10), "x".repeat(19));
    hit(FindingTypes.EMAIL_ADDRESS, 5, 15, Evidence.FORMAT);
    hit(FindingTypes.IP_ADDRESS, 11, 18, Evidence.FORMAT);
    resolve(two);
    assertEquals(1, findings.size());
    assertEquals(1, findings.segment(0));
    assertEquals(11, findings.start(0));
  }

  @Test
  void shouldForgetTheLastTextWhenResolvingTheNext() {
    hit(FindingTypes.EMAIL_ADDRESS, 0, 500, Evidence.FORMAT);
    resolved();
    hits.clear();
    hit(FindingTypes.PHONE_NUMBER, 100, 110, Evidence.PATTERN);
    assertEquals("PHONE_NUMBER 100-110", resolved());
    hits.clear();
    assertEquals("", resolved());
    assertThrows(IndexOutOfBoundsException.class, () -> findings.type(0));
  }

  @Test
  void shouldGiveTheSameWhateverTheOrderOfHits() {
    final Random random = new Random(3);
    for (int round = 0; round < 300; round++) {
      final int count = 1 + random.nextInt(40);
      final int[][] all = new int[count][];
      for (int i = 0; i < count; i++) {
        final int start = random.nextInt(200);
        all[i] =
            new int[] {
              random.nextInt(18), start, start + 1 + random.nextInt(90), random.nextInt(7)
            };
      }
      hits.clear();
      for (final int[] h : all) {
        hit(h[0], h[1], h[2], Evidence.values()[h[3]]);
      }
      final String forward = resolved();
      hits.clear();
      for (int i = count - 1; i >= 0; i--) {
        hit(all[i][0], all[i][1], all[i][2], Evidence.values()[all[i][3]]);
      }
      assertEquals(forward, resolved());
      for (int i = 1; i < findings.size(); i++) {
        final boolean same =
            findings.start(i - 1) == findings.start(i) && findings.end(i - 1) == findings.end(i);
        assertTrue(same || findings.end(i - 1) <= findings.start(i));
      }
    }
  }

  @Test
  void shouldResolveAsManyHitsAsFitWhenAllOverlap() {
    for (int i = 0; i < Hits.HITS_MAX; i++) {
      hits.add(FindingTypes.JWT, i, i + 4096, 1, Evidence.PREFIX, -1);
    }
    resolve(Texts.segments("x".repeat(Hits.HITS_MAX + 4096)));
    assertEquals(Hits.HITS_MAX / 4096, findings.size());
    assertThrows(HitsOverflow.class, () -> hit(FindingTypes.JWT, 0, 1, Evidence.PREFIX));
  }

  @Test
  void shouldForgetWhatIsBelowAScore() {
    final Findings findings = new Findings();
    final Hits hits = new Hits();
    hits.add(FindingTypes.EMAIL_ADDRESS, 0, 5, 399_999, Evidence.FORMAT, -1);
    hits.add(FindingTypes.US_SSN, 6, 9, 400_000, Evidence.FORMAT, -1);
    hits.add(FindingTypes.CREDIT_CARD, 10, 12, 1, Evidence.CHECKSUM, -1);
    hits.add(FindingTypes.IP_ADDRESS, 13, 15, 900_000, Evidence.FORMAT, -1);
    for (int hit = 0; hit < hits.size(); hit++) {
      findings.add(hit, hits, hit);
    }
    findings.keepFrom(400_000);
    assertEquals(2, findings.size());
    assertEquals(FindingTypes.US_SSN, findings.type(0));
    assertEquals(1, findings.segment(0));
    assertEquals(FindingTypes.IP_ADDRESS, findings.type(1));
    assertEquals(3, findings.segment(1));
    assertEquals(13, findings.start(1));
    assertEquals(900_000, findings.scoreMicros(1));
    findings.keepFrom(1_000_000);
    assertEquals(0, findings.size());
  }
}
