package io.sealgate.classify;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Numbers made by the issuers' arithmetic in another language ({@code issued-numbers.py}), each
 * with a broken twin.
 */
final class IssuedNumbersTest {
  private static final int JOINED_PERCENT_MAX = 2;

  private static List<String[]> numbers() throws IOException {
    try (InputStream in = IssuedNumbersTest.class.getResourceAsStream("issued-numbers.tsv")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(line -> line.split("\t"))
          .toList();
    }
  }

  static Stream<String> types() throws IOException {
    return numbers().stream().map(line -> line[0]).distinct();
  }

  @ParameterizedTest
  @MethodSource("types")
  void shouldFindTheIssuersNumbersAndNoBrokenOnes(final String type) throws IOException {
    int all = 0;
    int joined = 0;
    for (final String[] line : numbers()) {
      if (line[0].equals(type)) {
        all += NumberPlaces.COUNT;
        joined += NumberPlaces.joined(type, line[1]);
        if (line.length > 2) {
          NumberPlaces.assertInNone(type, line[2]);
        }
      }
    }
    assertTrue(joined * 100 <= all * JOINED_PERCENT_MAX, joined + " of " + all + " joined");
  }
}
