package io.sealgate.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VolumeTest {
  private static final Set<String> NONE = Set.of();

  @TempDir Path dir;

  private static Volume of(String type) {
    return new Volume(Path.of("/data"), type, "device", 1, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs"})
  void shouldTakeLocalDisks(String type) throws StoreException {
    of(type).requireFit(NONE);
    assertTrue(of(type).isDurable());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nfs", "nfs4", "cifs", "smb3", "overlay", "fuse.sshfs", "9p", "virtiofs", "ceph"})
  void shouldRefuseWhereAFlushIsNoPromise(String type) throws StoreException {
    StoreException refused = assertThrows(StoreException.class, () -> of(type).requireFit(NONE));
    assertTrue(refused.getMessage().contains("lies on " + type), refused.getMessage());
    assertTrue(refused.getMessage().contains("use a local ext4"), refused.getMessage());
    of(type).requireFit(Set.of(type));
  }

  @Test
  void shouldTakeMemoryOnlyWhereItIsNamed() throws Exception {
    Path memory = Files.createDirectory(dir.resolve("memory"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", memory.toString()) == 0,
        "no right to mount");
    try {
      Volume volume = Volume.of(memory);
      assertEquals("tmpfs", volume.type());
      assertTrue(volume.usableBytes() > 0 && volume.usableBytes() <= volume.totalBytes());
      StoreException refused =
          assertThrows(StoreException.class, () -> volume.requireFit(Set.of("overlay")));
      assertTrue(refused.getMessage().contains("forgets"), refused.getMessage());
      volume.requireFit(Set.of("tmpfs"));
    } finally {
      assertEquals(0, run("umount", memory.toString()));
    }
  }

  @Test
  void shouldSeeARealOverlay() throws Exception {
    for (String part : new String[] {"lower", "volume", "merged"}) {
      Files.createDirectory(dir.resolve(part));
    }
    // An overlay cannot have an overlay below its upper part, so that part gets a file system.
    Path volume = dir.resolve("volume");
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", volume.toString()) == 0,
        "no right to mount");
    try {
      Path upper = Files.createDirectory(volume.resolve("upper"));
      Path work = Files.createDirectory(volume.resolve("work"));
      String options = "lowerdir=" + dir.resolve("lower") + ",upperdir=" + upper;
      Path merged = dir.resolve("merged");
      assumeTrue(
          run("mount", "-t", "overlay", "-o", options + ",workdir=" + work, "o", merged.toString())
              == 0,
          "no overlay in this kernel");
      try {
        assertEquals("overlay", Volume.of(merged).type());
        assertFalse(Volume.of(merged).isDurable());
        assertThrows(StoreException.class, () -> Volume.of(merged).requireFit(NONE));
      } finally {
        assertEquals(0, run("umount", merged.toString()));
      }
    } finally {
      assertEquals(0, run("umount", volume.toString()));
    }
  }

  @Test
  void shouldMeasureFlushesAndLeaveNoFile() throws IOException {
    FlushProbe probe = FlushProbe.measure(dir, 20);
    assertEquals(20, probe.samples());
    assertTrue(probe.p50Nanos() > 0);
    assertTrue(probe.p50Nanos() <= probe.p99Nanos() && probe.p99Nanos() <= probe.maxNanos());
    try (Stream<Path> entries = Files.list(dir)) {
      assertEquals(0, entries.count());
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return process.exitValue();
  }
}
