package io.sealgate.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.lmdbjava.CopyFlags;
import org.lmdbjava.Env;
import org.lmdbjava.LmdbException;

/** A compacted copy of an open environment. */
final class Backup {
  private Backup() {}

  static void copy(Env<ByteBuffer> env, Path source, Path target) throws StoreException {
    Path data = target.resolve(SharedEnv.DATA_FILE);
    boolean whole = false;
    boolean mine = false;
    try {
      Files.createDirectories(target);
      try (Stream<Path> entries = Files.list(target)) {
        if (entries.findAny().isPresent()) {
          throw new StoreException(target + " is not empty; name a new directory for the copy");
        }
      }
      mine = true;
      env.copy(target.toFile(), CopyFlags.MDB_CP_COMPACT);
      try (FileChannel channel = FileChannel.open(data, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      try (FileChannel directory = FileChannel.open(target, StandardOpenOption.READ)) {
        directory.force(true);
      }
      whole = true;
    } catch (LmdbException e) {
      throw StoreErrors.of(source, "copy to " + target, e);
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw new StoreException("cannot copy " + source + " to " + target + ": " + e, e);
    } finally {
      if (mine && !whole) {
        deleteHalf(data);
      }
    }
  }

  private static void deleteHalf(Path data) throws StoreException {
    try {
      Files.deleteIfExists(data);
    } catch (IOException e) {
      throw new StoreException("cannot remove the half copy " + data + "; delete it", e);
    }
  }
}
