package io.sealgate.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The volume a directory lies on, and whether a commit there is a promise. Only file systems that
 * are known to order and flush writes on a local disk are taken; on a network or overlay file
 * system a flush may be acknowledged by something that forgets it, and in memory nothing survives.
 *
 * @param dir the directory that was asked about
 * @param type the file system's name as the kernel has it, such as {@code ext4}
 * @param device what is mounted
 * @param usableBytes bytes this user may still write
 * @param totalBytes size of the volume
 */
public record Volume(Path dir, String type, String device, long usableBytes, long totalBytes) {
  /**
   * Environment variable that names more file systems to accept, separated by commas, for trials
   * whose data may be lost: {@code tmpfs}, {@code overlay}. Child processes inherit it.
   */
  public static final String ACCEPT_VARIABLE = "SEALGATE_ACCEPT_FILESYSTEMS";

  private static final Set<String> DURABLE =
      Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "bcachefs");

  private static final Set<String> MEMORY = Set.of("tmpfs", "ramfs");

  /**
   * The volume of an existing directory.
   *
   * @throws StoreException if the mount table or the volume cannot be read
   */
  public static Volume of(Path dir) throws StoreException {
    try {
      FileStore store = Files.getFileStore(dir);
      return new Volume(
          dir, store.type(), store.name(), store.getUsableSpace(), store.getTotalSpace());
    } catch (IOException e) {
      throw new StoreException("cannot tell which volume " + dir + " lies on: " + e, e);
    }
  }

  /** Whether a flush on this file system reaches a local disk. */
  public boolean isDurable() {
    return DURABLE.contains(type);
  }

  /** The file systems that {@link #ACCEPT_VARIABLE} adds in this process. */
  public static Set<String> accepted() {
    String named = System.getenv(ACCEPT_VARIABLE);
    return named == null
        ? Set.of()
        : Arrays.stream(named.split(",")).map(String::strip).collect(Collectors.toSet());
  }

  /** Refuses a volume that is neither durable nor among {@code accepted}. */
  void requireFit(Set<String> accepted) throws StoreException {
    if (isDurable()) {
      return;
    }
    if (accepted.contains(type)) {
      System.getLogger(Volume.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "{0} lies on {1}, accepted by {2}: what is sealed there may be lost",
              dir,
              type,
              ACCEPT_VARIABLE);
      return;
    }
    throw new StoreException(
        dir
            + " lies on "
            + type
            + (MEMORY.contains(type)
                ? ", which forgets everything when the machine stops"
                : ", where a flush is no promise that data is on a disk")
            + "; use a local "
            + "ext4, xfs, btrfs or zfs volume, or for a trial whose data may be lost set "
            + ACCEPT_VARIABLE
            + "="
            + type);
  }
}
