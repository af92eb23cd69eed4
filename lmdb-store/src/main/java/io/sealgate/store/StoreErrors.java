package io.sealgate.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.LmdbException;
import org.lmdbjava.LmdbNativeException;
import org.lmdbjava.Txn;

/** Turns what LMDB reports into a message with a way out. */
final class StoreErrors {
  private static final int EIO = 5;
  private static final int EACCES = 13;
  private static final int ENOSPC = 28;
  private static final int EROFS = 30;
  private static final int EDQUOT = 122;

  private static final String NO_SPACE =
      "no space left on the volume (ENOSPC); free space or grow the volume";

  private static final String DISK_ERROR =
      "the disk reported an error (EIO); stop, check the disk, then verify the data";

  /** No more free than the pages of one large commit. */
  private static final long NEARLY_FULL_BYTES = 64L << 20;

  private StoreErrors() {}

  private static boolean isNearlyFull(Path dir) {
    try {
      return Files.getFileStore(dir).getUsableSpace() < NEARLY_FULL_BYTES;
    } catch (IOException _) {
      // The disk does not even answer that: not a matter of space.
      return false;
    }
  }

  /**
   * Whether a failed commit leaves unknown what the disk holds: everything but LMDB's own refusals,
   * which come before the first write.
   */
  static boolean isFlushFailure(LmdbException error) {
    return error instanceof LmdbNativeException
        && !(error instanceof Env.MapFullException)
        && !(error instanceof Txn.TxFullException)
        && !(error instanceof Txn.BadException);
  }

  static StoreException of(Path dir, String doing, LmdbException error) {
    return new StoreException("cannot " + doing + " in " + dir + ": " + reason(dir, error), error);
  }

  private static String reason(Path dir, LmdbException error) {
    return switch (error) {
      case Env.MapFullException _ ->
          "the reserved map is full; move old data out or start a new directory";
      case Env.ReadersFullException _ ->
          "too many read transactions at once; close idle readers or wait";
      case Dbi.DbFullException _ -> "too many tables";
      case Dbi.MapResizedException _ ->
          "another process uses a larger map; open it with the same map size";
      case Env.FileInvalidException _ -> "data.mdb is not an LMDB file; restore it from a copy";
      case LmdbNativeException.PageCorruptedException _ ->
          "data.mdb is damaged; restore it from a copy";
      case LmdbNativeException.PageNotFoundException _ ->
          "data.mdb is damaged; restore it from a copy";
      case LmdbNativeException.PanicException _ ->
          "an earlier write failed; stop the process and check the disk";
      case LmdbNativeException e -> errno(dir, e);
      default -> String.valueOf(error.getMessage());
    };
  }

  private static String errno(Path dir, LmdbNativeException error) {
    return switch (error.getResultCode()) {
      case ENOSPC -> NO_SPACE;
      case EDQUOT -> "the disk quota is used up (EDQUOT); raise it";
      // LMDB calls a write that was cut short by a full volume an I/O error, too.
      case EIO -> isNearlyFull(dir) ? NO_SPACE : DISK_ERROR;
      case EROFS -> "the file system is read-only (EROFS); remount it writable";
      case EACCES -> "permission denied (EACCES); check the owner and mode of the directory";
      default -> error.getMessage();
    };
  }
}
