package io.sealgate.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Held while one process owns a directory. The kernel drops it when the process ends, however it
 * ends. The file holds the owner's process id, for the message of the process that is refused.
 */
final class DirectoryLock implements AutoCloseable {
  private static final int PID_DIGITS_MAX = 20;

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  static DirectoryLock acquire(Path file) throws StoreException {
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new StoreException(
            file.getParent()
                + " is in use by process "
                + owner(channel)
                + "; stop that process first");
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
          0);
      FileChannel held = channel;
      channel = null;
      return new DirectoryLock(held);
    } catch (OverlappingFileLockException e) {
      throw new StoreException(file.getParent() + " is already open in this process", e);
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw new StoreException("cannot lock " + file + ": " + e, e);
    } finally {
      closeQuietly(channel, file);
    }
  }

  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(PID_DIGITS_MAX);
    channel.read(pid, 0);
    String text = new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII);
    return text.isEmpty() ? "(unknown)" : text;
  }

  private static void closeQuietly(FileChannel channel, Path file) throws StoreException {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new StoreException("cannot close " + file, e);
      }
    }
  }

  @Override
  public void close() throws StoreException {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StoreException("cannot release the directory lock", e);
    }
  }
}
