package io.sealgate.classify.pack;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipFile;

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

  private static final String FOLDER = "io/sealgate/classify/packs/";

  private PackFiles() {}

  /** All of them as they lie in the jar, by file name, in a fixed order. */
  static Map<String, byte[]> bytes() {
    final Map<String, byte[]> files = new LinkedHashMap<>();
    for (final String name : NAMES) {
      final String file = "/".concat(FOLDER).concat(name).concat(".yaml");
      try (InputStream in = PackFiles.class.getResourceAsStream(file)) {
        if (in == null) {
          throw new IllegalStateException("the built-in pack " + file + " is missing");
        }
        files.put(name.concat(".yaml"), in.readAllBytes());
      } catch (final IOException e) {
        throw new UncheckedIOException("the built-in pack " + file + " cannot be read", e);
      }
    }
    return files;
  }

  /**
   * The CRC-32 of each file in the same order. Taken from the directory of the jar where there is
   * one, which a start reads in a tenth of the time of the files.
   */
  static int[] checksums() {
    final int[] checksums = new int[NAMES.length];
    final CodeSource source = PackFiles.class.getProtectionDomain().getCodeSource();
    if (source != null && source.getLocation().getPath().endsWith(".jar")) {
      try (ZipFile jar = new ZipFile(new File(source.getLocation().toURI()))) {
        for (int i = 0; i < NAMES.length; i++) {
          checksums[i] = (int) jar.getEntry(FOLDER.concat(NAMES[i]).concat(".yaml")).getCrc();
        }
        return checksums;
      } catch (final IOException | URISyntaxException e) {
        // The files themselves say it as well.
      }
    }
    return checksums(bytes());
  }

  static int[] checksums(final Map<String, byte[]> files) {
    final int[] checksums = new int[files.size()];
    int i = 0;
    for (final byte[] bytes : files.values()) {
      final CRC32 crc = new CRC32();
      crc.update(bytes);
      checksums[i++] = (int) crc.getValue();
    }
    return checksums;
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
