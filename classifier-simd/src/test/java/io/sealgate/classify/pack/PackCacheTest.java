package io.sealgate.classify.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackCacheTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir private Path folder;
  private Map<String, byte[]> files;
  private List<Pack> expected;

  @BeforeEach
  void read() {
    files = PackFiles.bytes();
    expected = PackFiles.read(files);
  }

  private List<Pack> packs() {
    return PackCache.packs(Optional.of(folder), files);
  }

  private Path only() throws IOException {
    try (Stream<Path> kept = Files.list(folder)) {
      final List<Path> all = kept.toList();
      assertEquals(1, all.size(), all.toString());
      return all.getFirst();
    }
  }

  @Test
  void shouldSayTheSameFromTheFile() throws IOException {
    assertEquals(expected, packs());
    Files.setLastModifiedTime(only(), LONG_AGO);
    assertEquals(expected, packs());
    assertEquals(LONG_AGO, Files.getLastModifiedTime(only()), "taken as it was");
    assertEquals(
        expected.stream().map(Pack::digest).toList(), packs().stream().map(Pack::digest).toList());
  }

  @Test
  void shouldWriteTheFileAgainWhenItIsDamagedOrCut() throws IOException {
    packs();
    final byte[] sound = Files.readAllBytes(only());
    final byte[] flipped = sound.clone();
    flipped[sound.length / 2] ^= 1;
    for (final byte[] damaged :
        List.of(flipped, new byte[0], new byte[3], new byte[sound.length])) {
      Files.write(only(), damaged, StandardOpenOption.TRUNCATE_EXISTING);
      assertEquals(expected, packs());
      assertEquals(sound.length, Files.size(only()));
    }
  }

  @Test
  void shouldReadThePacksAgainWhenOneChanged() {
    packs();
    final byte[] us = files.get("pii-us.yaml");
    final String changed = new String(us, StandardCharsets.UTF_8);
    files.put(
        "pii-us.yaml",
        changed.replace("version: 1", "version: 2").getBytes(StandardCharsets.UTF_8));
    assertNotEquals(expected, packs());
  }

  @Test
  void shouldDoWithoutAFolderThatCannotBeUsed() {
    assertEquals(expected, PackCache.packs(Optional.of(folder.resolve("missing")), files));
    assertEquals(expected, PackCache.packs(Optional.empty(), files));
  }
}
