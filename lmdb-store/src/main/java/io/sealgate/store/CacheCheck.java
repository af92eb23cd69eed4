package io.sealgate.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Compares a file as the disk holds it with what the page cache shows. The kernel drops the mark of
 * a page whose write failed, so after a failed flush the two may differ and only a read past the
 * cache tells.
 */
final class CacheCheck {
  private static final int CHUNK_BYTES = 1 << 20;

  /** No disk has larger blocks. */
  private static final int ALIGN_BYTES = 4096;

  private CacheCheck() {}

  /**
   * Requires that disk and cache agree. Where the file system knows no direct reads there is no
   * disk below it, and nothing to compare.
   */
  static void requireSame(Path file) throws StoreException {
    try (FileChannel cached = FileChannel.open(file, StandardOpenOption.READ)) {
      FileChannel direct;
      try {
        direct = FileChannel.open(file, StandardOpenOption.READ, direct());
      } catch (UnsupportedOperationException | IOException e) {
        System.getLogger(CacheCheck.class.getName())
            .log(System.Logger.Level.WARNING, "{0} cannot be read past the cache: {1}", file, e);
        return;
      }
      try (direct) {
        compare(file, cached, direct);
      }
    } catch (IOException e) {
      throw new StoreException("cannot check " + file + " after a failed flush: " + e, e);
    }
  }

  /**
   * The JDK's own option for O_DIRECT. It is supported API of the module jdk.unsupported, but the
   * compiler warns of it as if it were internal, so it is looked up by name.
   */
  private static OpenOption direct() {
    try {
      for (Object option :
          Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (option.toString().equals("DIRECT")) {
          return (OpenOption) option;
        }
      }
    } catch (ClassNotFoundException e) {
      throw new UnsupportedOperationException("this JDK has no direct reads", e);
    }
    throw new UnsupportedOperationException("this JDK has no direct reads");
  }

  private static void compare(Path file, FileChannel cached, FileChannel direct)
      throws IOException {
    ByteBuffer disk = ByteBuffer.allocateDirect(CHUNK_BYTES + ALIGN_BYTES);
    disk = disk.alignedSlice(ALIGN_BYTES);
    ByteBuffer cache = ByteBuffer.allocateDirect(CHUNK_BYTES);
    long size = cached.size();
    for (long at = 0; at < size; at += CHUNK_BYTES) {
      int wanted = (int) Math.min(CHUNK_BYTES, size - at);
      disk.clear().limit(CHUNK_BYTES);
      int read = direct.read(disk, at);
      cache.clear().limit(wanted);
      while (cache.hasRemaining() && cached.read(cache, at + cache.position()) > 0) {
        // Reads the chunk whole.
      }
      if (read < wanted || disk.flip().limit(wanted).mismatch(cache.flip()) >= 0) {
        throw new StoreException(
            file
                + " differs on the disk from what memory shows, from byte "
                + at
                + " on; restart the machine, then verify, or restore it from a copy");
      }
    }
  }
}
