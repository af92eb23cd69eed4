package io.sealgate.perf.jmh;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The types as plain regular expressions: what a classifier without validators would run. */
final class BaselinePatterns {
  private static final String FILE = "baseline-patterns.txt";

  private BaselinePatterns() {}

  /** One type's expression, in the syntax that java.util.regex and Hyperscan share. */
  record Typed(String type, String regex) {}

  static List<Typed> all() {
    try (InputStream in = BaselinePatterns.class.getResourceAsStream(FILE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t", 2))
          .map(fields -> new Typed(fields[0], fields[1]))
          .toList();
    } catch (final IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
