package io.sealgate.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * How long the volume of a directory takes for one durable write of a page, the floor under every
 * seal. The file is filled first, as the store fills its data file, so that no flush waits for the
 * file system's journal.
 *
 * @param samples flushes measured
 * @param p50Nanos half of them took at most this
 * @param p99Nanos all but one in a hundred took at most this
 * @param maxNanos the slowest
 */
public record FlushProbe(int samples, long p50Nanos, long p99Nanos, long maxNanos) {
  private static final int PAGE_BYTES = 4096;
  private static final int PAGES = 64;

  /**
   * Measures with a file of its own, which it deletes.
   *
   * @param dir an existing directory on the volume
   * @param samples flushes to make, at least 1
   * @throws StoreException if the file cannot be written or flushed
   */
  public static FlushProbe measure(Path dir, int samples) throws StoreException {
    if (samples < 1) {
      throw new IllegalArgumentException("samples must be at least 1");
    }
    try {
      Path file = Files.createTempFile(dir, "flush-probe", null);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        return measure(channel, samples);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new StoreException("cannot measure flushes in " + dir + ": " + e, e);
    }
  }

  private static FlushProbe measure(FileChannel channel, int samples) throws IOException {
    ByteBuffer page = ByteBuffer.allocateDirect(PAGE_BYTES);
    for (int i = 0; i < PAGES; i++) {
      channel.write(page.clear(), (long) i * PAGE_BYTES);
    }
    channel.force(true);
    long[] nanos = new long[samples];
    for (int i = 0; i < samples; i++) {
      page.clear().putInt(0, i + 1);
      long start = System.nanoTime();
      channel.write(page, (long) (i % PAGES) * PAGE_BYTES);
      channel.force(false);
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return new FlushProbe(
        samples,
        nanos[samples / 2],
        nanos[Math.min(samples - 1, samples * 99 / 100)],
        nanos[samples - 1]);
  }
}
