package io.sealgate.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The size of data.mdb on disk. A commit that grows the file waits for the file system's journal as
 * well as for the data, which costs several times the flush itself; zeros written ahead of use
 * avoid that. LMDB takes no notice of bytes past its last page.
 */
final class DataFile {
  private static final int ZEROS_BYTES = 1 << 16;

  private final Path file;
  private volatile FileStore volume;

  DataFile(Path file) {
    this.file = file;
  }

  long usableVolumeBytes() throws StoreException {
    try {
      // Finding the volume reads the mount table, asking it for its space does not.
      if (volume == null) {
        volume = Files.getFileStore(file);
      }
      return volume.getUsableSpace();
    } catch (IOException e) {
      throw new StoreException("cannot tell the free space of the volume of " + file, e);
    }
  }

  /** Only ever extends the file, so it can never touch a page that LMDB uses. */
  long prefill(long usedBytes, long aheadBytes, int stepBytes, long mapBytes)
      throws StoreException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long from = channel.size();
      // Whole steps, so that it is not the file system's journal that every small commit waits for.
      long to = Math.min(from + stepBytes, mapBytes);
      if (from - usedBytes >= aheadBytes || from >= to) {
        return 0;
      }
      ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
      long at = from;
      while (at < to) {
        zeros.clear().limit((int) Math.min(ZEROS_BYTES, to - at));
        at += channel.write(zeros, at);
      }
      channel.force(false);
      return to - from;
    } catch (IOException e) {
      throw new StoreException("cannot extend " + file + ": " + e.getMessage(), e);
    }
  }
}
