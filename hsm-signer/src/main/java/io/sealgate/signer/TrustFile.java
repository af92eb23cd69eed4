package io.sealgate.signer;

import io.sealgate.log.NoteException;
import io.sealgate.log.NoteVerifier;
import io.sealgate.log.Vkey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The verifier keys of a log, one line a shard: what an auditor needs to check it, and no secret.
 */
final class TrustFile {
  private TrustFile() {}

  /**
   * Refuses a key that is not the log's.
   *
   * @throws SignerException when the file names another key
   */
  static void check(Path file, Vkey key) throws SignerException, IOException {
    for (Vkey known : read(file)) {
      if (!known.publicKey().equals(key.publicKey())) {
        throw new SignerException(
            ExitCode.CONFIGURATION,
            "the log was signed with key "
                + known
                + " (see "
                + file
                + ") but the token holds "
                + key
                + "; put the right token back");
      }
    }
  }

  /** Adds a key unless it is there. */
  static void add(Path file, Vkey key) throws SignerException, IOException {
    if (read(file).contains(key)) {
      return;
    }
    String before = Files.exists(file) ? Files.readString(file) : "";
    write(file, before + key + "\n");
  }

  private static List<Vkey> read(Path file) throws SignerException, IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      return NoteVerifier.parse(Files.readString(file)).keys();
    } catch (NoteException e) {
      throw new SignerException(
          ExitCode.CONFIGURATION, file + " is damaged: " + e.getMessage() + "; restore it", e);
    }
  }

  /** Writes a small file so that a reader sees the old or the new one, whole. */
  static void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text, StandardCharsets.UTF_8);
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
