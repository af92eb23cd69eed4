package io.sealgate.classify.hyperscan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealgate.classify.finding.ClassifierException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HyperscanLibraryTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir private Path folder;

  private void load() throws ClassifierException {
    final var symbols = HyperscanLibrary.load(Optional.of(folder));
    assertTrue(symbols.find("hs_version").isPresent());
  }

  private Path only() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      final List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      return all.getFirst();
    }
  }

  @Test
  void shouldWriteTheLibraryOnceAndAgainWhenItsBytesChanged()
      throws ClassifierException, IOException {
    load();
    final Path file = only();
    Files.setLastModifiedTime(file, LONG_AGO);
    load();
    assertEquals(LONG_AGO, Files.getLastModifiedTime(only()), "taken as it was");

    final Path damaged = folder.resolve("damaged");
    final byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged, bytes);
    Files.setLastModifiedTime(damaged, LONG_AGO);
    Files.move(damaged, file, StandardCopyOption.REPLACE_EXISTING);
    load();
    assertNotEquals(LONG_AGO, Files.getLastModifiedTime(only()), "written again");
  }

  @Test
  void shouldDoWithoutTheFolderWhenItCannotBeUsed() throws ClassifierException {
    final var symbols = HyperscanLibrary.load(Optional.of(folder.resolve("missing")));
    assertTrue(symbols.find("hs_version").isPresent());
  }
}
