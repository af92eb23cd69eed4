package io.sealgate.classify.pack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The built-in packs as people write them, one file a family. */
final class PackFiles {
  private static final String[] NAMES = {
    "pii-common",
    "pii-us",
    "pii-uk",
    "pii-europe",
    "pii-world",
    "secrets-cloud",
    "secrets-ai",
    "secrets-services",
    "secrets-generic",
    "injection"
  };

  private PackFiles() {}

  /** All of them as they lie in the jar, by file name, in a fixed order. */
  static Map<String, byte[]> bytes() {
    final Map<String, byte[]> files = new LinkedHashMap<>();
    for (final String name : NAMES) {
      final String file = "/io/sealgate/classify/packs/" + name + ".yaml";
      try (InputStream in = PackFiles.class.getResourceAsStream(file)) {
        if (in == null) {
          throw new IllegalStateException("the built-in pack " + file + " is missing");
        }
        files.put(name + ".yaml", in.readAllBytes());
      } catch (final IOException e) {
        throw new UncheckedIOException("the built-in pack " + file + " cannot be read", e);
      }
    }
    return files;
  }

  /** What the files say; rule ids are unique over all. */
  static List<Pack> read(final Map<String, byte[]> files) {
    final List<Pack> packs = new ArrayList<>();
    final Set<String> ids = new HashSet<>();
    files.forEach((name, bytes) -> packs.add(read(name, bytes)));
    for (final Pack pack : packs) {
      for (final Rule rule : pack.rules()) {
        if (!ids.add(rule.id())) {
          throw new IllegalStateException("rule id " + rule.id() + " stands in two packs");
        }
      }
    }
    return List.copyOf(packs);
  }

  private static Pack read(final String name, final byte[] bytes) {
    try {
      return PackReader.read(name, new String(bytes, StandardCharsets.UTF_8));
    } catch (final PackException e) {
      throw new IllegalStateException("the built-in pack is broken: " + e.getMessage(), e);
    }
  }
}
