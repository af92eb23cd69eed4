package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.finding.Hits;
import java.util.List;

/** Places in texts where numbers stand: alone, in JSON, CSV, code and URLs, beside other digits. */
final class NumberPlaces {
  /** {@code %s} is the number. None holds a context word. */
  private static final List<String> PLACES =
      List.of(
          "%s",
          "It is %s.",
          "{\"value\":\"%s\",\"n\":7}",
          "7,Ann Lee,%s,x",
          "7;%s;x",
          "var x = \"%s\"; // y",
          "x_y=%s&z=1",
          "https://a.example/q?k=%s&z=1",
          "(%s)",
          "号码%s。",
          "https://a.example/u/%s/edit",
          "2026 %s",
          "2026-01-02 %s",
          "%s 20261",
          "%s 12/27",
          "41, %s, 99",
          "7 %s",
          "%s 7");

  static final int COUNT = PLACES.size();

  private NumberPlaces() {}

  /**
   * Fails when the number is not found as this type and span in some place. The only other thing
   * that may happen is that some of it is found together with digits beside it, as a longer number,
   * and that 943-476-5919 is a phone number.
   *
   * @return in how many places it was found so
   */
  static int joined(final String type, final String valid) {
    int joined = 0;
    for (final String place : PLACES) {
      final String text = place.replace("%s", valid);
      final List<String> found = Texts.findings(text, Hits.SCORE_MICROS_DEFAULT);
      if (!found.contains(type + '=' + valid) && !found.contains("PHONE_NUMBER=" + valid)) {
        final int start = text.indexOf(valid);
        final boolean longer =
            found.stream()
                .filter(other -> !other.startsWith("URL="))
                .map(other -> other.substring(other.indexOf('=') + 1))
                .anyMatch(other -> beyond(text, start, start + valid.length(), other));
        assertTrue(longer, () -> text + " gave " + found + " and no " + type);
        joined++;
      }
    }
    return joined;
  }

  /** Fails when the number is found as this type and span in some place. */
  static void assertInNone(final String type, final String broken) {
    for (final String place : PLACES) {
      final String text = place.replace("%s", broken);
      final List<String> found = Texts.findings(text, Hits.SCORE_MICROS_DEFAULT);
      assertFalse(found.contains(type + '=' + broken), () -> text + " gave " + found);
    }
  }

  /** Whether the other overlaps with {@code [start, end)} and is no part of it. */
  private static boolean beyond(
      final String text, final int start, final int end, final String other) {
    final int from = text.indexOf(other);
    final int to = from + other.length();
    return from < end && start < to && (from < start || to > end);
  }
}
