package io.sealgate.signer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes a signer the only one of its kind; the kernel lets go of the lock when the process ends,
 * however it ends.
 */
final class OwnerLock implements AutoCloseable {
  private final FileChannel channel;

  private OwnerLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock or refuses.
   *
   * @param what the folder the lock stands for, for the message
   */
  static OwnerLock take(Path file, Path what) throws SignerException, IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new OwnerLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      // Held by another signer in this process: refused below like any other.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new SignerException(
        ExitCode.CONFIGURATION,
        "another signer works in " + what + "; stop it, or give this one a folder of its own");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
